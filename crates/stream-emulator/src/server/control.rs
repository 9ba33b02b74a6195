//! The control API of the emulator below `/emulator/`, for tests in any language.

use std::time::Duration;

use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{Node, Object};
use crate::envelope::{self, Arrival};
use crate::error::ApiError;
use crate::redaction::Redaction;
use crate::runtime::{End, Fault, Shared};
use crate::state::{Timestamp, World};
use crate::wire::Form;

/// Serves a request to the control API, which requires no key and no token.
pub(super) async fn serve(
    shared: &Shared,
    parts: &Parts,
    body: &[u8],
    arrival: Arrival,
) -> Response {
    let path = parts.uri.path().strip_prefix("/emulator/").unwrap_or_default();
    let result = match (&parts.method, path) {
        (&Method::GET, "snapshot") => return snapshot(shared, arrival),
        (&Method::POST, "restore") => restore(shared, body),
        (&Method::POST, "reset") => {
            shared.reset();
            Ok(Object::new())
        }
        (&Method::GET, "clock") => Ok(clock(shared)),
        (&Method::POST, "clock") => move_clock(shared, body),
        (&Method::POST, "faults") => add_fault(shared, body),
        (&Method::DELETE, "faults") => {
            shared.faults.clear();
            Ok(Object::new())
        }
        (&Method::GET, "requests") => Ok(requests(shared)),
        (&Method::DELETE, "requests") => {
            shared.record.clear();
            Ok(Object::new())
        }
        (&Method::GET, "connections") => Ok(connections(shared)),
        (&Method::DELETE, "connections") => {
            shared.end_connections(End::GoingAway);
            Ok(Object::new())
        }
        (&Method::GET, "webhooks") => {
            shared.webhooks.idle().await;
            Ok(webhooks(shared))
        }
        (method, path) => {
            Err(ApiError::not_found(format!("there is no {method} /emulator/{path}")))
        }
    };
    if parts.method != Method::GET {
        shared.feed.notify();
    }
    match result {
        Ok(fields) => envelope::success(StatusCode::OK, fields, Form::V1, arrival),
        Err(error) => envelope::error(error, arrival),
    }
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| ApiError::input(error.to_string()))
}

fn snapshot(shared: &Shared, arrival: Arrival) -> Response {
    match serde_json::to_vec(&*shared.world()) {
        Ok(body) => envelope::json(StatusCode::OK, body),
        Err(error) => envelope::error(
            ApiError::new(crate::error::ErrorCode::Internal, error.to_string()),
            arrival,
        ),
    }
}

fn restore(shared: &Shared, body: &[u8]) -> Result<Object, ApiError> {
    // An empty body or list would decode to an empty state.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(ApiError::input("the body is not a snapshot: expected a JSON object"));
    }
    let world: World = decode(body)?;
    shared.replace(world);
    Ok(Object::new())
}

fn clock(shared: &Shared) -> Object {
    Object::new().field("now", shared.now())
}

#[derive(Deserialize)]
struct MoveClock {
    now: Option<Timestamp>,
    advance_ms: Option<u64>,
}

fn move_clock(shared: &Shared, body: &[u8]) -> Result<Object, ApiError> {
    let MoveClock { now, advance_ms } = decode(body)?;
    if now.is_none() && advance_ms.is_none() {
        return Err(ApiError::input("either now or advance_ms must be given"));
    }
    shared.move_clock(|clock| {
        if let Some(now) = now {
            clock.set(now);
        }
        if let Some(milliseconds) = advance_ms {
            clock.advance(Duration::from_millis(milliseconds));
        }
    });
    Ok(clock(shared))
}

#[derive(Deserialize)]
struct FaultInput {
    status: Option<u16>,
    code: Option<i32>,
    message: Option<String>,
    body: Option<String>,
    cut: Option<bool>,
    delay_ms: Option<u64>,
    operation: Option<String>,
    times: Option<u32>,
    headers: Option<std::collections::BTreeMap<String, String>>,
}

fn add_fault(shared: &Shared, body: &[u8]) -> Result<Object, ApiError> {
    let input: FaultInput = decode(body)?;
    let delay = Duration::from_millis(input.delay_ms.unwrap_or_default());
    let mut fault = match (input.cut, input.status, input.body) {
        (Some(true), ..) => Fault::cut(),
        (_, Some(status), Some(body)) => Fault::raw(status, body),
        (_, Some(status), None) => Fault::error(
            status,
            input.code.unwrap_or(-1),
            input.message.unwrap_or_else(|| "injected fault".to_owned()),
        ),
        (_, None, _) if !delay.is_zero() => Fault::delay(delay),
        _ => return Err(ApiError::input("either status, cut or delay_ms must be given")),
    };
    fault = fault.after(delay).times(input.times.unwrap_or(1));
    if let Some(operation) = input.operation {
        fault = fault.on(operation);
    }
    for (name, value) in input.headers.unwrap_or_default() {
        fault = fault.header(&name, &value);
    }
    shared.faults.add(fault);
    Ok(Object::new())
}

/// Returns the query without credentials.
fn shown_parameters(query: &str, redaction: Redaction<'_>) -> String {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let is_shown = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // The JSON of a connecting client contains its token.
        let (name, value) = (decode(name), decode(value));
        name != "json"
            && redaction.named(&name, &value) == value
            && redaction.text(&name) == name.as_str()
    };
    query.split('&').filter(is_shown).collect::<Vec<_>>().join("&")
}

/// Returns the headers without credentials.
fn shown_headers(headers: &HeaderMap, redaction: Redaction<'_>) -> Object {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .filter(|(name, value)| redaction.named(name, value) == *value)
        .collect()
}

fn requests(shared: &Shared) -> Object {
    let redaction = Redaction::new(&shared.settings.keys.api_secret);
    let requests = shared.record.all().into_iter().map(|request| {
        let mut body = request
            .json()
            .unwrap_or_else(|| Value::String(String::from_utf8_lossy(&request.body).into_owned()));
        redaction.json(&mut body);
        Object::new()
            .optional("operation", request.operation)
            .field("method", request.method.as_str())
            .field("path", &*redaction.text(&request.path))
            .optional("query", request.query.map(|query| shown_parameters(&query, redaction)))
            .field("headers", shown_headers(&request.headers, redaction))
            .field("body", body)
    });
    Object::new().field("requests", requests.collect::<Node>())
}

fn connections(shared: &Shared) -> Object {
    let connections = shared.live_connections().into_iter().map(|connection| {
        Object::new()
            .field("id", connection.id)
            .field("user_id", connection.user_id)
            .field("transport", connection.transport)
            .optional("client", connection.client)
            .field("connected_at", connection.connected_at)
            .field("last_heard", connection.last_heard)
            .field("watching", connection.watching)
            .field("presence", connection.presence)
            .field("events_sent", i64::try_from(connection.events_sent).unwrap_or(i64::MAX))
    });
    Object::new().field("connections", connections.collect::<Node>())
}

fn webhooks(shared: &Shared) -> Object {
    let deliveries = shared.webhooks.deliveries().into_iter().map(|delivery| {
        Object::new()
            .field("id", delivery.id)
            .field("event", delivery.event)
            .field("url", delivery.url)
            .field("attempts", delivery.attempts)
            .optional("status", delivery.status.map(i32::from))
            .optional("error", delivery.error)
    });
    Object::new().field("deliveries", deliveries.collect::<Node>())
}
