//! The transport with prepared HTTP responses.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt;

use super::sent::SentRequest;
use crate::body::{RequestBody, ResponseBody};
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// A transport that returns prepared responses in order, and stores the requests that it received.
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
