//! Pinned messages.

use serde::de::IgnoredAny;

use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::{Call, Outcome, check_limit, check_offset};
use crate::query::SortKey;
use crate::state::{Message, Timestamp};

/// Handles `GetPinnedMessages`, sorted by the time of pinning, newest first.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    call.include_queried_member_custom()?;
    let query = &call.request.query;
    let limit = check_limit(query.number("limit")?, 10, 300)?;
    let offset = check_offset(query.number("offset")?, 10_000)?;
    let sort: Vec<SortKey> = match query.get("sort").filter(|sort| !sort.is_empty()) {
        Some(sort) => serde_json::from_str(sort)
            .map_err(|error| ApiError::field("sort", format!("is not JSON: {error}")))?,
        None => Vec::new(),
    };
    let is_ascending = sort.first().map(SortKey::direction).transpose()? == Some(1);
    let time = |name: &str| -> Result<Option<Timestamp>, ApiError> {
        query
            .get(name)
            .map(|text| {
                Timestamp::parse_text(text).ok_or_else(|| {
                    ApiError::field(name, format!("expected date for field \"{name}\""))
                })
            })
            .transpose()
    };
    let now = call.now;
    let pinned_at = |id: &str| -> Result<Timestamp, ApiError> {
        let pin = call.message(id)?.pin_at(now);
        pin.map(|pin| pin.at).ok_or_else(|| ApiError::input(format!("message {id} is not pinned")))
    };
    let of = |name: &str| query.get(name).map(pinned_at).transpose();
    let after = of("id_gt")?.or(time("pinned_at_after")?);
    let from = of("id_gte")?.or(time("pinned_at_after_or_equal")?);
    let before = of("id_lt")?.or(time("pinned_at_before")?);
    let until = of("id_lte")?.or(time("pinned_at_before_or_equal")?);
    let around = of("id_around")?.or(time("pinned_at_around")?);
    let view = call.view();
    let channel = call.channel()?;
    let mut pinned: Vec<(Timestamp, &Message)> = channel
        .messages
        .iter()
        .filter_map(|id| view.world.messages.get(id))
        .filter(|message| message.deleted_at.is_none() && view.may_see(message))
        .filter_map(|message| Some((message.pin_at(now)?.at, message)))
        .filter(|(at, _)| {
            after.is_none_or(|after| *at > after)
                && from.is_none_or(|from| *at >= from)
                && before.is_none_or(|before| *at < before)
                && until.is_none_or(|until| *at <= until)
        })
        .collect();
    pinned.sort_by_key(|(at, _)| *at);
    if !is_ascending {
        pinned.reverse();
    }
    let start = match around {
        Some(around) => {
            let middle = pinned.iter().position(|(at, _)| *at == around).unwrap_or_default();
            middle.saturating_sub(limit / 2).min(pinned.len().saturating_sub(limit))
        }
        None => offset,
    };
    let messages: Node = pinned
        .into_iter()
        .skip(start)
        .take(limit)
        .map(|(_, message)| view.message(message))
        .collect();
    Ok(Object::new().field("messages", messages))
}
