//! The routes below `/emulator/inspector/`.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Query;
use axum::response::Response;
use http::Method;
use http::request::Parts;
use serde_json::Value;

use super::{PREFIX, actions, page, response, stream, views};
use crate::error::ApiError;
use crate::parameters::QueryParameters;
use crate::runtime::Shared;

/// The maximum size of a request's body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Serves a request to the inspector.
pub(super) async fn serve(shared: &Arc<Shared>, parts: &Parts, body: Body) -> Response {
    let path = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    if parts.method == Method::GET {
        if path == "stream" {
            return stream::open(shared);
        }
        if let Some(asset) = path.strip_prefix("assets/").and_then(page::asset) {
            return asset;
        }
    }
    let answered = match path.strip_prefix("api/") {
        Some(name) if parts.method == Method::GET => view(shared, parts, name),
        Some(name) => match to_bytes(body, MAX_BODY).await {
            Ok(body) => actions::perform(shared, &parts.method, name, &body),
            Err(_) => Err(ApiError::input("the body is too large, or did not arrive")),
        },
        None => Err(ApiError::not_found(format!("there is no {}", parts.uri.path()))),
    };
    answered.unwrap_or_else(|error| response::failed(shared, &error))
}

fn view(shared: &Shared, parts: &Parts, name: &str) -> Result<Response, ApiError> {
    let Query(pairs) = Query::try_from_uri(&parts.uri)
        .map_err(|error| ApiError::input(format!("the query cannot be read: {error}")))?;
    let query = QueryParameters::new(pairs);
    let value: Value = match name {
        "overview" => views::overview::overview(shared),
        "users" => views::users::list(shared, &query)?,
        "user" => views::users::one(shared, &query)?,
        "channels" => views::channels::list(shared, &query)?,
        "channel" => views::channels::one(shared, &query)?,
        "members" => views::channels::members(shared, &query)?,
        "messages" => views::messages::list(shared, &query)?,
        "message" => views::messages::one(shared, &query)?,
        "connections" => views::connections::list(shared, &query)?,
        "events" => views::connections::events(shared, &query)?,
        "event" => views::connections::event(shared, &query)?,
        "tasks" => views::tasks::list(shared, &query)?,
        "app" => views::app::app(shared),
        "requests" => views::exchanges::list(shared, &query)?,
        "request" => views::exchanges::one(shared, &query)?,
        "deliveries" => views::deliveries::list(shared, &query)?,
        "delivery" => views::deliveries::one(shared, &query)?,
        "faults" => views::app::faults(shared),
        "search" => views::search::everything(shared, &query)?,
        _ => return Err(ApiError::not_found(format!("the inspector has no view {name}"))),
    };
    Ok(response::clean_json(shared, value))
}
