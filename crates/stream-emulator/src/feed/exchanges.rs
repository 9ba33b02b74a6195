//! Recorded requests and responses.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use http_body::Body as _;
use http_body_util::BodyExt;

use super::recent::Weighed;
use super::{Excerpt, Feed};
use crate::state::Timestamp;

/// The maximum number of recorded requests.
pub(super) const MAX_EXCHANGES: usize = 2000;
/// The maximum size of all recorded bodies and headers, in bytes.
pub(super) const MAX_EXCHANGE_BYTES: usize = 32 * 1024 * 1024;

/// A recorded request with its response.
#[derive(Debug, Clone)]
pub(crate) struct ObservedExchange {
    /// The time of the response, by the system's clock.
    pub(crate) at: Timestamp,
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) request_headers: HeaderMap,
    pub(crate) request: Excerpt,
    pub(crate) status: u16,
    pub(crate) response_headers: HeaderMap,
    pub(crate) response: Excerpt,
    pub(crate) duration: Duration,
}

/// The part of an exchange that is known before the response.
#[derive(Debug)]
pub(crate) struct Observation {
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The decompressed body.
    pub(crate) body: Bytes,
}

impl Weighed for ObservedExchange {
    fn bytes(&self) -> usize {
        let headers = |headers: &HeaderMap| -> usize {
            headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
        };
        self.request.bytes().len()
            + self.response.bytes().len()
            + self.uri.path_and_query().map_or(0, |path| path.as_str().len())
            + headers(&self.request_headers)
            + headers(&self.response_headers)
            + size_of::<Self>()
    }
}

impl Feed {
    /// Records a request with its response, and returns the response.
    pub(crate) async fn exchange(
        &self,
        observation: Observation,
        response: Response,
        duration: Duration,
    ) -> Response {
        let (parts, body) = response.into_parts();
        let (body, excerpt) = read(body).await;
        let Observation { operation, method, uri, headers, body: request } = observation;
        self.exchanges().push(ObservedExchange {
            at: Timestamp::now(),
            operation,
            method,
            uri,
            request_headers: headers,
            request: Excerpt::of(&request),
            status: parts.status.as_u16(),
            response_headers: parts.headers.clone(),
            response: excerpt,
            duration,
        });
        self.notify();
        Response::from_parts(parts, body)
    }
}

/// Reads a body of known size. A streaming or broken one is passed on unread.
async fn read(body: Body) -> (Body, Excerpt) {
    if body.size_hint().exact().is_none() {
        return (body, Excerpt::unknown());
    }
    match body.collect().await {
        Ok(collected) => {
            let bytes = collected.to_bytes();
            let excerpt = Excerpt::of(&bytes);
            (Body::from(bytes), excerpt)
        }
        Err(_) => (Body::empty(), Excerpt::unknown()),
    }
}
