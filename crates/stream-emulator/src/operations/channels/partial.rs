//! Changes single fields of a channel.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::create::MEMBERS_SHOWN;
use super::update::{ChannelData, announce_freezing, check_cooldown, check_team};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, MAX_CUSTOM, Outcome, check_custom, check_paths, decode};
use crate::state::{Channel, Timestamp, UserInput, patch};
use crate::view::Page;

#[derive(Deserialize)]
pub(super) struct UpdatePartial {
    set: Option<Map<String, Value>>,
    unset: Option<Vec<String>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// The fields that only the server sets.
const RESERVED: &[&str] = &[
    "id",
    "type",
    "cid",
    "created_at",
    "created_by",
    "updated_at",
    "deleted_at",
    "last_message_at",
    "member_count",
    "members",
];

/// The fields of a channel that are not custom data.
const OWN: &[&str] = &[
    "team",
    "frozen",
    "disabled",
    "cooldown",
    "auto_translation_enabled",
    "auto_translation_language",
    "filter_tags",
    "config_overrides",
];

#[derive(Deserialize)]
struct OwnFields {
    cooldown: Option<u32>,
    filter_tags: Option<Vec<String>>,
    #[serde(flatten)]
    data: ChannelData,
}

/// Handles `UpdateChannelPartial`.
pub(super) fn update_partial(call: &mut Call<'_>, request: UpdatePartial) -> Outcome {
    let set = request.set.unwrap_or_default();
    let unset = request.unset.unwrap_or_default();
    check_paths(set.keys().chain(&unset).map(String::as_str), &[])?;
    let reserved = set.keys().chain(&unset).find(|name| RESERVED.contains(&name.as_str()));
    if let Some(name) = reserved {
        return Err(ApiError::not_allowed(format!("field `{name}` cannot be updated")));
    }
    let (own, custom): (Map<_, _>, Map<_, _>) =
        set.into_iter().partition(|(name, _)| OWN.contains(&name.as_str()));
    let own: OwnFields = decode(own.into())?;
    check_cooldown(own.cooldown)?;
    let channel = call.channel()?;
    check_team(call, channel, own.data.team.as_deref())?;
    let (cid, was_frozen) = (channel.cid.clone(), channel.frozen);
    let mut patched = channel.custom.clone();
    for (name, value) in custom {
        patch::set(&mut patched, &name, value);
    }
    for name in &unset {
        patch::unset(&mut patched, name);
    }
    check_custom("channel", Some(&patched), MAX_CUSTOM)?;
    let actor = call.named_user(request.user_id.as_deref(), request.user.as_ref(), "user")?;

    let now = call.now;
    let channel = call.channel_mut(&cid)?;
    set_own(channel, own, now);
    channel.custom = patched;
    for name in &unset {
        unset_field(channel, name, now);
    }
    channel.updated_at = now;
    call.emit(|view| {
        events::channels::with_message(view, "channel.updated", &cid, actor.as_deref(), None)
    });
    announce_freezing(call, &cid, was_frozen)?;

    let channel = call.channel()?;
    let view = call.view();
    Ok(Object::new()
        .field("channel", view.channel(channel))
        .field("members", view.members(channel, Page::first(MEMBERS_SHOWN))))
}

fn set_own(channel: &mut Channel, own: OwnFields, now: Timestamp) {
    let data = own.data;
    channel.team = data.team.or(channel.team.take());
    channel.frozen = data.frozen.unwrap_or(channel.frozen);
    channel.disabled = data.disabled.unwrap_or(channel.disabled);
    if let Some(cooldown) = own.cooldown {
        channel.set_cooldown(cooldown, now);
    }
    channel.auto_translation_enabled =
        data.auto_translation_enabled.or(channel.auto_translation_enabled);
    channel.auto_translation_language =
        data.auto_translation_language.or(channel.auto_translation_language.take());
    if let Some(tags) = own.filter_tags {
        channel.filter_tags = tags;
    }
    if let Some(overrides) = data.config_overrides {
        channel.config_overrides = overrides;
    }
}

fn unset_field(channel: &mut Channel, name: &str, now: Timestamp) {
    match name {
        "team" => channel.team = None,
        "frozen" => channel.frozen = false,
        "disabled" => channel.disabled = false,
        "cooldown" => channel.set_cooldown(0, now),
        "auto_translation_enabled" => channel.auto_translation_enabled = None,
        "auto_translation_language" => channel.auto_translation_language = None,
        "filter_tags" => channel.filter_tags.clear(),
        "config_overrides" => channel.config_overrides.clear(),
        // It is custom data.
        _ => {}
    }
}
