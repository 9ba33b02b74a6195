//! The builder of a rule of a script.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::rule::{Condition, Rule};
use super::script::Script;
use crate::body::ResponseBody;
use crate::error::ErrorCode;
use crate::response::Prepared;
use crate::transport::{TransportError, TransportErrorKind};
use stream_models::Operation;

impl Script {
    /// Begins a rule for the requests of an operation; see [`On`]. The rules of an operation apply
    /// in the order of their creation, each to one request unless it says otherwise.
    pub fn on<O: Operation>(&self) -> On<'_, O> {
        On::new(self)
    }
}

/// Builds a rule of a [`Script`]: first to which requests of the operation it applies, then how it
/// responds. It applies to one request of any content, unless [`times`](Self::times),
/// [`always`](Self::always) or [`when`](Self::when) says otherwise.
#[must_use = "the rule joins the script when it says how to respond"]
pub struct On<'a, O> {
    script: &'a Script,
    times: Option<u32>,
    condition: Option<Arc<Condition>>,
    delay: Duration,
    operation: PhantomData<fn() -> O>,
}

impl<'a, O: Operation> On<'a, O> {
    const fn new(script: &'a Script) -> Self {
        Self {
            script,
            times: Some(1),
            condition: None,
            delay: Duration::ZERO,
            operation: PhantomData,
        }
    }

    /// Responds to this number of requests.
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Responds to any number of requests.
    pub const fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Responds only to requests for which `condition` returns `true`.
    pub fn when(mut self, condition: impl Fn(&O) -> bool + Send + Sync + 'static) -> Self {
        self.condition =
            Some(Arc::new(move |request| request.downcast_ref().is_some_and(&condition)));
        self
    }

    /// Responds this long after the request, by the timers of Tokio: in a test with
    /// `start_paused = true`, it takes no time.
    #[cfg(not(target_family = "wasm"))]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Responds with success and a response whose fields `set` sets. The other fields have the
    /// values of missing fields, which are empty.
    pub fn respond(self, set: impl Fn(&mut O::Response) + Send + Sync + 'static)
    where
        O::Response: Default + Sync,
    {
        self.add(move |_| {
            let mut response = O::Response::default();
            set(&mut response);
            Ok(prepared(response))
        });
    }

    /// Responds with success and a response that is computed from the request.
    pub fn respond_to(self, set: impl Fn(&O, &mut O::Response) + Send + Sync + 'static)
    where
        O::Response: Default + Sync,
    {
        self.add(move |request| {
            let request = request.and_then(|request| request.downcast_ref::<O>());
            let Some(request) = request else {
                return Err(TransportError::new(
                    TransportErrorKind::Unknown,
                    format!("the request of {} did not come as an operation", O::INFO.id),
                ));
            };
            let mut response = O::Response::default();
            set(request, &mut response);
            Ok(prepared(response))
        });
    }

    /// Responds with success and this JSON, which is decoded like a response of the server.
    pub fn json(self, body: Value) {
        self.status(200, body);
    }

    /// Responds with any status and this JSON. A status that is not valid becomes 500.
    pub fn status(self, status: u16, body: Value) {
        self.http(status, HeaderMap::new(), body);
    }

    /// Responds with an API error.
    ///
    /// ```
    /// use stream_http::ErrorCode;
    /// use stream_http::transport::testing::Script;
    /// use stream_models::channels::GetOrCreateChannel;
    ///
    /// let script = Script::new();
    /// script.on::<GetOrCreateChannel>().error(403, ErrorCode::NotAllowed, "not for you");
    /// ```
    pub fn error(self, status: u16, code: ErrorCode, message: &str) {
        let body = json!({"StatusCode": status, "code": code.as_i64(), "message": message});
        self.status(status, body);
    }

    /// Responds that the rate limit is exceeded (429), and that the next request may be sent after
    /// `wait`.
    pub fn rate_limited(self, wait: Duration) {
        let wait = HeaderValue::try_from(wait.as_secs_f64().to_string());
        let headers = wait.into_iter().map(|wait| (RETRY_AFTER, wait)).collect();
        let code = ErrorCode::RateLimited.as_i64();
        let body = json!({"StatusCode": 429, "code": code, "message": "too many requests"});
        self.http(429, headers, body);
    }

    /// Fails without a response after the request may have been processed, for example because the
    /// connection broke.
    pub fn fail(self, kind: TransportErrorKind) {
        self.add(move |_| Err(TransportError::new(kind, "the script says so")));
    }

    /// Fails before anything is sent, for example because no connection could be opened.
    pub fn unreachable(self) {
        self.add(|_| {
            let kind = TransportErrorKind::ConnectionReset;
            Err(TransportError::new(kind, "the script says so").before_send(true))
        });
    }

    fn http(self, status: u16, headers: HeaderMap, body: Value) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = body.to_string();
        self.add(move |_| {
            let mut response = Response::new(ResponseBody::bytes(body.clone()));
            *response.status_mut() = status;
            *response.headers_mut() = headers.clone();
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            Ok(response)
        });
    }

    fn add(
        self,
        respond: impl Fn(Option<&dyn Any>) -> Result<Response<ResponseBody>, TransportError>
        + Send
        + Sync
        + 'static,
    ) {
        self.script.add(Rule {
            operation: O::INFO.id,
            left: self.times,
            is_used: false,
            condition: self.condition,
            delay: self.delay,
            respond: Arc::new(respond),
        });
    }
}

impl<O: Operation> fmt::Debug for On<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("On").field("operation", &O::INFO.id).finish_non_exhaustive()
    }
}

fn prepared<T: Send + 'static>(response: T) -> Response<ResponseBody> {
    let mut http = Response::new(ResponseBody::bytes(""));
    http.extensions_mut().insert(Prepared::new(response));
    http
}
