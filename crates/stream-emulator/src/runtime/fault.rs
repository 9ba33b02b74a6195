//! Faults, with which tests provoke errors.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body::Frame;

use crate::document::Object;
use crate::envelope::{self, Arrival};
use crate::error::ApiError;
use crate::lock::lock;

/// A fault: what the emulator does with a request instead of handling it.
///
/// ```
/// use std::time::Duration;
/// use stream_emulator::Fault;
///
/// // Two refusals with Stream's error; the third attempt succeeds.
/// let busy = Fault::error(429, 9, "Too many requests").header("retry-after", "1").times(2);
/// // The response of a proxy without a server behind it.
/// let gateway = Fault::raw(502, "<html>Bad Gateway</html>").on("SendMessage");
/// // A response that arrives too late.
/// let slow = Fault::delay(Duration::from_secs(60));
/// # let _ = (busy, gateway, slow);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Fault {
    effect: Effect,
    headers: HeaderMap,
    operation: Option<String>,
    times: u32,
    delay: Duration,
}

#[derive(Debug, Clone)]
enum Effect {
    Error(ApiError),
    Raw(StatusCode, Bytes),
    Cut,
    /// The request is handled normally.
    Handled,
}

impl Fault {
    /// Creates a fault that responds with an error in Stream's envelope. A status that is not valid
    /// for a response becomes 500.
    pub fn error(status: u16, code: i32, message: impl Into<String>) -> Self {
        Self::new(Effect::Error(ApiError::with_numbers(to_status(status).as_u16(), code, message)))
    }

    /// Creates a fault that responds with any body, JSON or not. A status that is not valid for a
    /// response becomes 500.
    pub fn raw(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(Effect::Raw(to_status(status), body.into()))
    }

    /// Creates a fault that cuts the response and the connection in the middle of the body.
    pub fn cut() -> Self {
        Self::new(Effect::Cut)
    }

    /// Creates a fault that only delays the normal response.
    pub fn delay(delay: Duration) -> Self {
        let mut fault = Self::new(Effect::Handled);
        fault.delay = delay;
        fault
    }

    fn new(effect: Effect) -> Self {
        Self { effect, headers: HeaderMap::new(), operation: None, times: 1, delay: Duration::ZERO }
    }

    /// Sets a header, which replaces one that the emulator would send. A header that is not valid
    /// is ignored, and so is `transfer-encoding`. A `content-length` that differs from that of the
    /// body is sent: the rest of a longer body is cut off, and the connection closes after a shorter
    /// one.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            let is_sent = match name {
                header::TRANSFER_ENCODING => false,
                header::CONTENT_LENGTH => content_length(&value).is_some(),
                _ => true,
            };
            if is_sent {
                self.headers.append(name, value);
            }
        }
        self
    }

    /// Applies the fault only to requests of one operation, such as `SendMessage`.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Applies the fault to this many requests; defaults to one.
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// Delays the response.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Returns a description of the fault for the inspector.
    fn describe(&self) -> Object {
        let (kind, status, code, message) = match &self.effect {
            Effect::Error(error) => {
                ("error", Some(error.status), Some(error.code), Some(error.message.clone()))
            }
            Effect::Raw(status, body) => {
                let body = String::from_utf8_lossy(body).chars().take(MAX_SHOWN).collect();
                ("raw", Some(status.as_u16()), None, Some(body))
            }
            Effect::Cut => ("cut", None, None, None),
            Effect::Handled => ("delay", None, None, None),
        };
        let delay = i64::try_from(self.delay.as_millis()).unwrap_or(i64::MAX);
        Object::new()
            .field("kind", kind)
            .optional("status", status.map(i32::from))
            .optional("code", code)
            .optional("message", message)
            .optional("operation", self.operation.as_deref())
            .field("times", self.times)
            .field("delay_ms", delay)
    }

    /// Returns the API error that it responds with, if any.
    pub(crate) fn api_error(&self) -> Option<ApiError> {
        match &self.effect {
            Effect::Error(error) => Some(error.clone()),
            _ => None,
        }
    }

    fn concerns(&self, operation: Option<&str>) -> bool {
        self.operation.is_none() || self.operation.as_deref() == operation
    }

    /// Applies the delay, and returns the response; `None` if the request is to be handled.
    pub(crate) async fn apply(self, arrival: Arrival) -> Option<Response> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let mut response = match self.effect {
            Effect::Handled => return None,
            Effect::Error(error) => envelope::error(error, arrival),
            Effect::Raw(status, body) => (status, Body::from(body)).into_response(),
            Effect::Cut => cut_off(),
        };
        for name in self.headers.keys() {
            response.headers_mut().remove(name);
        }
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        if self.headers.contains_key(header::CONTENT_LENGTH) {
            response = response.map(|body| {
                let pause = Box::pin(tokio::time::sleep(PAUSE));
                Body::new(OfUnknownLength { body, pause })
            });
        }
        Some(response)
    }
}

/// Returns a response whose body fails after its beginning: the server can only drop the
/// connection.
fn cut_off() -> Response {
    let body = BrokenBody { has_begun: false, pause: Box::pin(tokio::time::sleep(PAUSE)) };
    let mut response = Response::new(Body::new(body));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The pause before the connection breaks, so that the client receives the beginning of the
/// response.
const PAUSE: Duration = Duration::from_millis(10);

struct BrokenBody {
    has_begun: bool,
    pause: Pin<Box<tokio::time::Sleep>>,
}

impl http_body::Body for BrokenBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.has_begun {
            let failure = std::io::ErrorKind::ConnectionReset.into();
            return self.pause.as_mut().poll(context).map(|()| Some(Err(failure)));
        }
        self.has_begun = true;
        let beginning = Bytes::from_static(b"{\"duration\":");
        Poll::Ready(Some(Ok(Frame::data(beginning))))
    }
}

fn content_length(value: &HeaderValue) -> Option<u64> {
    value.to_str().ok()?.parse().ok()
}

/// A body that does not report its length, so that the header can differ. The pause delivers a
/// shorter body before the connection closes.
struct OfUnknownLength {
    body: Body,
    pause: Pin<Box<tokio::time::Sleep>>,
}

impl http_body::Body for OfUnknownLength {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            None => self.pause.as_mut().poll(context).map(|()| None),
            frame => Poll::Ready(frame),
        }
    }
}

/// Returns the status; 500 for an invalid one, and for one below 200, which is not a final response.
fn to_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The maximum number of characters of a raw body that are shown.
const MAX_SHOWN: usize = 200;

/// The pending faults.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        if fault.times > 0 {
            lock(&self.0).push_back(fault);
        }
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// Returns the descriptions of the pending faults.
    pub(crate) fn describe(&self) -> Vec<Object> {
        lock(&self.0).iter().map(Fault::describe).collect()
    }

    /// Takes the first fault that applies to an operation.
    pub(crate) fn take(&self, operation: Option<&str>) -> Option<Fault> {
        let mut faults = lock(&self.0);
        let position = faults.iter().position(|fault| fault.concerns(operation))?;
        let fault = faults.get_mut(position)?;
        fault.times = fault.times.saturating_sub(1);
        if fault.times > 0 {
            return Some(fault.clone());
        }
        faults.remove(position)
    }
}
