//! The responses of the inspector, with headers that restrict their use.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::access::Refusal;
use crate::error::ApiError;
use crate::redaction::Redaction;
use crate::runtime::Shared;

/// The content security policy: the page may only load and run what the emulator serves. The page
/// never parses text as HTML.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Creates a response of the inspector.
pub(super) fn respond(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    protect(response.headers_mut());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn protect(headers: &mut HeaderMap) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Creates a JSON response without credentials.
pub(super) fn clean_json(shared: &Shared, mut value: Value) -> Response {
    Redaction::new(&shared.settings.keys.api_secret).json(&mut value);
    json_of(StatusCode::OK, &value)
}

/// Creates a JSON response unchanged, for a requested token.
pub(super) fn json_of(status: StatusCode, value: &Value) -> Response {
    respond(status, "application/json", Body::from(value.to_string()))
}

pub(super) fn failed(shared: &Shared, error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut value = json!({"message": error.message});
    Redaction::new(&shared.settings.keys.api_secret).json(&mut value);
    json_of(status, &value)
}

pub(super) fn refused(refusal: Refusal) -> Response {
    respond(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", Body::from(format!("{refusal}\n")))
}
