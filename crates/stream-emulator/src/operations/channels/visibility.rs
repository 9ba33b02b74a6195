//! Hides and mutes channels for a user.

use serde::Deserialize;

use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, Outcome, check_count};
use crate::state::{ChannelMute, Hiding, UserInput};
use crate::view::View;

/// The maximum number of channels in one request to mute.
const MAX_MUTED: usize = 25;

#[derive(Deserialize)]
pub(super) struct Hide {
    clear_history: Option<bool>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `HideChannel`.
pub(super) fn hide(call: &mut Call<'_>, input: Hide) -> Outcome {
    let cid = call.channel()?.cid.clone();
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    set_hidden(call, &cid, &user_id, true, input.clear_history == Some(true))?;
    Ok(Object::new())
}

#[derive(Deserialize)]
pub(super) struct Show {
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `ShowChannel`.
pub(super) fn show(call: &mut Call<'_>, input: Show) -> Outcome {
    let cid = call.channel()?.cid.clone();
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    set_hidden(call, &cid, &user_id, false, false)?;
    Ok(Object::new())
}

/// Hides a channel for a member, or shows it again. A cleared history stays cleared.
pub(super) fn set_hidden(
    call: &mut Call<'_>,
    cid: &str,
    user_id: &str,
    is_hidden: bool,
    clears_history: bool,
) -> Result<(), ApiError> {
    let now = call.now;
    let channel = call.channel_mut(cid)?;
    if channel.member(user_id).is_none() {
        return Err(ApiError::input(format!("user {user_id} is not a member of channel {cid}")));
    }
    let before = channel.hidden.get(user_id).and_then(|hiding| hiding.cleared_before);
    let cleared_before = if clears_history { Some(now) } else { before };
    channel.hidden.insert(user_id.to_owned(), Hiding { is_hidden, cleared_before });
    call.emit(|view| match is_hidden {
        true => events::channels::hidden(view, cid, user_id, clears_history),
        false => events::channels::visible(view, cid, user_id),
    });
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct Mute {
    channel_cids: Option<Vec<String>>,
    /// In milliseconds.
    expiration: Option<i64>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

impl Mute {
    /// Returns the muting user and the cids of the channels.
    fn resolve(&self, call: &mut Call<'_>) -> Result<(String, Vec<String>), ApiError> {
        let user_id = call.acting_user(self.user_id.as_deref(), self.user.as_ref(), "user")?;
        let cids = self.channel_cids.clone().unwrap_or_default();
        check_count("channel_cids", cids.len(), MAX_MUTED)?;
        if cids.is_empty() {
            return Err(ApiError::field("channel_cids", "must name a channel"));
        }
        let missing: Vec<&str> = cids
            .iter()
            .map(String::as_str)
            .filter(|cid| call.world.living_channel(cid).is_none())
            .collect();
        if !missing.is_empty() {
            return Err(ApiError::field(
                "channel_cids",
                format!("some channels do not exist or were deleted: ({})", missing.join(" ")),
            ));
        }
        for cid in &cids {
            let channel = call.channel_by_cid(cid)?;
            call.require_in("mute-channel", channel, call.owns(channel))?;
        }
        Ok((user_id, cids))
    }
}

/// Handles `MuteChannel`.
pub(super) fn mute(call: &mut Call<'_>, input: Mute) -> Outcome {
    let (user_id, cids) = input.resolve(call)?;
    let now = call.now;
    let expires =
        input.expiration.map(|after| now.plus_nanoseconds(after.saturating_mul(1_000_000)));
    for cid in &cids {
        let channel = call.channel_mut(cid)?;
        let created_at = channel.mute_of(&user_id, now).map_or(now, |mute| mute.created_at);
        let mute = ChannelMute { created_at, updated_at: now, expires };
        channel.mutes.insert(user_id.clone(), mute);
        call.emit(|view| events::channels::muted(view, cid, &user_id));
    }
    call.emit(|view| events::channels::mutes_updated(view, &user_id));
    let view = call.view();
    let mutes: Vec<Object> = cids
        .iter()
        .filter_map(|cid| {
            let channel = view.world.channels.get(cid)?;
            Some(view.channel_mute(channel, &user_id, channel.mute_of(&user_id, call.now)?))
        })
        .collect();
    let own_user = own_user(view, &user_id);
    // A single mute is an object, and several are a list.
    let response = match <[Object; 1]>::try_from(mutes) {
        Ok([mute]) => Object::new().field("channel_mute", mute),
        Err(mutes) => Object::new().field("channel_mutes", Node::from(mutes)),
    };
    Ok(response.optional("own_user", own_user))
}

/// Handles `UnmuteChannel`.
pub(super) fn unmute(call: &mut Call<'_>, input: Mute) -> Outcome {
    let (user_id, cids) = input.resolve(call)?;
    for cid in &cids {
        if call.channel_mut(cid)?.mutes.remove(&user_id).is_some() {
            call.emit(|view| events::channels::unmuted(view, cid, &user_id));
        }
    }
    call.emit(|view| events::channels::mutes_updated(view, &user_id));
    Ok(Object::new())
}

fn own_user(view: View<'_>, user_id: &str) -> Option<Object> {
    view.world.users.get(user_id).map(|user| view.of(user_id).own_user(user))
}
