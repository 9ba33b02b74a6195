//! The transport with prepared HTTP responses.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Response, Uri};
use http_body_util::BodyExt;

use super::script::Captured;
use crate::body::{RequestBody, ResponseBody};
use crate::transport::{Transport, TransportError, TransportErrorKind};
use stream_models::OperationInfo;

/// A transport that returns prepared responses in order, and keeps the requests that it received.
/// Clones share both.
///
/// After the last response, requests fail, and their error says so.
///
/// ```
/// use stream_http::Executor;
/// use stream_http::transport::testing::ScriptedTransport;
///
/// let transport = ScriptedTransport::new();
/// transport.json(200, r#"{"duration":"1ms"}"#);
/// let executor = Executor::builder()
///     .api_key("key")
///     .token("token")
///     .transport(transport.clone())
///     .build()?;
/// // ... make one call, then look at transport.sent()
/// # Ok::<(), stream_http::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct ScriptedTransport {
    state: Arc<Mutex<State>>,
}

type Answer = Result<Response<ResponseBody>, TransportError>;

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    sent: Vec<SentRequest>,
}

/// A request that a [`Script`](super::Script) or [`ScriptedTransport`] received.
#[derive(Clone)]
#[non_exhaustive]
pub struct SentRequest {
    pub(super) operation: Option<OperationInfo>,
    pub(super) captured: Option<Captured>,
    /// The method.
    pub method: Method,
    /// The whole URL, including the key.
    pub uri: Uri,
    /// The headers, including the token.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl SentRequest {
    /// Returns the ID of the operation in the API's schema, such as `SendMessage`; `None` for a
    /// request that no executor sent.
    #[must_use]
    pub fn operation_id(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.id)
    }

    /// Returns the body as JSON; `null` if there is none or it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl ScriptedTransport {
    /// Creates a transport without responses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response with a JSON body. A status that is not valid becomes 500.
    pub fn json(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        let mut response = Response::new(ResponseBody::bytes(body));
        *response.status_mut() =
            status.try_into().unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        self.response(response)
    }

    /// Adds a response.
    pub fn response(&self, response: Response<ResponseBody>) -> &Self {
        self.lock().answers.push_back(Ok(response));
        self
    }

    /// Adds a transport failure.
    pub fn fail(&self, error: TransportError) -> &Self {
        self.lock().answers.push_back(Err(error));
        self
    }

    /// Returns the requests that were sent so far, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<SentRequest> {
        self.lock().sent.clone()
    }

    /// Returns the number of remaining responses.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.lock().answers.len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for ScriptedTransport {
    async fn send(&self, request: http::Request<RequestBody>) -> Answer {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let mut state = self.lock();
        state.sent.push(SentRequest {
            operation: head.extensions.get().copied(),
            captured: None,
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body,
        });
        let number = state.sent.len();
        state.answers.pop_front().unwrap_or_else(|| {
            Err(TransportError::new(
                TransportErrorKind::Unknown,
                format!("the script has no response for request {number}"),
            ))
        })
    }
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("ScriptedTransport")
            .field("sent", &state.sent.len())
            .field("remaining", &state.answers.len())
            .finish()
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
