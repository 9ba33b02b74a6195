//! The envelopes of responses: a result with its `duration`, and an error.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use crate::document::Object;
use crate::error::ApiError;
use crate::wire::Form;

const MORE_INFO: &str = "https://getstream.io/chat/docs/api_errors_response";

/// The time at which a request arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival(Instant);

impl Arrival {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Returns the elapsed time.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Returns the elapsed time in milliseconds, as Go formats a duration.
    fn duration(self) -> String {
        format!("{:.2}ms", self.elapsed().as_secs_f64() * 1000.0)
    }
}

/// Returns the response for an error.
pub(crate) fn error(error: ApiError, arrival: Arrival) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(status, Form::V2.write(&error_object(error, arrival)))
}

/// Returns the API's form of an error.
pub(crate) fn error_object(error: ApiError, arrival: Arrival) -> Object {
    let ApiError { status, code, message, exception_fields } = error;
    let fields =
        (!exception_fields.is_empty()).then(|| exception_fields.into_iter().collect::<Object>());
    Object::new()
        .field("code", code)
        .field("message", message)
        .field("StatusCode", i32::from(status))
        .field("duration", arrival.duration())
        .field("more_info", MORE_INFO)
        .field("details", Vec::<i32>::new())
        .optional("exception_fields", fields)
}

/// Returns the response for a result, with the elapsed time.
pub(crate) fn success(
    status: StatusCode,
    mut fields: Object,
    form: Form,
    arrival: Arrival,
) -> Response {
    fields.set("duration", arrival.duration());
    json(status, form.write(&fields))
}

/// Returns a JSON response.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
