//! Flags, with which users report content.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Outcome;
use crate::auth::Caller;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, CursorQuery, check_limit, check_offset};
use crate::query::{Fields, Filter, Sort, SortKey, tables};
use crate::state::{Flag, Item, MESSAGE_ENTITY, Timestamp, USER_ENTITY, UserInput};
use crate::view::View;

/// The object of a flag or a check.
#[derive(Debug, Clone)]
pub(super) struct Entity {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) creator: Option<String>,
    /// The channel of the entity, if it is in one.
    pub(super) cid: Option<String>,
    pub(super) payload: Option<Value>,
}

impl Entity {
    /// Returns the entity, which must exist if its type is known to the API.
    pub(super) fn resolve(
        call: &Call<'_>,
        kind: &str,
        id: &str,
        creator: Option<&str>,
        payload: Option<Value>,
    ) -> Result<Self, ApiError> {
        for (name, value) in [("entity_id", id), ("entity_type", kind)] {
            if value.is_empty() {
                return Err(ApiError::field(name, format!("{name} is a required field")));
            }
        }
        let mut entity = Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            creator: creator.filter(|id| !id.is_empty()).map(str::to_owned),
            cid: None,
            payload: payload.filter(|payload| !payload.is_null()),
        };
        match kind {
            MESSAGE_ENTITY => {
                let message = call.message(id)?;
                entity.creator = Some(message.user_id.clone());
                entity.cid = Some(message.cid.clone());
            }
            USER_ENTITY => {
                if call.world.living_user(id).is_none() {
                    return Err(ApiError::not_found(format!("user {id} doesn't exist")));
                }
                entity.creator = Some(id.to_owned());
            }
            _ => {}
        }
        Ok(entity)
    }

    /// Returns the ID of its item in the review queue, and creates the item if it is missing.
    pub(super) fn item(&self, call: &mut Call<'_>) -> String {
        let now = call.now;
        let review = &mut call.world.moderation.review;
        if let Some(item) = review.item_of(&self.kind, &self.id) {
            let id = item.id.clone();
            if let Some(item) = review.items.get_mut(&id) {
                item.updated_at = now;
                if self.payload.is_some() {
                    item.payload.clone_from(&self.payload);
                }
            }
            return id;
        }
        let item = Item {
            id: uuid::Uuid::new_v4().to_string(),
            entity_type: self.kind.clone(),
            entity_id: self.id.clone(),
            creator: self.creator.clone(),
            cid: self.cid.clone(),
            config_key: None,
            payload: self.payload.clone(),
            recommended_action: "flag".to_owned(),
            status: "needs_review".to_owned(),
            severity: 0,
            latest_moderator_action: String::new(),
            reviewed_at: None,
            reviewed_by: String::new(),
            completed_at: None,
            escalation: None,
            created_at: now,
            updated_at: now,
        };
        let id = item.id.clone();
        review.items.insert(id.clone(), item);
        id
    }
}

#[derive(Deserialize)]
pub(super) struct Request {
    entity_type: Option<String>,
    entity_id: Option<String>,
    entity_creator_id: Option<String>,
    moderation_payload: Option<Value>,
    reason: Option<String>,
    custom: Option<Map<String, Value>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `flag`. Each entity has one item in the review queue, on which each user may have one flag.
pub(super) fn flag(call: &mut Call<'_>, input: Request) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let reason = input.reason.filter(|reason| !reason.is_empty());
    check_reason(call, reason.as_deref())?;
    let entity = Entity::resolve(
        call,
        input.entity_type.as_deref().unwrap_or_default(),
        input.entity_id.as_deref().unwrap_or_default(),
        input.entity_creator_id.as_deref(),
        input.moderation_payload,
    )?;
    check_permission(call, &entity)?;
    let review = &call.world.moderation.review;
    let item = review.item_of(&entity.kind, &entity.id);
    if item.is_some_and(|item| review.flags_on(&item.id).any(|flag| flag.user_id == user_id)) {
        return Err(ApiError::input(format!(
            "flag already exists: user {user_id} has flagged {}",
            entity.id
        )));
    }
    let item_id = entity.item(call);
    let flag = Flag {
        item_id: item_id.clone(),
        kind: "user_report".to_owned(),
        user_id,
        reason,
        labels: Vec::new(),
        custom: input.custom.unwrap_or_default(),
        created_at: call.now,
        updated_at: call.now,
    };
    raise(call, flag.clone());
    let view = call.view();
    let item = view.world.moderation.review.items.get(&item_id);
    let shown = item.map_or_else(Object::new, |item| view.flag(item, &flag));
    Ok(Object::new()
        .field("item_id", item_id.as_str())
        .only_v1("review_queue_item_id", item_id.as_str())
        .only_v1("flag", shown))
}

/// Stores a flag, and emits the event.
pub(super) fn raise(call: &mut Call<'_>, flag: Flag) {
    let review = &mut call.world.moderation.review;
    let is_first = review.flags_on(&flag.item_id).next().is_none();
    review.raise(flag.clone());
    let Some(item) = review.items.get(&flag.item_id).cloned() else {
        return;
    };
    let kind = if is_first { "review_queue_item.new" } else { "review_queue_item.updated" };
    call.emit(|view| events::moderation::flagged(view, &item, &flag));
    call.emit(|view| events::moderation::item(view, kind, &item, None));
}

/// Refuses a reason that the app does not allow.
fn check_reason(call: &Call<'_>, reason: Option<&str>) -> Result<(), ApiError> {
    if reason.is_some_and(|reason| reason.chars().count() > 255) {
        return Err(ApiError::field("reason", "is longer than 255 characters"));
    }
    let allowed = call.world.app.list("allowed_flag_reasons");
    match reason {
        Some(reason) if !allowed.is_empty() && !allowed.iter().any(|it| it == reason) => {
            Err(ApiError::field("reason", format!("\"{reason}\" is not an allowed flag reason")))
        }
        _ => Ok(()),
    }
}

fn check_permission(call: &Call<'_>, entity: &Entity) -> Result<(), ApiError> {
    let is_own = match call.caller {
        Caller::User(id) => entity.creator.as_ref() == Some(id),
        Caller::Server => true,
    };
    match (entity.kind.as_str(), &entity.cid) {
        (MESSAGE_ENTITY, Some(cid)) => {
            call.require_in("flag-message", call.channel_by_cid(cid)?, is_own)
        }
        (USER_ENTITY, _) => call.require_in_app("flag-user", false),
        _ => Ok(()),
    }
}

/// Handles `unflag` of v1: removes a flag.
pub(super) fn unflag(call: &mut Call<'_>, input: Request) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let entity = Entity::resolve(
        call,
        input.entity_type.as_deref().unwrap_or_default(),
        input.entity_id.as_deref().unwrap_or_default(),
        None,
        None,
    )?;
    let review = &call.world.moderation.review;
    let item = review.item_of(&entity.kind, &entity.id).cloned();
    let flag = item
        .as_ref()
        .and_then(|item| review.flags_on(&item.id).find(|flag| flag.user_id == user_id).cloned());
    let (Some(item), Some(flag)) = (item, flag) else {
        return Err(ApiError::input(format!("user {user_id} has not flagged {}", entity.id)));
    };
    let shown = call.view().flag(&item, &flag);
    call.world.moderation.review.take_back(&item.id, &user_id);
    Ok(Object::new().only_v1("flag", shown))
}

