//! Finding users.

use crate::{
    handlers::{
        Answer, Call,
        call::decode,
        references::{check_limit, check_offset},
    },
    query::{self, Filter, SortKey},
    render::Object,
    state::User,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Query {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    include_deactivated_users: Option<bool>,
}

/// `QueryUsers`
pub(in crate::handlers) fn query(call: &mut Call<'_>) -> Answer {
    let query: Query = decode(call.input.query.json("payload")?)?;
    let limit = check_limit(query.limit, 30, 100)?;
    let offset = check_offset(query.offset, 1000)?;
    let filter = Filter::parse(query.filter_conditions.unwrap_or_default())?;
    let view = call.view();
    let documents = call
        .world
        .users
        .values()
        .filter(|user| user.deleted_at.is_none())
        .filter(|user| {
            user.deactivated_at.is_none() || query.include_deactivated_users == Some(true)
        })
        .map(|user| (document(user), user))
        .filter(|(document, _)| filter.matches(document))
        .collect();
    let sorted = query::sort(documents, query.sort.as_deref(), "created_at", -1);
    let users: Value =
        sorted.into_iter().skip(offset).take(limit).map(|user| view.full_user(user)).collect();
    Ok(Object::new().field("users", users))
}

/// A user as filters see it: custom data stands beside the fields.
fn document(user: &User) -> Map<String, Value> {
    let mut document = user.custom.clone();
    let own = json!({
        "id": user.id,
        "name": user.name,
        "username": user.name,
        "role": user.role,
        "language": user.language,
        "teams": user.teams,
        "banned": false,
        "shadow_banned": false,
        "created_at": user.created_at.nanoseconds(),
        "updated_at": user.updated_at.nanoseconds(),
    });
    if let Value::Object(own) = own {
        document.extend(own);
    }
    document
}
