//! From a request of a known operation to its handler.

use super::{
    PathParameters, QueryParameters, Shared,
    envelope::{self, ApiError, Arrival},
};
use crate::{
    auth::{self, Actor},
    handlers::{self, Call, Handler, Input},
    webhooks,
};
use axum::{
    body::to_bytes,
    extract::{RawPathParams, Request},
    response::Response,
};
use http::{Method, StatusCode, request::Parts};
use serde_json::{Map, Value};

/// Handles one call, or says why not.
pub(super) async fn call(
    shared: &Shared,
    operation: &'static str,
    path: &RawPathParams,
    request: Request,
    arrival: Arrival,
) -> Response {
    let status = success_status(request.method());
    let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    match perform(shared, operation, PathParameters::new(path), request).await {
        Ok(fields) => envelope::success(status, fields, arrival),
        Err(error) => error.of_operation(operation).into_response(arrival),
    }
}

/// The API creates with `POST` and `PUT`, as far as statuses go.
fn success_status(method: &Method) -> StatusCode {
    match *method {
        Method::POST | Method::PUT => StatusCode::CREATED,
        _ => StatusCode::OK,
    }
}

async fn perform(
    shared: &Shared,
    operation: &'static str,
    path: PathParameters,
    request: Request,
) -> Result<Map<String, Value>, ApiError> {
    let (parts, body) = request.into_parts();
    let query = QueryParameters::parse(&parts.uri)?;
    let actor = authenticate(shared, &parts, &query)?;
    let Some(handler) = handlers::find(operation) else {
        return Err(ApiError::not_emulated(operation));
    };
    let body = to_bytes(body, shared.settings.body_limit)
        .await
        .map_err(|error| ApiError::input(format!("the body cannot be read: {error}")))?;
    let mut input = Input { path, query, body: decode(&body)? };
    if operation == "SendMessage"
        && let Some(rejection) = webhooks::before_message_send(shared, &actor, &mut input).await?
    {
        return Ok(rejection);
    }
    handle(shared, handler, &actor, &input)
}

/// Runs a handler with the state in hand, and passes on what happened while it is: so that events
/// go out in the order in which they came about.
fn handle(
    shared: &Shared,
    handler: Handler,
    actor: &Actor,
    input: &Input,
) -> Result<Map<String, Value>, ApiError> {
    let mut world = shared.world();
    world.events.clear();
    let now = world.tick();
    let answer = handler(&mut Call { world: &mut world, actor, input, now })?;
    let events = std::mem::take(&mut world.events);
    shared.webhooks.send(&world.app, events);
    Ok(answer.into())
}

fn authenticate(
    shared: &Shared,
    parts: &Parts,
    query: &QueryParameters,
) -> Result<Actor, ApiError> {
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let presented = auth::Presented {
        api_key: query.get("api_key"),
        token: header("authorization"),
        kind: header("stream-auth-type"),
    };
    auth::authenticate(presented, &shared.settings.keys, &shared.world())
}

fn decode(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| ApiError::input(format!("the body is not JSON: {error}")))?;
    if !value.is_object() {
        return Err(ApiError::input("the body is not a JSON object"));
    }
    Ok(value)
}
