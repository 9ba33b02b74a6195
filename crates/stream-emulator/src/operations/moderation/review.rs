//! The review queue, its log, and appeals.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::flag::Entity;
use super::{Outcome, configs};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, CursorQuery};
use crate::query::{Fields, custom_field, tables};
use crate::state::{Action, Appeal, Item, UserInput};
use crate::view::View;

/// An item with its entity, as filters see it.
pub(super) struct Searched<'a> {
    view: View<'a>,
    item: &'a Item,
}

/// Returns all items of the review queue.
pub(super) fn all(view: View<'_>) -> impl Iterator<Item = Searched<'_>> {
    view.world.moderation.review.items.values().map(move |item| Searched { view, item })
}

impl Searched<'_> {
    fn appeal(&self) -> Option<&Appeal> {
        let appeals = self.view.world.moderation.review.appeals.values();
        appeals
            .filter(|appeal| appeal.item_id.as_ref() == Some(&self.item.id))
            .max_by_key(|appeal| appeal.created_at)
    }

    /// Returns whether the entity has a kind of content.
    fn has(&self, kind: &str) -> bool {
        let payload = self.item.payload.as_ref();
        let in_payload = payload
            .and_then(|payload| payload.get(kind)?.as_array())
            .is_some_and(|items| !items.is_empty());
        let message = self.view.message_of(self.item);
        in_payload
            || kind == "texts" && message.is_some_and(|message| !message.content.text.is_empty())
    }
}

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self { view, item } = self;
        let review = &view.world.moderation.review;
        let flags = || review.flags_on(&item.id);
        let creator = || item.creator.as_deref();
        let channel = || view.world.channels.get(item.cid.as_deref()?);
        let escalation = |name: &str| item.escalation.as_ref()?.2.get(name).cloned();
        Some(match name {
            "id" => item.id.as_str().into(),
            "entity_id" => item.entity_id.as_str().into(),
            "entity_type" => item.entity_type.as_str().into(),
            "entity_creator_id" | "flagged_user_id" => creator()?.into(),
            "entity_creator_name" => view.world.users.get(creator()?)?.name.as_deref()?.into(),
            "channel_cid" => item.cid.as_deref()?.into(),
            "channel_id" => channel()?.id.as_str().into(),
            "teams" => vec![channel()?.team.clone()?].into(),
            "config_key" => item.config_key.as_deref()?.into(),
            "status" => item.status.as_str().into(),
            "reviewed" => item.reviewed_at.is_some().into(),
            "reviewed_at" => item.reviewed_at?.nanoseconds().into(),
            "completed_at" => item.completed_at?.nanoseconds().into(),
            "created_at" => item.created_at.nanoseconds().into(),
            "updated_at" => item.updated_at.nanoseconds().into(),
            "severity" => item.severity.into(),
            "recommended_action" => item.recommended_action.as_str().into(),
            "latest_moderator_action" => item.latest_moderator_action.as_str().into(),
            "flags_count" => flags().count().into(),
            "type" => flags().map(|flag| flag.kind.as_str()).collect::<Vec<_>>().into(),
            "label" | "category" => {
                flags().flat_map(|flag| flag.labels.clone()).collect::<Vec<_>>().into()
            }
            "reporter_id" => flags().map(|flag| flag.user_id.as_str()).collect::<Vec<_>>().into(),
            "reporter_type" => {
                let kind = |is_check: bool| if is_check { "automod" } else { "user" };
                flags().map(|flag| kind(flag.user_id.is_empty())).collect::<Vec<_>>().into()
            }
            "user_report_reason" => {
                flags().filter_map(|flag| flag.reason.clone()).collect::<Vec<_>>().into()
            }
            "escalated" => item.escalation.is_some().into(),
            "escalated_by" => item.escalation.as_ref()?.0.as_str().into(),
            "escalated_at" => item.escalation.as_ref()?.1.nanoseconds().into(),
            "escalation_reason" => escalation("reason")?,
            "escalation_priority" => escalation("priority")?,
            "appeal" => self.appeal().is_some().into(),
            "appeal_id" => self.appeal()?.id.as_str().into(),
            "appeal_status" => self.appeal()?.status.as_str().into(),
            "has_text" => self.has("texts").into(),
            "has_image" => self.has("images").into(),
            "has_video" => self.has("videos").into(),
            "has_audio" => self.has("audios").into(),
            // The emulator does not have languages, bounces and archives.
            "language" => Value::Array(Vec::new()),
            "bounce_count" => 0.into(),
            "archived_at" | "ai_text_severity" | "date_range" | "queue_type" => return None,
            name => return custom_field(&flags().last()?.custom, name),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct Query {
    stats_only: Option<bool>,
    exclude_default_action_config: Option<bool>,
    #[serde(flatten)]
    query: CursorQuery,
}

/// Handles `query_review_queue`.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    let view = call.view();
    let all_items = || view.world.moderation.review.items.values();
    let count = |status: &str| all_items().filter(|item| item.status == status).count();
    let stats = Object::new()
        .field("total", all_items().count())
        .field("needs_review", count("needs_review"))
        .field("reviewed", count("reviewed"))
        .field("escalated", all_items().filter(|item| item.escalation.is_some()).count());
    let has_defaults = query.exclude_default_action_config != Some(true);
    let actions: Object = configs::actions(call, true, has_defaults).into_iter().collect();
    let page =
        query.query.pick(tables::QUERY_REVIEW_QUEUE, all(view), |found| found.item.id.clone())?;
    let response = match query.stats_only {
        Some(true) => Object::new().field("items", Node::empty_list()),
        _ => page.document("items", |found| view.review_item(found.item)),
    };
    Ok(response.field("action_config", actions).field("stats", stats))
}

/// Returns an item by ID.
pub(super) fn item<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Item, ApiError> {
    let items = &call.world.moderation.review.items;
    items.get(id).ok_or_else(|| ApiError::not_found(format!("review queue item {id} not found")))
}

/// Handles `get_review_queue_item`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let item = item(call, call.path("id"))?;
    Ok(Object::new().field("item", call.view().review_item(item)))
}

