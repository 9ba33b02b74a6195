//! Converts HTTP requests to the input of operations.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::{Dialect, Match, v1};
use crate::auth::Keys;
use crate::error::ApiError;
use crate::json;
use crate::operations::{Origin, Request};
use crate::parameters::QueryParameters;

/// Reads a request, and its input in the shape of v2.
pub(crate) fn read(
    found: Match,
    query: QueryParameters,
    headers: &HeaderMap,
    content: Bytes,
    settings: (&str, &Arc<Keys>),
) -> Result<(Request, Value), ApiError> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let is_json =
        !content_type.as_deref().is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let input = if is_json { decode(&content)? } else { Map::new() };
    let mut request = Request {
        path: found.path,
        query,
        content_type,
        content,
        keys: Arc::clone(settings.1),
        base_url: settings.0.to_owned(),
        origin: Some(Origin::of(headers)),
    };
    // A query with `GET` has its input in a parameter.
    let mut input = match request.query.get("payload") {
        Some(payload) if input.is_empty() => payload_of(payload)?,
        _ => input,
    };
    if found.route.dialect == Dialect::V1 {
        v1::read(found.route.operation.id, &mut request, &mut input);
    }
    Ok((request, input.into()))
}

/// Decodes a body; an empty one or `null` becomes an empty object.
fn decode(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    match json::parse(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(ApiError::input("the body is not a JSON object")),
        Err(problem) => Err(ApiError::input(format!("the body {problem}"))),
    }
}

fn payload_of(text: &str) -> Result<Map<String, Value>, ApiError> {
    match json::parse(text.as_bytes()) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(ApiError::field("payload", "is not a JSON object")),
        Err(problem) => Err(ApiError::field("payload", problem)),
    }
}
