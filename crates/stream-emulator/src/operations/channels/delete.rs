//! Deletes channels.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, json};

use crate::auth::Caller;
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, check_count};

/// What remains of a channel that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operations) enum Removal {
    /// The channel alone, without its messages.
    Soft,
    /// The channel with its messages. They come back if it does.
    Untruncated,
    /// Nothing.
    Hard,
}

impl Removal {
    /// Returns the removal that the flags of a request describe.
    pub(in crate::operations) fn of_flags(is_hard: bool, skips_truncation: bool) -> Self {
        match (is_hard, skips_truncation) {
            (true, _) => Self::Hard,
            (false, true) => Self::Untruncated,
            (false, false) => Self::Soft,
        }
    }
}

/// Handles `DeleteChannel`.
pub(super) fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let flag = |name: &str| Ok::<_, ApiError>(call.request.query.flag(name)? == Some(true));
    let removal = Removal::of_flags(flag("hard_delete")?, flag("skip_truncate")?);
    let cid = call.channel()?.cid.clone();
    let channel = delete_one(call, &cid, removal);
    Ok(Object::new().optional("channel", channel))
}

/// Deletes a channel, and returns it as it was.
pub(in crate::operations) fn delete_one(
    call: &mut Call<'_>,
    cid: &str,
    removal: Removal,
) -> Option<Object> {
    let actor = match call.caller {
        Caller::Server => None,
        Caller::User(id) => Some(id.clone()),
    };
    let now = call.now;
    let channel = call.world.channels.get_mut(cid)?;
    channel.deleted_at = Some(now);
    channel.updated_at = now;
    let channel = channel.clone();
    let shown = call.view().deleted_channel(&channel);
    call.emit(|view| events::channels::channel(view, "channel.deleted", cid, actor.as_deref()));
    // Unless they are kept, a new channel with the same ID must not show the old messages.
    if removal == Removal::Hard {
        call.world.remove_messages_of(cid);
        call.world.channels.remove(cid);
    } else {
        call.world.seal_messages(cid, removal == Removal::Untruncated);
    }
    Some(shown)
}

#[derive(Deserialize)]
pub(super) struct DeleteMany {
    cids: Vec<String>,
    hard_delete: Option<bool>,
    skip_truncate: Option<bool>,
}

/// Handles `DeleteChannels`.
pub(super) fn delete_many(call: &mut Call<'_>, order: DeleteMany) -> Outcome {
    for channel in order.cids.iter().filter_map(|cid| call.world.living_channel(cid)) {
        call.require_in("delete-channel", channel, call.owns(channel))?;
    }
    if order.cids.is_empty() {
        return Err(ApiError::field("cids", "must name a channel"));
    }
    check_count("cids", order.cids.len(), 100)?;
    if let Some(cid) = order.cids.iter().find(|cid| !cid.contains(':')) {
        return Err(ApiError::field("cids", format!("{cid:?} is not type:id")));
    }
    let removal =
        Removal::of_flags(order.hard_delete == Some(true), order.skip_truncate == Some(true));
    let mut result = Map::new();
    for cid in order.cids {
        let entry = if call.world.living_channel(&cid).is_none() {
            json!({"status": "error", "error": "channel does not exist"})
        } else {
            delete_one(call, &cid, removal);
            json!({"status": "ok"})
        };
        result.insert(cid, entry);
    }
    let task_id = call.world.finish_task(result.clone(), call.now);
    Ok(Object::new().field("result", result).field("task_id", task_id))
}
