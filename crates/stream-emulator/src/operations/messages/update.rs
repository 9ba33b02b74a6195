//! Changes messages.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::history;
use super::input::{MessageInput, check_length, pin_expires};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, MAX_CUSTOM, Outcome, check_custom, check_paths, decode};
use crate::state::{Message, Pin, UserInput, patch};

#[derive(Deserialize)]
pub(super) struct Update {
    message: MessageInput,
}

/// Handles `UpdateMessage`, which replaces the whole content. Whether a message is silent stays as it
/// was sent.
pub(super) fn update(call: &mut Call<'_>, Update { message: input }: Update) -> Outcome {
    let message = changeable(call)?.clone();
    let channel = call.channel_by_cid(&message.cid)?;
    let content = input.content(call, channel)?;
    let actor = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "message.user")?;
    let mut changed = Message { content, ..message.clone() };
    if let Some(is_pinned) = input.pinned {
        pin(&mut changed, is_pinned, &actor, call);
        let expires = pin_expires(call, input.pin_expires.as_ref())?;
        if let (Some(pin), Some(expires)) = (&mut changed.pin, expires) {
            pin.expires = Some(expires);
        }
    }
    store(call, &message, changed, &actor)
}

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
    "cid",
    "type",
    "user",
    "html",
    "created_at",
    "updated_at",
    "deleted_at",
    "parent_id",
    "reply_count",
    "latest_reactions",
    "own_reactions",
    "reaction_counts",
    "reaction_scores",
];

/// The fields of a message that are not custom data.
const OWN: &[&str] = &[
    "text",
    "mml",
    "attachments",
    "mentioned_users",
    "mentioned_channel",
    "mentioned_here",
    "mentioned_roles",
    "mentioned_group_ids",
    "quoted_message_id",
    "restricted_visibility",
    "silent",
    "pinned",
    "pin_expires",
    "show_in_channel",
];

/// Handles `UpdateMessagePartial`.
pub(super) fn update_partial(call: &mut Call<'_>, request: UpdatePartial) -> Outcome {
    let (message, changed, actor) = patched(call, request)?;
    store(call, &message, changed, &actor)
}

/// Handles `EphemeralMessageUpdate`: current watchers get the change, and nothing is stored.
pub(super) fn update_ephemeral(call: &mut Call<'_>, request: UpdatePartial) -> Outcome {
    let (message, mut changed, actor) = patched(call, request)?;
    changed.updated_at = call.now;
    let old_text = message.content.text;
    call.emit(|view| events::messages::updated(view, &changed, &actor, &old_text));
    Ok(Object::new().field("message", call.view().message(&changed)))
}

/// Returns a message before and after a partial update, and the updating user.
fn patched(
    call: &mut Call<'_>,
    request: UpdatePartial,
) -> Result<(Message, Message, String), ApiError> {
    let set = request.set.unwrap_or_default();
    let unset = request.unset.unwrap_or_default();
    check_paths(set.keys().chain(&unset).map(String::as_str), RESERVED)?;
    let message = changeable(call)?.clone();
    let clears_expiration = set.get("pin_expires") == Some(&Value::Null);
    let (own, custom): (Map<_, _>, Map<_, _>) =
        set.into_iter().partition(|(name, _)| OWN.contains(&name.as_str()));
    let input: MessageInput = decode(own.into())?;
    let actor = call.acting_user(request.user_id.as_deref(), request.user.as_ref(), "user")?;

    let mut changed = message.clone();
    set_own(call, &mut changed, input, &actor)?;
    if clears_expiration {
        unset_field(&mut changed, "pin_expires");
    }
    for (name, value) in custom {
        patch::set(&mut changed.content.custom, &name, value);
    }
    for name in unset.iter().filter(|name| *name != "silent") {
        unset_field(&mut changed, name);
    }
    check_custom("message", Some(&changed.content.custom), MAX_CUSTOM)?;
    Ok((message, changed, actor))
}

