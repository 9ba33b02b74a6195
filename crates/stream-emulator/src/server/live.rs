//! Requests that open live connections.

use std::sync::Arc;

use axum::extract::Query;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};

use super::dispatch;
use crate::envelope::{self, Arrival};
use crate::error::{ApiError, ErrorCode};
use crate::feed::Observation;
use crate::live;
use crate::parameters::QueryParameters;
use crate::runtime::{Exchange, Fault, ReceivedRequest, Shared};
use crate::state::Transport;

/// The paths for live connections.
const PATHS: &[(&str, Transport)] = &[
    ("/connect", Transport::WebSocket),
    ("/api/v2/connect", Transport::WebSocketV2),
    ("/longpoll", Transport::LongPoll),
    ("/api/v2/longpoll", Transport::LongPoll),
];

/// Returns the transport of a path, if it is one for live connections.
pub(super) fn transport(path: &str) -> Option<Transport> {
    let found = PATHS.iter().find(|(other, _)| *other == path);
    found.map(|(_, transport)| *transport)
}

/// Serves a request for a live connection. It is recorded, and faults and rate limits apply.
pub(super) async fn serve(
    shared: &Arc<Shared>,
    transport: Transport,
    parts: Parts,
    arrival: Arrival,
) -> Response {
    let operation = match transport {
        Transport::WebSocket | Transport::WebSocketV2 => "Connect",
        Transport::LongPoll => "LongPoll",
    };
    let allowance = shared.rate_limit.count(operation, shared.now());
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let (uri, headers) = (parts.uri.clone(), parts.headers.clone());
    shared.record.add(ReceivedRequest {
        operation: Some(operation),
        method: method.clone(),
        path: path.clone(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers.clone(),
        body: Bytes::new(),
    });
    let fault = shared.faults.take(Some(operation));
    // Clients get an error as a response to long-polling, and in the first frame of a WebSocket.
    let error = fault.as_ref().and_then(Fault::api_error);
    let response = match fault {
        Some(fault) => fault.apply(arrival).await,
        None => None,
    };
    let is_socket = transport != Transport::LongPoll;
    let mut response = match response {
        Some(response) if !is_socket || error.is_none() => response,
        _ => {
            let error = error.or(allowance.check().err());
            respond(shared, transport, parts, error, arrival).await
        }
    };
    allowance.mark(&mut response);
    if shared.feed.is_on() {
        let observation = Observation {
            operation: Some(operation),
            method: method.clone(),
            uri,
            headers,
            body: Bytes::new(),
        };
        response = shared.feed.exchange(observation, response, arrival.elapsed()).await;
    }
    if let Some(observer) = &shared.settings.observer {
        observer.see(&Exchange {
            operation: Some(operation),
            method,
            path,
            status: response.status(),
            duration: arrival.elapsed(),
        });
    }
    response
}

async fn respond(
    shared: &Arc<Shared>,
    transport: Transport,
    parts: Parts,
    error: Option<ApiError>,
    arrival: Arrival,
) -> Response {
    if parts.method != Method::GET {
        let text = format!("there is no {} {}, only GET", parts.method, parts.uri.path());
        return envelope::error(ApiError::new(ErrorCode::MethodNotAllowed, text), arrival);
    }
    let (query, error) = match Query::try_from_uri(&parts.uri) {
        Ok(Query(pairs)) => (QueryParameters::new(pairs), error),
        Err(problem) => {
            let unread = ApiError::input(format!("the query cannot be read: {problem}"));
            (QueryParameters::default(), error.or(Some(unread)))
        }
    };
    match (transport, error) {
        (Transport::LongPoll, Some(error)) => envelope::error(error, arrival),
        (Transport::LongPoll, None) => {
            let caller = || dispatch::authenticate(shared, &parts, &query);
            match live::long_poll(shared, &parts, &query, caller).await {
                Ok(body) => envelope::json(StatusCode::OK, body),
                Err(error) => envelope::error(error.of_operation("LongPoll"), arrival),
            }
        }
        (_, error) => live::connect(shared, transport, parts, &query, error, arrival).await,
    }
}
