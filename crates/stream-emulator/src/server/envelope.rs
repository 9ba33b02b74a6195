//! The two forms of every answer: the result with its `duration`, and the error.

use axum::response::{IntoResponse, Json, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

const MORE_INFO: &str = "https://getstream.io/chat/docs/api_errors_response";

/// When a request arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival(Instant);

impl Arrival {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// How long ago that is.
    pub(super) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    fn duration(self) -> String {
        duration(self.elapsed())
    }
}

/// As Go writes a duration, in milliseconds.
fn duration(elapsed: Duration) -> String {
    format!("{:.2}ms", elapsed.as_secs_f64() * 1000.0)
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: i32,
    message: String,
    exception_fields: BTreeMap<String, String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: i32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), exception_fields: BTreeMap::new() }
    }

    /// The request itself is wrong.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 4, message)
    }

    /// One field of the request is wrong.
    pub(crate) fn field(name: &str, problem: impl fmt::Display) -> Self {
        let mut error = Self::input(format!("{name}: {problem}"));
        error.exception_fields.insert(name.to_owned(), problem.to_string());
        error
    }

    /// What the request is about does not exist.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, 16, message)
    }

    /// The one who asks may not.
    pub(crate) fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, 17, message)
    }

    /// The token is missing or of no use.
    pub(crate) fn unauthorized(code: i32, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// The operation exists in the API and not here.
    pub(crate) fn not_emulated(operation: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            -1,
            format!("{operation} is not emulated: this is the local emulator, not Stream"),
        )
    }

    /// With the operation's name before the text, as Stream words it.
    pub(crate) fn of_operation(mut self, operation: &str) -> Self {
        self.message = format!("{operation} failed with error: \"{}\"", self.message);
        self
    }

    pub(crate) fn into_response(self, arrival: Arrival) -> Response {
        let mut body = json!({
            "code": self.code,
            "message": self.message,
            "StatusCode": self.status.as_u16(),
            "duration": arrival.duration(),
            "more_info": MORE_INFO,
            "details": [],
        });
        if !self.exception_fields.is_empty()
            && let Some(body) = body.as_object_mut()
        {
            let fields = self
                .exception_fields
                .into_iter()
                .map(|(name, problem)| (name, problem.into()))
                .collect::<Map<_, _>>();
            body.insert("exception_fields".to_owned(), fields.into());
        }
        (self.status, Json(body)).into_response()
    }
}

/// A result, with the time that it took.
pub(crate) fn success(
    status: StatusCode,
    mut fields: Map<String, Value>,
    arrival: Arrival,
) -> Response {
    fields.insert("duration".to_owned(), arrival.duration().into());
    (status, Json(fields)).into_response()
}
