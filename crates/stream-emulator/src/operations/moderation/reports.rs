//! Flag reports of v1: one for each flagged message.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Outcome;
use super::flag::{Searched, all};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, check_limit, check_offset};
use crate::query::{Filter, tables};
use crate::state::{Item, MESSAGE_ENTITY, Record, UserInput};
use crate::view::View;

/// The kind under which the state stores the results of reviews.
const REVIEWS: &str = "flag report review";

/// The fields of filters for reports.
const CONDITIONS: &[&str] = &["channel_cid", "is_reviewed", "message_id", "team", "user_id"];

#[derive(Deserialize)]
pub(super) struct Query {
    filter_conditions: Option<Map<String, Value>>,
    limit: Option<usize>,
    offset: Option<usize>,
    /// Filters may also be at the top level.
    #[serde(flatten)]
    beside: Map<String, Value>,
}

/// Handles `QueryFlagReports`.
pub(super) fn query(call: &mut Call<'_>, query: Query) -> Outcome {
    call.require_in_app("read-flag-reports", false)?;
    let limit = check_limit(query.limit, 100, 300)?;
    let offset = check_offset(query.offset, 10_000)?;
    let mut conditions = query.filter_conditions.unwrap_or_default();
    conditions
        .extend(query.beside.into_iter().filter(|(name, _)| CONDITIONS.contains(&name.as_str())));
    let filter = Filter::parse(conditions, tables::QUERY_MESSAGE_FLAGS)?;
    let view = call.view();
    let mut items: Vec<&Item> = Vec::new();
    for Searched { item, .. } in all(view).filter(|found| filter.matches(found)) {
        let is_new = item.entity_type == MESSAGE_ENTITY && items.iter().all(|it| it.id != item.id);
        if is_new {
            items.push(item);
        }
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.created_at));
    let reports: Node =
        items.into_iter().skip(offset).take(limit).map(|item| report(view, item)).collect();
    Ok(Object::new().field("flag_reports", reports))
}

fn report(view: View<'_>, item: &Item) -> Object {
    let review = view.world.records.get(REVIEWS, &item.id);
    let of_review = |name: &str| review.and_then(|review| review.fields.get(name)).cloned();
    let reviewer = Some(item.reviewed_by.as_str()).filter(|id| !id.is_empty());
    let author = item.creator.as_deref();
    Object::new()
        .field("id", item.id.as_str())
        .optional("message", view.message_of(item).map(|message| view.message(message)))
        .optional("user", author.map(|id| view.user_by_id(id)))
        .field("flags_count", view.world.moderation.review.flags_on(&item.id).count())
        .optional("review_result", of_review("review_result"))
        .optional("review_details", of_review("review_details"))
        .optional("reviewed_at", item.reviewed_at)
        .optional("reviewed_by", reviewer.map(|id| view.user_by_id(id)))
        .field("created_at", item.created_at)
        .field("updated_at", item.updated_at)
}

#[derive(Deserialize)]
pub(super) struct Review {
    review_result: String,
    review_details: Option<Map<String, Value>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `ReviewFlagReport`.
pub(super) fn review(call: &mut Call<'_>, input: Review) -> Outcome {
    call.require_in_app("update-flag-report", false)?;
    if input.review_result.is_empty() {
        return Err(ApiError::field("review_result", "review_result is a required field"));
    }
    let id = call.path("id");
    if !call.world.moderation.review.items.contains_key(id) {
        return Err(ApiError::not_found(format!("flag report {id} not found")));
    }
    let by = call.named_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let fields = Map::from_iter([
        ("review_result".to_owned(), input.review_result.into()),
        ("review_details".to_owned(), input.review_details.unwrap_or_default().into()),
    ]);
    let now = call.now;
    let record = Record { key: id.to_owned(), fields, created_at: now, updated_at: now };
    call.world.records.insert(REVIEWS, record);
    mark_reviewed(call, id, by.as_deref());
    let view = call.view();
    let item = view.world.moderation.review.items.get(id);
    Ok(Object::new().optional("flag_report", item.map(|item| report(view, item))))
}

fn mark_reviewed(call: &mut Call<'_>, id: &str, by: Option<&str>) {
    let now = call.now;
    let Some(item) = call.world.moderation.review.items.get_mut(id) else {
        return;
    };
    item.reviewed_at = Some(now);
    by.unwrap_or_default().clone_into(&mut item.reviewed_by);
    "reviewed".clone_into(&mut item.status);
    item.updated_at = now;
    let item = item.clone();
    call.emit(|view| events::moderation::flag_updated(view, &item));
}

#[derive(Deserialize)]
pub(super) struct Update {
    message_ids: Vec<String>,
    reviewed_by: Option<String>,
}

/// Handles `UpdateFlags`: marks the flags of messages as reviewed.
pub(super) fn update(call: &mut Call<'_>, input: Update) -> Outcome {
    call.require_in_app("update-flag-report", false)?;
    let review = &call.world.moderation.review;
    let items = input.message_ids.iter().map(|id| {
        review
            .item_of(MESSAGE_ENTITY, id)
            .map(|item| item.id.clone())
            .ok_or_else(|| ApiError::not_found(format!("message {id} has no flag")))
    });
    for id in items.collect::<Result<Vec<_>, _>>()? {
        mark_reviewed(call, &id, input.reviewed_by.as_deref());
    }
    Ok(Object::new())
}

#[derive(Deserialize)]
pub(super) struct Unblock {
    target_message_id: String,
}

/// Handles `UnblockMessage`: shows a message that a check has hidden.
pub(super) fn unblock(call: &mut Call<'_>, input: Unblock) -> Outcome {
    let id = input.target_message_id;
    let cid = call.living_message(&id)?.cid.clone();
    call.require_in("unblock-message", call.channel_by_cid(&cid)?, false)?;
    let now = call.now;
    let message = call.message_mut(&id)?;
    message.shadowed = false;
    message.updated_at = now;
    let message = message.clone();
    call.emit(|view| events::messages::unblocked(view, &message));
    Ok(Object::new())
}
