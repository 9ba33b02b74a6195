//! The requests that were received, for tests to look at.

use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::lock::lock;

/// A request, as it came in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The id of the operation that it means, or none if the API has no such path.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: Method,
    /// The path as it was sent, still percent-encoded.
    pub path: String,
    /// What followed the `?`, as it was sent.
    pub query: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub body: Bytes,
}

impl ReceivedRequest {
    /// The body as JSON, or none if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text, or none if it is absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// How many requests are kept.
const KEPT: usize = 4096;
/// How many bytes of bodies are kept.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The latest requests; the oldest make way.
#[derive(Debug, Default)]
pub(crate) struct Record(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<ReceivedRequest>,
    bytes: usize,
}

impl Record {
    pub(super) fn add(&self, request: ReceivedRequest) {
        let mut kept = lock(&self.0);
        kept.bytes += request.body.len();
        kept.requests.push_back(request);
        while kept.requests.len() > KEPT || kept.bytes > KEPT_BYTES {
            let Some(oldest) = kept.requests.pop_front() else {
                break;
            };
            kept.bytes -= oldest.body.len();
        }
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *lock(&self.0) = Kept::default();
    }
}
