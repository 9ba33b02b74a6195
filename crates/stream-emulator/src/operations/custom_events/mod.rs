//! Custom events, which an app defines itself.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::document::Object;
use crate::error::{ApiError, ErrorCode};
use crate::events::{self, is_built_in};
use crate::operations::{Call, Outcome, operations};
use crate::state::{Channel, UserInput};

operations! {
    "SendEvent" => send_event,
    "SendUserCustomEvent" => send_to_user,
}

#[derive(Deserialize)]
struct SendEvent {
    event: EventInput,
}

#[derive(Deserialize)]
struct EventInput {
    #[serde(rename = "type")]
    kind: String,
    parent_id: Option<String>,
    custom: Option<Map<String, Value>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// The events that a channel has only if its configuration enables them, with the setting.
const FEATURES: &[(&str, &str)] = &[
    ("message.read", "read_events"),
    ("typing.start", "typing_events"),
    ("typing.stop", "typing_events"),
];

/// Refuses events that the channel's configuration disables.
fn check_feature(call: &Call<'_>, channel: &Channel, kind: &str) -> Result<(), ApiError> {
    if let Some((_, feature)) = FEATURES.iter().find(|(other, _)| *other == kind) {
        return match call.world.is_on(channel, feature) {
            true => Ok(()),
            false => Err(ApiError::new(
                ErrorCode::EventNotSupported,
                format!("channel type {} does not support {kind} events", channel.kind),
            )),
        };
    }
    match is_built_in(kind) || call.world.is_on(channel, "custom_events") {
        true => Ok(()),
        false => Err(ApiError::new(
            ErrorCode::FeatureNotSupported,
            format!("Channel type {} does not support custom events", channel.kind),
        )),
    }
}

/// Handles `SendEvent`.
fn send_event(call: &mut Call<'_>, SendEvent { event }: SendEvent) -> Outcome {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if event.kind.is_empty() || event.kind.len() > 255 || !event.kind.chars().all(is_word) {
        return Err(ApiError::new(
            ErrorCode::EventNotSupported,
            format!("{:?} is not a type of event", event.kind),
        ));
    }
    let channel = call.channel()?;
    check_feature(call, channel, &event.kind)?;
    let (cid, id, kind) = (channel.cid.clone(), channel.id.clone(), channel.kind.clone());
    let user_id = call.acting_user(event.user_id.as_deref(), event.user.as_ref(), "event.user")?;
    let custom = event.custom.unwrap_or_default();
    let parent_id = event.parent_id.filter(|id| !id.is_empty());
    call.emit(|view| {
        events::channels::custom(view, &event.kind, &cid, &user_id, &custom)
            .maybe("parent_id", parent_id.as_deref())
    });
    let view = call.view();
    let sent = Object::new()
        .field("type", event.kind)
        .field("cid", cid)
        .field("channel_id", id)
        .field("channel_type", kind)
        .field("user_id", user_id.as_str())
        .field("user", view.user_by_id(&user_id))
        .optional("parent_id", parent_id)
        .custom(&custom)
        .field("created_at", call.now);
    Ok(Object::new().field("event", sent))
}

#[derive(Deserialize)]
struct SendToUser {
    event: UserEventInput,
}

#[derive(Deserialize)]
struct UserEventInput {
    #[serde(rename = "type")]
    kind: String,
    custom: Option<Map<String, Value>>,
}

/// Handles `SendUserCustomEvent`.
fn send_to_user(call: &mut Call<'_>, SendToUser { event }: SendToUser) -> Outcome {
    let id = call.path("user_id");
    if call.world.living_user(id).is_none() {
        return Err(ApiError::not_found(format!("user {id} doesn't exist")));
    }
    if event.kind.is_empty() || event.kind.len() > 255 || event.kind.contains('.') {
        return Err(ApiError::field("event.type", "must not be empty or contain a dot"));
    }
    let custom = event.custom.unwrap_or_default();
    call.emit(|view| events::users::custom(view, &event.kind, id, &custom));
    Ok(Object::new())
}
