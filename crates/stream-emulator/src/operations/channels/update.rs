//! Changes a channel.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::create::MEMBERS_SHOWN;
use crate::auth::Caller;
use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events;
use crate::operations::members::{self, Admission, MemberInput, check_ids, check_members};
use crate::operations::messages::{self, MessageInput};
use crate::operations::{Call, MAX_CUSTOM, Outcome, check_count, check_custom};
use crate::state::{Channel, Invitation, MEMBER_ROLE, MODERATOR_ROLE, Timestamp, UserInput};
use crate::view::Page;

#[derive(Deserialize)]
pub(super) struct Update {
    data: Option<ChannelData>,
    add_members: Option<Vec<MemberInput>>,
    remove_members: Option<Vec<String>>,
    add_moderators: Option<Vec<String>>,
    demote_moderators: Option<Vec<String>>,
    assign_roles: Option<Vec<MemberInput>>,
    invites: Option<Vec<MemberInput>>,
    accept_invite: Option<bool>,
    reject_invite: Option<bool>,
    add_filter_tags: Option<Vec<String>>,
    remove_filter_tags: Option<Vec<String>>,
    hide_history: Option<bool>,
    hide_history_before: Option<Timestamp>,
    cooldown: Option<u32>,
    message: Option<MessageInput>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ChannelData {
    pub(super) custom: Option<Map<String, Value>>,
    pub(super) team: Option<String>,
    pub(super) frozen: Option<bool>,
    pub(super) disabled: Option<bool>,
    pub(super) auto_translation_enabled: Option<bool>,
    pub(super) auto_translation_language: Option<String>,
    pub(super) config_overrides: Option<Map<String, Value>>,
}

/// Handles `UpdateChannel`.
pub(super) fn update(call: &mut Call<'_>, request: Update) -> Outcome {
    let channel = call.channel()?;
    let cid = channel.cid.clone();
    check(call, channel, &request)?;
    let actor = call.named_user(request.user_id.as_deref(), request.user.as_ref(), "user")?;
    let message = match &request.message {
        Some(message) => Some(messages::prepare(call, &cid, message, "system")?),
        None => None,
    };
    answer_invitation(call, &cid, &request, actor.as_deref())?;

    let was_frozen = call.channel()?.frozen;
    let is_changed = change_channel(call, &cid, &request)?;
    let members = |list: &Option<Vec<MemberInput>>| list.as_ref().is_some_and(|it| !it.is_empty());
    let moves_members = members(&request.add_members)
        || members(&request.invites)
        || request.remove_members.as_ref().is_some_and(|ids| !ids.is_empty());
    change_members(call, &cid, request)?;
    if is_changed || moves_members || message.is_some() {
        call.emit(|view| {
            events::channels::with_message(
                view,
                "channel.updated",
                &cid,
                actor.as_deref(),
                message.as_ref(),
            )
        });
    }
    announce_freezing(call, &cid, was_frozen)?;
    let message = message.map(|message| messages::publish(call, message));

    let channel = call.channel()?;
    let view = call.view();
    Ok(Object::new()
        .field("channel", view.channel(channel))
        .field("members", view.members(channel, Page::first(MEMBERS_SHOWN)))
        .optional("message", message))
}

fn check(call: &Call<'_>, channel: &Channel, request: &Update) -> Result<(), ApiError> {
    let members = |field, list: &Option<Vec<MemberInput>>| {
        check_members(call.world, field, list.as_deref().unwrap_or_default())
    };
    let ids = |field, list: &Option<Vec<String>>| {
        check_ids(call.world, field, list.as_deref().unwrap_or_default())
    };
    members("add_members", &request.add_members)?;
    members("invites", &request.invites)?;
    members("assign_roles", &request.assign_roles)?;
    ids("add_moderators", &request.add_moderators)?;
    ids("demote_moderators", &request.demote_moderators)?;
    // A member whose user no longer exists can be removed.
    let removed = request.remove_members.as_deref().unwrap_or_default();
    check_count("remove_members", removed.len(), 100)?;
    let added = request.add_members.as_deref().unwrap_or_default();
    if let Some(both) = added.iter().find(|member| removed.iter().any(|id| id == member.user_id()))
    {
        return Err(ApiError::field(
            "remove_members",
            format!("{} cannot be added and removed at once", both.user_id()),
        ));
    }
    if let Some(data) = &request.data {
        check_custom("channel", data.custom.as_ref(), MAX_CUSTOM)?;
        check_team(call, channel, data.team.as_deref())?;
    }
    check_cooldown(request.cooldown)?;
    let joining = request.add_members.as_deref().unwrap_or_default();
    for assigned in request.assign_roles.as_deref().unwrap_or_default() {
        let id = assigned.user_id();
        let is_joining = joining.iter().any(|member| member.user_id() == id);
        if channel.member(id).is_none() && !is_joining {
            return Err(ApiError::field(
                "assign_roles",
                format!("{id} is not a member of {}", channel.cid),
            ));
        }
        if assigned.channel_role.is_none() {
            return Err(ApiError::field("assign_roles", "takes a channel_role"));
        }
    }
    Ok(())
}

/// The maximum cooldown of slow mode, in seconds.
const MAX_COOLDOWN: u32 = 120;

pub(super) fn check_cooldown(seconds: Option<u32>) -> Result<(), ApiError> {
    match seconds {
        Some(seconds) if seconds > MAX_COOLDOWN => {
            Err(ApiError::field("cooldown", format!("at most {MAX_COOLDOWN} seconds")))
        }
        _ => Ok(()),
    }
}

/// Refuses a change of the team by a user.
pub(super) fn check_team(
    call: &Call<'_>,
    channel: &Channel,
    team: Option<&str>,
) -> Result<(), ApiError> {
    let is_changed = team.is_some_and(|team| channel.team.as_deref().unwrap_or_default() != team);
    match call.caller {
        Caller::User(_) if is_changed => Err(ApiError::new(
            ErrorCode::Authentication,
            "changing channel team is not allowed client-side",
        )),
        _ => Ok(()),
    }
}

/// Changes the channel's own fields. `data` replaces all custom data.
fn change_channel(call: &mut Call<'_>, cid: &str, request: &Update) -> Result<bool, ApiError> {
    let now = call.now;
    let channel = call.channel_mut(cid)?;
    let mut is_changed = false;
    if let Some(data) = &request.data {
        is_changed = true;
        channel.custom.clear();
        change_data(channel, data);
    }
    if let Some(cooldown) = request.cooldown {
        is_changed = true;
        channel.set_cooldown(cooldown, now);
    }
    if let Some(tags) = &request.add_filter_tags {
        is_changed = true;
        let new = tags.iter().filter(|tag| !channel.filter_tags.contains(tag));
        let new: Vec<String> = new.cloned().collect();
        channel.filter_tags.extend(new);
    }
    if let Some(tags) = &request.remove_filter_tags {
        is_changed = true;
        channel.filter_tags.retain(|tag| !tags.contains(tag));
    }
    if is_changed {
        channel.updated_at = now;
    }
    Ok(is_changed)
}

/// Applies the fields of a request to a channel.
pub(super) fn change_data(channel: &mut Channel, data: &ChannelData) {
    if let Some(custom) = &data.custom {
        channel.custom.clone_from(custom);
    }
    if data.team.is_some() {
        channel.team.clone_from(&data.team);
    }
    channel.frozen = data.frozen.unwrap_or(channel.frozen);
    channel.disabled = data.disabled.unwrap_or(channel.disabled);
    if data.auto_translation_enabled.is_some() {
        channel.auto_translation_enabled = data.auto_translation_enabled;
    }
    if data.auto_translation_language.is_some() {
        channel.auto_translation_language.clone_from(&data.auto_translation_language);
    }
    if let Some(overrides) = &data.config_overrides {
        channel.config_overrides.clone_from(overrides);
    }
}

fn change_members(call: &mut Call<'_>, cid: &str, request: Update) -> Result<(), ApiError> {
    let added = request.add_members.unwrap_or_default();
    let history_hidden_before = match (request.hide_history_before, request.hide_history) {
        (Some(before), _) => Some(before),
        (None, Some(true)) => Some(call.now),
        _ => None,
    };
    let admission = Admission { history_hidden_before, ..Admission::default() };
    members::add(call, cid, &added, admission)?;
    let invited = request.invites.unwrap_or_default();
    members::add(call, cid, &invited, Admission::INVITED)?;
    for id in request.add_moderators.unwrap_or_default() {
        let role = MemberInput::moderator(&id);
        if call.channel()?.member(&id).is_none() {
            members::add(call, cid, &[role], Admission::default())?;
        } else {
            members::set_role(call, cid, &id, MODERATOR_ROLE)?;
        }
    }
    for id in request.demote_moderators.unwrap_or_default() {
        members::set_role(call, cid, &id, MEMBER_ROLE)?;
    }
    for assigned in request.assign_roles.unwrap_or_default() {
        let role = assigned.channel_role.as_deref().unwrap_or(MEMBER_ROLE);
        members::set_role(call, cid, assigned.user_id(), role)?;
    }
    members::remove(call, cid, &request.remove_members.unwrap_or_default())
}

fn answer_invitation(
    call: &mut Call<'_>,
    cid: &str,
    request: &Update,
    user_id: Option<&str>,
) -> Result<(), ApiError> {
    let invitation = if request.accept_invite == Some(true) {
        Invitation::Accepted(call.now)
    } else if request.reject_invite == Some(true) {
        Invitation::Rejected(call.now)
    } else {
        return Ok(());
    };
    let invited = user_id.filter(|id| {
        call.world
            .living_channel(cid)
            .and_then(|channel| channel.member(id))
            .is_some_and(|member| member.invitation.is_some())
    });
    let Some(user_id) = invited else {
        return Err(ApiError::field("user_id", "must name a user who was invited"));
    };
    members::change(call, cid, user_id, |member| {
        member.invitation = Some(invitation);
    })
}

pub(super) fn announce_freezing(
    call: &mut Call<'_>,
    cid: &str,
    was_frozen: bool,
) -> Result<(), ApiError> {
    let kind = match (was_frozen, call.channel_by_cid(cid)?.frozen) {
        (false, true) => "channel.frozen",
        (true, false) => "channel.unfrozen",
        _ => return Ok(()),
    };
    call.emit(|view| events::channels::frozen(view, kind, cid));
    Ok(())
}
