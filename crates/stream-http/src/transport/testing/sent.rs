//! The requests that a test transport received.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use stream_models::OperationInfo;

/// The operation of a request as a value, in the extensions of a request to a
/// [`Script`](super::Script).
#[derive(Clone)]
pub(crate) struct Captured(pub(crate) Arc<dyn Any + Send + Sync>);

/// A request that a [`Script`](super::Script) or
/// [`ScriptedTransport`](super::ScriptedTransport) received.
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

impl fmt::Debug for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest")
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish_non_exhaustive()
    }
}