fn set_own(
    call: &Call<'_>,
    message: &mut Message,
    input: MessageInput,
    actor: &str,
) -> Result<(), ApiError> {
    if let Some(text) = &input.text {
        check_length(call, call.channel_by_cid(&message.cid)?, text)?;
    }
    if let Some(is_pinned) = input.pinned {
        pin(message, is_pinned, actor, call);
    }
    let expires = pin_expires(call, input.pin_expires.as_ref())?;
    if let (Some(pin), Some(expires)) = (&mut message.pin, expires) {
        pin.expires = Some(expires);
    }
    message.show_in_channel = input.show_in_channel.or(message.show_in_channel);

    // The result is checked like a whole message, with unchanged fields filled in.
    let current = message.content.clone();
    let whole = MessageInput {
        text: input.text.or(Some(current.text)),
        mml: input.mml.or(current.mml),
        attachments: input.attachments.or(Some(current.attachments)),
        poll_id: input.poll_id.or(current.poll_id),
        shared_location: input.shared_location.or(current.shared_location),
        mentioned_users: input.mentioned_users.or(Some(current.mentioned_users)),
        mentioned_channel: input.mentioned_channel.or(Some(current.mentioned_channel)),
        mentioned_here: input.mentioned_here.or(Some(current.mentioned_here)),
        mentioned_roles: input.mentioned_roles.or(Some(current.mentioned_roles)),
        mentioned_group_ids: input.mentioned_group_ids.or(Some(current.mentioned_group_ids)),
        quoted_message_id: input.quoted_message_id.or(current.quoted_message_id),
        restricted_visibility: input.restricted_visibility.or(Some(current.restricted_visibility)),
        custom: Some(current.custom),
        ..MessageInput::default()
    };
    message.content = whole.content(call, call.channel_by_cid(&message.cid)?)?;
    Ok(())
}

fn unset_field(message: &mut Message, name: &str) {
    let content = &mut message.content;
    match name {
        "text" => content.text.clear(),
        "mml" => content.mml = None,
        "attachments" => content.attachments.clear(),
        "mentioned_users" => content.mentioned_users.clear(),
        "mentioned_channel" => content.mentioned_channel = false,
        "mentioned_here" => content.mentioned_here = false,
        "mentioned_roles" => content.mentioned_roles.clear(),
        "mentioned_group_ids" => content.mentioned_group_ids.clear(),
        "quoted_message_id" => content.quoted_message_id = None,
        "restricted_visibility" => content.restricted_visibility.clear(),
        "pinned" => message.pin = None,
        "show_in_channel" => message.show_in_channel = None,
        "pin_expires" => {
            if let Some(pin) = &mut message.pin {
                pin.expires = None;
            }
        }
        name => patch::unset(&mut content.custom, name),
    }
}

fn pin(message: &mut Message, is_pinned: bool, actor: &str, call: &Call<'_>) {
    if !is_pinned {
        message.pin = None;
    } else if message.pin.is_none() {
        message.pin = Some(Pin { at: call.now, by: actor.to_owned(), expires: None });
    }
}

/// Returns the message in the path, if it may be changed.
fn changeable<'a>(call: &'a Call<'_>) -> Result<&'a Message, ApiError> {
    call.living_message(call.path("id"))
}

fn store(call: &mut Call<'_>, before: &Message, mut changed: Message, actor: &str) -> Outcome {
    let mut former = before.clone();
    history::keep(&mut former, false, actor);
    changed.history = former.history;
    changed.updated_at = call.now;
    if changed.content.text != before.content.text {
        changed.text_updated_at = Some(call.now);
    }
    call.message_mut(&changed.id)?.clone_from(&changed);
    let old_text = before.content.text.clone();
    call.emit(|view| events::messages::updated(view, &changed, actor, &old_text));
    Ok(Object::new().field("message", call.view().message(&changed)))
}
