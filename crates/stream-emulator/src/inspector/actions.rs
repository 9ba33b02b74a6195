//! Actions of the page that `/emulator/...` does not offer to tests.

use axum::response::Response;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::response;
use crate::auth;
use crate::error::ApiError;
use crate::runtime::Shared;

/// Performs an action.
pub(super) fn perform(
    shared: &Shared,
    method: &Method,
    name: &str,
    body: &[u8],
) -> Result<Response, ApiError> {
    match (method, name) {
        (&Method::POST, "login") => login(shared, decode(body)?),
        (&Method::POST, "deliver-again") => deliver_again(shared, decode(body)?),
        (&Method::DELETE, "requests") => {
            shared.feed.clear();
            Ok(response::clean_json(shared, json!({})))
        }
        (&Method::DELETE, "deliveries") => {
            shared.webhooks.clear_journal();
            Ok(response::clean_json(shared, json!({})))
        }
        (method, name) => {
            Err(ApiError::not_found(format!("the inspector has no action {method} {name}")))
        }
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| ApiError::input(error.to_string()))
}

#[derive(Deserialize)]
struct Login {
    user_id: String,
}

/// Issues a token, with which the page calls the API as a user.
fn login(shared: &Shared, Login { user_id }: Login) -> Result<Response, ApiError> {
    let world = shared.world();
    let Some(user) = world.living_user(&user_id) else {
        return Err(ApiError::not_found(format!("there is no user {user_id}")));
    };
    if user.deactivated_at.is_some() {
        return Err(ApiError::not_allowed(format!("the user {user_id} was deactivated")));
    }
    let keys = &shared.settings.keys;
    let token = auth::user_token(keys, &user_id, world.clock.now());
    let session = json!({"api_key": keys.api_key, "user_id": user_id, "token": token});
    Ok(response::json_of(StatusCode::OK, &session))
}

#[derive(Deserialize)]
struct DeliverAgain {
    id: String,
    /// Whether to use a new ID, so that a receiver that knows the old one handles the webhook
    /// again.
    #[serde(default)]
    as_new: bool,
}

fn deliver_again(shared: &Shared, input: DeliverAgain) -> Result<Response, ApiError> {
    let DeliverAgain { id, as_new } = input;
    let id = shared
        .webhooks
        .deliver_again(&id, as_new)
        .ok_or_else(|| ApiError::not_found(format!("the delivery {id} is not kept any more")))?;
    Ok(response::clean_json(shared, json!({"id": id})))
}