/// An entry of the log, as filters see it.
struct SearchedAction<'a>(&'a Action);

impl Fields for SearchedAction<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(action) = self;
        Some(match name {
            "id" => action.id.as_str().into(),
            "type" => action.kind.as_str().into(),
            "entity_id" => action.entity_id.as_str().into(),
            "resource_type" => action.entity_type.as_str().into(),
            "reason" => action.reason.as_str().into(),
            "reporter_id" => action.user_id.as_str().into(),
            "reporter_type" => action.reporter_type.as_str().into(),
            "review_queue_item_id" => action.item_id.as_deref()?.into(),
            "target_user_id" => action.target_user_id.as_str().into(),
            "created_at" => action.created_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

/// Handles `query_moderation_logs`.
pub(super) fn query_logs(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let view = call.view();
    let all = call.world.moderation.review.actions().iter().map(SearchedAction);
    let page = query.pick(tables::QUERY_MODERATION_LOGS, all, |found| found.0.id.clone())?;
    Ok(page.document("logs", |found| view.action(found.0)))
}

#[derive(Deserialize)]
pub(super) struct Entry {
    action_type: String,
    entity_type: String,
    entity_id: String,
    entity_creator_id: String,
    reason: Option<String>,
    reporter_type: Option<String>,
    reporter_user_id: Option<String>,
    custom: Option<Map<String, Value>>,
}

/// Handles `insert_action_log`.
pub(super) fn insert_log(call: &mut Call<'_>, input: Entry) -> Outcome {
    let required = [
        ("action_type", &input.action_type),
        ("entity_type", &input.entity_type),
        ("entity_id", &input.entity_id),
        ("entity_creator_id", &input.entity_creator_id),
    ];
    if let Some((name, _)) = required.iter().find(|(_, value)| value.is_empty()) {
        return Err(ApiError::field(name, format!("{name} is a required field")));
    }
    let review = &mut call.world.moderation.review;
    let item_id = review.item_of(&input.entity_type, &input.entity_id).map(|it| it.id.clone());
    review.log(Action {
        id: uuid::Uuid::new_v4().to_string(),
        kind: input.action_type,
        item_id,
        user_id: input.reporter_user_id.unwrap_or_default(),
        target_user_id: input.entity_creator_id,
        entity_type: input.entity_type,
        entity_id: input.entity_id,
        reason: input.reason.unwrap_or_default(),
        reporter_type: input.reporter_type.unwrap_or_else(|| "moderator".to_owned()),
        custom: input.custom.unwrap_or_default(),
        created_at: call.now,
    });
    Ok(Object::new())
}

#[derive(Deserialize)]
pub(super) struct NewAppeal {
    appeal_reason: String,
    entity_type: String,
    entity_id: String,
    attachments: Option<Vec<String>>,
    review_queue_item_id: Option<String>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `appeal`: a user asks for a review of a decision.
pub(super) fn appeal(call: &mut Call<'_>, input: NewAppeal) -> Outcome {
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    match input.appeal_reason.chars().count() {
        0 => return Err(ApiError::field("appeal_reason", "appeal_reason is a required field")),
        1..=500 => {}
        _ => return Err(ApiError::field("appeal_reason", "is longer than 500 characters")),
    }
    let attachments = input.attachments.unwrap_or_default();
    if attachments.len() > 10 {
        return Err(ApiError::field("attachments", "at most 10 are allowed"));
    }
    // An item of the queue can be appealed even if its content is deleted.
    let review = &call.world.moderation.review;
    let known = match input.review_queue_item_id.filter(|id| !id.is_empty()) {
        Some(id) => Some(item(call, &id)?.id.clone()),
        None => review.item_of(&input.entity_type, &input.entity_id).map(|item| item.id.clone()),
    };
    if known.is_none() {
        Entity::resolve(call, &input.entity_type, &input.entity_id, None, None)?;
    }
    let is_open = |appeal: &Appeal| {
        appeal.status == "submitted"
            && appeal.user_id == user_id
            && appeal.entity_type == input.entity_type
            && appeal.entity_id == input.entity_id
    };
    if review.appeals.values().any(is_open) {
        return Err(ApiError::input(format!(
            "user {user_id} has already appealed for {} {}",
            input.entity_type, input.entity_id
        )));
    }
    let appeal = Appeal {
        id: uuid::Uuid::new_v4().to_string(),
        user_id,
        entity_type: input.entity_type,
        entity_id: input.entity_id,
        item_id: known,
        reason: input.appeal_reason,
        attachments,
        status: "submitted".to_owned(),
        decision_reason: None,
        decided_by: None,
        created_at: call.now,
        updated_at: call.now,
    };
    let id = appeal.id.clone();
    call.world.moderation.review.appeals.insert(id.clone(), appeal.clone());
    call.emit(|view| events::moderation::appeal(view, "appeal.created", &appeal));
    Ok(Object::new().field("appeal_id", id))
}

/// Handles `get_appeal`.
pub(super) fn get_appeal(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = call.path("id");
    let appeal = find_appeal(call, id)?;
    Ok(Object::new().field("item", call.view().appeal(appeal)))
}

/// Returns an appeal by ID.
pub(super) fn find_appeal<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Appeal, ApiError> {
    let appeals = &call.world.moderation.review.appeals;
    appeals.get(id).ok_or_else(|| ApiError::not_found(format!("appeal {id} not found")))
}

/// An appeal, as filters see it.
struct SearchedAppeal<'a>(&'a Appeal);

impl Fields for SearchedAppeal<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(appeal) = self;
        Some(match name {
            "id" => appeal.id.as_str().into(),
            "user_id" => appeal.user_id.as_str().into(),
            "entity_type" => appeal.entity_type.as_str().into(),
            "entity_id" => appeal.entity_id.as_str().into(),
            "review_queue_item_id" => appeal.item_id.as_deref()?.into(),
            "appeal_reason" => appeal.reason.as_str().into(),
            "status" => appeal.status.as_str().into(),
            "decision_reason" => appeal.decision_reason.as_deref()?.into(),
            "decided_by" => appeal.decided_by.as_deref()?.into(),
            "created_at" => appeal.created_at.nanoseconds().into(),
            "updated_at" => appeal.updated_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

/// Handles `query_appeals`.
pub(super) fn query_appeals(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let view = call.view();
    let all = call.world.moderation.review.appeals.values();
    // Users see only their own appeals.
    let all = all.filter(|appeal| view.viewer.is_none_or(|viewer| appeal.user_id == viewer));
    let all = all.map(SearchedAppeal);
    let page = query.pick(tables::QUERY_APPEALS, all, |found| found.0.id.clone())?;
    Ok(page.document("items", |found| view.appeal(found.0)))
}
