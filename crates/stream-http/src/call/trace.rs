//! The `tracing` spans and events of calls, without secrets.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{StatusCode, Uri};
use tracing::field::Empty;
use tracing::{Level, Span, debug, enabled, error, event, info, info_span, warn};

use super::state::CallState;
use crate::error::Error;
use crate::policy::GiveUp;
use crate::redact::{self, REDACTED};
use crate::request::BaseUrl;
use crate::response::RawResponse;
use stream_models::tolerant::DecodeFailure;

pub(crate) fn initialized(base_url: &BaseUrl) {
    info!(name: "client.initialized", { server.address = base_url.host() }, "client.initialized");
}

/// Returns the span of a call. Its fields follow OpenTelemetry's conventions for HTTP clients;
/// collectors show the ID of the operation as its name. Spans are often exported, so the URL has no
/// query, which may contain personal data.
pub(super) fn span(call: &CallState) -> Span {
    let operation = &call.operation;
    let implied = if call.uri.scheme() == Some(&Scheme::HTTP) { 80 } else { 443 };
    info_span!(
        "stream.call",
        otel.name = operation.id,
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = operation.method.as_str(),
        url.full = %Redacted { uri: &call.uri, hides_query: true },
        url.template = operation.path,
        server.address = call.uri.host().unwrap_or_default(),
        server.port = call.uri.port_u16().unwrap_or(implied),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        "error.type" = Empty,
        stream.request_id = call.request_id.as_str(),
    )
}

pub(super) fn finish(span: &Span, call: &CallState, result: &Result<RawResponse, Error>) {
    if span.is_disabled() {
        return;
    }
    let status = match result {
        Ok(response) => Some(response.status()),
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    let repeated = call.attempts().saturating_sub(1);
    if repeated > 0 {
        span.record("http.request.resend_count", repeated);
    }
    if let Err(error) = result {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error.kind().as_str());
    }
}

/// Returns whether a subscriber listens to the events of attempts.
pub(super) fn is_observed() -> bool {
    enabled!(Level::DEBUG)
}

pub(super) fn sent(call: &CallState, attempt: u32, log_bodies: bool) {
    if !is_observed() {
        return;
    }
    let body = call.body.as_bytes().filter(|body| log_bodies && !body.is_empty());
    debug!(
        name: "http.request.sent",
        {
            http.request.method = call.operation.method.as_str(),
            url.full = %Redacted { uri: &call.uri, hides_query: call.is_foreign },
            operation = call.operation.id,
            request_id = call.request_id.as_str(),
            attempt,
            body = body.map(|body| display(redact::body(body, &[])))
        },
        "http.request.sent"
    );
}

/// Reports a response. `shown` contains the body if it is to be logged, and a function that returns
/// the secrets to redact in it.
pub(super) fn received(
    call: &CallState,
    attempt: u32,
    status: StatusCode,
    body: &Result<Bytes, Error>,
    took: Option<Duration>,
    shown: Option<(&Bytes, impl FnOnce() -> Vec<String>)>,
) {
    if !is_observed() {
        return;
    }
    debug!(
        name: "http.response.received",
        {
            http.response.status_code = status.as_u16(),
            http.response.body.size = body.as_ref().ok().map(Bytes::len),
            duration_ms = took.map(millis),
            operation = call.operation.id,
            request_id = call.request_id.as_str(),
            attempt,
            body = shown.map(|(body, secrets)| display(redact::body(body, &secrets())))
        },
        "http.response.received"
    );
}

/// Reports an error that ends the call.
pub(super) fn failed(error: &Error, call: &CallState, reason: Option<GiveUp>) {
    error!(
        name: "http.request.failed",
        {
            "error.type" = error.kind().as_str(),
            error = %error,
            http.response.status_code = error.status().map(|status| status.as_u16()),
            operation = call.operation.id,
            request_id = call.request_id.as_str(),
            attempt = call.attempts(),
            retry = reason.map(GiveUp::as_str)
        },
        "http.request.failed"
    );
}

/// Reports an error that is followed by another attempt.
pub(super) fn retried(error: &Error, call: &CallState, wait: Duration) {
    debug!(
        name: "http.request.failed",
        {
            "error.type" = error.kind().as_str(),
            error = %error,
            http.response.status_code = error.status().map(|status| status.as_u16()),
            operation = call.operation.id,
            request_id = call.request_id.as_str(),
            attempt = call.attempts(),
            retry = "yes",
            wait_ms = millis(wait)
        },
        "http.request.failed"
    );
}

/// Warns about a response in which values were skipped.
#[cold]
pub(super) fn skipped(response: &RawResponse) {
    let (operation, request_id) = (response.operation().id, response.request_id());
    let places: Vec<String> = response.skipped().iter().map(DecodeFailure::to_string).collect();
    warn!(
        name: "http.response.skipped",
        { operation, request_id, places = places.join(", ") },
        "http.response.skipped"
    );
}

pub(super) fn held_back(call: &CallState, wait: Duration) {
    event!(
        name: "http.request.held_back",
        Level::DEBUG,
        {
            operation = call.operation.id,
            request_id = call.request_id.as_str(),
            wait_ms = millis(wait)
        },
        "http.request.held_back"
    );
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A URL with a redacted query: its secrets or, as of a URL outside of the API, which may be signed
/// in any way, the whole query.
struct Redacted<'a> {
    uri: &'a Uri,
    hides_query: bool,
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let scheme = self.uri.scheme_str().unwrap_or("https");
        write!(f, "{scheme}://{authority}{}", self.uri.path())?;
        match self.uri.query() {
            Some(_) if self.hides_query => write!(f, "?{REDACTED}"),
            Some(query) => write!(f, "?{}", redact::query(query)),
            None => Ok(()),
        }
    }
}
