//! Live locations.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Call, Outcome, operations};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::state::{Timestamp, UserInput};

operations! {
    "GetUserLiveLocations" => list,
    "UpdateLiveLocation" => update,
}

/// Handles `GetUserLiveLocations`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let user_id = call.acting_user(call.request.query.get("user_id"), None, "user")?;
    let locations = call.view().live_locations_of(&user_id);
    Ok(Object::new().field("active_live_locations", locations))
}

#[derive(Deserialize)]
struct Update {
    message_id: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    end_at: Option<Timestamp>,
    // Clients of v1 also send it in the body.
    user_id: Option<String>,
    user: Option<UserInput>,
}

/// Handles `UpdateLiveLocation`.
fn update(call: &mut Call<'_>, input: Update) -> Outcome {
    let in_query = call.request.query.get("user_id").filter(|id| !id.is_empty());
    let user_id = in_query.or(input.user_id.as_deref());
    let user_id = call.acting_user(user_id, input.user.as_ref(), "user")?;
    let now = call.now;
    let message = call.living_message(&input.message_id)?;
    let is_live = |location: &crate::state::Location| location.is_live(now);
    if message.user_id != user_id || !message.content.shared_location.as_ref().is_some_and(is_live)
    {
        return Err(ApiError::input(format!(
            "message {} is not a live location of user {user_id}",
            input.message_id
        )));
    }
    let mut message = message.clone();
    if let Some(location) = &mut message.content.shared_location {
        location.latitude = input.latitude.unwrap_or(location.latitude);
        location.longitude = input.longitude.unwrap_or(location.longitude);
        location.end_at = input.end_at.or(location.end_at);
        if !location.is_valid() {
            return Err(ApiError::input("the latitude or the longitude is out of range"));
        }
    }
    message.updated_at = now;
    call.message_mut(&message.id.clone())?.clone_from(&message);
    call.emit(|view| events::messages::updated(view, &message, &user_id, &message.content.text));
    call.view().location(&message).ok_or_else(|| ApiError::input("the location is gone"))
}