#[derive(Deserialize)]
pub(super) struct Count {
    entity_creator_id: String,
    entity_type: Option<String>,
}

/// Handles `get_flag_count`: counts the flags on the content of a user.
pub(super) fn count(call: &mut Call<'_>, input: Count) -> Outcome {
    let review = &call.world.moderation.review;
    let items = review.items.values().filter(|item| {
        item.creator.as_deref() == Some(&input.entity_creator_id)
            && input.entity_type.as_ref().is_none_or(|kind| item.entity_type == *kind)
    });
    let count: usize = items.map(|item| review.flags_on(&item.id).count()).sum();
    Ok(Object::new().field("count", count))
}

/// A flag with its item, as filters see it.
pub(super) struct Searched<'a> {
    view: View<'a>,
    pub(super) item: &'a Item,
    flag: &'a Flag,
}

pub(super) fn all(view: View<'_>) -> impl Iterator<Item = Searched<'_>> {
    let review = &view.world.moderation.review;
    review.flags.iter().filter_map(move |flag| {
        Some(Searched { view, item: review.items.get(&flag.item_id)?, flag })
    })
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { view, item, flag } = self;
        let channel = || view.world.channels.get(item.cid.as_deref()?);
        let time = |at: Timestamp| at.nanoseconds().into();
        Some(match name {
            "entity_id" | "message_id" => item.entity_id.as_str().into(),
            "entity_type" => item.entity_type.as_str().into(),
            "review_queue_item_id" => item.id.as_str().into(),
            "labels" | "harm_label" => flag.labels.clone().into(),
            "created_at" => time(flag.created_at),
            "updated_at" => time(flag.updated_at),
            "channel_cid" => item.cid.as_deref()?.into(),
            "team" => channel()?.team.as_deref()?.into(),
            // The filter means the author of the message.
            "user_id" => item.creator.as_deref()?.into(),
            "reporter_id" => flag.user_id.as_str().into(),
            "reporter_type" => match flag.user_id.as_str() {
                "" => "automod".into(),
                _ => "user".into(),
            },
            "reason" => flag.reason.as_deref()?.into(),
            "is_reviewed" => item.reviewed_at.is_some().into(),
            "action" => item.latest_moderator_action.as_str().into(),
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
pub(super) struct QueryOfMessages {
    filter_conditions: Option<Map<String, Value>>,
    sort: Option<Vec<SortKey>>,
    limit: Option<usize>,
    offset: Option<usize>,
    show_deleted_messages: Option<bool>,
}

/// Handles `QueryMessageFlags`.
pub(super) fn query_of_messages(call: &mut Call<'_>, query: QueryOfMessages) -> Outcome {
    call.require_in_app("read-flag-reports", false)?;
    let limit = check_limit(query.limit, 100, 300)?;
    let offset = check_offset(query.offset, 10_000)?;
    let conditions = query.filter_conditions.unwrap_or_default();
    let filter = Filter::parse(conditions, tables::QUERY_MESSAGE_FLAGS)?;
    let sort = Sort::parse(query.sort, None, &[("created_at", -1)])?;
    let shows_deleted = query.show_deleted_messages == Some(true);
    let view = call.view();
    let found = all(view)
        .filter(|found| match view.message_of(found.item) {
            Some(message) => shows_deleted || message.deleted_at.is_none(),
            None => false,
        })
        .filter(|found| filter.matches(found))
        .collect();
    let flags = sort.apply(found).into_iter().skip(offset).take(limit);
    let flags: Node = flags.map(|found| view.message_flag(found.item, found.flag)).collect();
    Ok(Object::new().field("flags", flags))
}

/// Handles `query_moderation_flags`.
pub(super) fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let view = call.view();
    let page = query.pick(tables::QUERY_MODERATION_FLAGS, all(view), |found| {
        format!("{}/{}", found.item.id, found.flag.created_at.nanoseconds())
    })?;
    Ok(page.document("flags", |found| view.moderation_flag(found.item, found.flag)))
}
