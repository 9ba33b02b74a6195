//! Queries users.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_limit, check_offset};
use crate::query::{Fields, Filter, IdBounds, Sort, SortKey, custom_field, tables};
use crate::state::User;
use crate::view::View;

#[derive(Deserialize)]
pub(super) struct Query {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    include_deactivated_users: Option<bool>,
    #[serde(flatten)]
    ids: IdBounds,
    presence: Option<bool>,
}

/// Handles `QueryUsers`.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    let limit = check_limit(query.limit, 30, 100)?;
    let offset = check_offset(query.offset, 1000)?;
    let filter = Filter::parse(query.filter_conditions.unwrap_or_default(), tables::QUERY_USERS)?;
    let sort = Sort::parse(query.sort, None, &[("created_at", -1)])?;
    check_teams(call, &filter)?;
    let subscription = call.subscription(None, query.presence)?;
    let shows_deactivated = query.include_deactivated_users == Some(true);
    let view = call.view();
    let found = call
        .world
        .users
        .values()
        .filter(|user| user.deleted_at.is_none())
        .filter(|user| user.deactivated_at.is_none() || shows_deactivated)
        .filter(|user| query.ids.contain(&user.id))
        .map(|user| Searched(view, user))
        .filter(|user| filter.matches(user))
        .collect();
    let users = sort.apply(found).into_iter().skip(offset).take(limit);
    let (ids, users): (Vec<String>, Vec<Object>) =
        users.map(|Searched(_, user)| (user.id.clone(), view.full_user(user))).unzip();
    let users = Node::from(users);
    for id in ids {
        call.follow(&subscription, &id);
    }
    Ok(Object::new().field("users", users))
}

/// Refuses, in an app with several tenants, a search by a user beyond their own teams.
fn check_teams(call: &Call<'_>, filter: &Filter) -> Result<(), ApiError> {
    let Caller::User(id) = call.caller else {
        return Ok(());
    };
    if !call.world.app.flag("multi_tenant_enabled") {
        return Ok(());
    }
    let Some(teams) = filter.required_items("teams") else {
        let text = "you must include a team filter to use this endpoint client-side";
        return Err(ApiError::not_allowed(text));
    };
    let own = call.world.users.get(id).map(|user| user.teams.as_slice()).unwrap_or_default();
    match teams.into_iter().find(|team| !own.iter().any(|own| own == team)) {
        Some(team) => {
            Err(ApiError::not_allowed(format!("search by team \"{team}\" is not allowed")))
        }
        None => Ok(()),
    }
}

/// A user, as filters see it.
struct Searched<'a>(View<'a>, &'a User);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(view, user) = self;
        let ban = || view.world.moderation.bans.in_app(&user.id, view.now);
        let value: Value = match name {
            "id" => user.id.as_str().into(),
            "name" | "username" => user.name.as_deref()?.into(),
            "role" => user.role.as_str().into(),
            "language" => user.language.as_str().into(),
            "teams" => user.teams.clone().into(),
            "banned" => ban().is_some_and(|ban| !ban.shadow).into(),
            "shadow_banned" => ban().is_some_and(|ban| ban.shadow).into(),
            "bypass_moderation" => user.bypass_moderation.into(),
            "last_active" => user.last_active?.nanoseconds().into(),
            "created_at" => user.created_at.nanoseconds().into(),
            "updated_at" => user.updated_at.nanoseconds().into(),
            name => return custom_field(&user.custom, name),
        };
        Some(value)
    }
}
