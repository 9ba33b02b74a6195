//! Events of the app's own making.

use crate::{
    document::Object,
    error::{ApiError, ErrorCode},
    events,
    operations::{Answer, Call, operations},
    state::UserInput,
};
use serde::Deserialize;
use serde_json::{Map, Value};

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
    custom: Option<Map<String, Value>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// `SendEvent`
fn send_event(call: &mut Call<'_>, SendEvent { event }: SendEvent) -> Answer {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if event.kind.is_empty() || event.kind.len() > 255 || !event.kind.chars().all(is_word) {
        return Err(ApiError::new(
            ErrorCode::EventNotSupported,
            format!("{:?} is not a type of event", event.kind),
        ));
    }
    let channel = call.channel()?;
    let (cid, id, kind) = (channel.cid.clone(), channel.id.clone(), channel.kind.clone());
    let user_id = call.acting_user(event.user_id.as_deref(), event.user.as_ref(), "event.user")?;
    let custom = event.custom.unwrap_or_default();
    call.emit(|view| events::channels::custom(view, &event.kind, &cid, &user_id, &custom));
    let view = call.view();
    let sent = Object::new()
        .field("type", event.kind)
        .field("cid", cid)
        .field("channel_id", id)
        .field("channel_type", kind)
        .field("user_id", user_id.as_str())
        .field("user", view.user_by_id(&user_id))
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

/// `SendUserCustomEvent`
fn send_to_user(call: &mut Call<'_>, SendToUser { event }: SendToUser) -> Answer {
    call.server_only()?;
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
