//! Converts HTTP requests to the input of operations.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::inputs::INPUTS;
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
    let id = found.route.operation.id;
    if found.route.dialect == Dialect::V1 {
        v1::read(id, &mut request, &mut input);
        return Ok((request, input.into()));
    }
    let input = input.into();
    check_types(id, &input)?;
    Ok((request, input))
}

/// Refuses values whose JSON type is not that of the schema, at any depth. SDKs of v1 are older
/// than the schema, and send some in other forms.
fn check_types(id: &str, input: &Value) -> Result<(), ApiError> {
    let found = INPUTS.binary_search_by_key(&id, |(id, _)| id).ok().and_then(|at| INPUTS.get(at));
    if let Some((_, kind)) = found {
        kind.check("", input)?;
    }
    Ok(())
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
