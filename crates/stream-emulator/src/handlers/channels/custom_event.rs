//! Events of the app's own making.

use crate::{
    handlers::{Answer, Call},
    render::Object,
    server::ApiError,
    state::UserInput,
    webhooks::events,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

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
pub(in crate::handlers) fn send_event(call: &mut Call<'_>) -> Answer {
    let SendEvent { event } = call.input.body()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if event.kind.is_empty() || event.kind.len() > 255 || !event.kind.chars().all(is_word) {
        return Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            18,
            format!("{:?} is not a type of event", event.kind),
        ));
    }
    let channel = call.channel()?;
    let (cid, id, kind) = (channel.cid.clone(), channel.id.clone(), channel.kind.clone());
    let user_id = call.acting_user(event.user_id.as_deref(), event.user.as_ref(), "event.user")?;
    let custom = event.custom.unwrap_or_default();
    call.emit(|view, now| events::custom(view, now, &event.kind, &cid, &user_id, custom.clone()));
    let view = call.view();
    let sent = Object::new()
        .field("type", event.kind)
        .field("cid", cid)
        .field("channel_id", id)
        .field("channel_type", kind)
        .field("user_id", user_id.as_str())
        .field("user", view.user_by_id(&user_id))
        .field("custom", custom)
        .field("created_at", view.time(call.now));
    Ok(Object::new().field("event", sent))
}
