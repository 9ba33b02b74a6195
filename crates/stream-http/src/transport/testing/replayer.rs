//! The transport that replays a recording.

use std::sync::{Arc, Mutex, PoisonError};

use http::Response;
use http_body_util::BodyExt;

use super::cassette::{Cassette, Exchange, printable, target};
use crate::body::{RequestBody, ResponseBody};
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// A transport that responds from a [`Cassette`]. Clones share it.
///
/// A request gets the response of the first unused recorded request with the same method, path,
/// query and body, apart from secrets. A request that was not recorded fails, and its error says
/// so.
#[derive(Debug, Clone)]
pub struct Replayer {
    left: Arc<Mutex<Vec<Exchange>>>,
}

impl Replayer {
    /// Creates a transport that replays `cassette`.
    #[must_use]
    pub fn new(cassette: Cassette) -> Self {
        Self { left: Arc::new(Mutex::new(cassette.exchanges)) }
    }

    /// Returns the recorded exchanges that were not used yet.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Transport for Replayer {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let (target, body) = (target(&head.uri), printable(&body, &[], &[]));
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let found = left.iter().position(|exchange| {
            exchange.method == head.method
                && exchange.target == target
                && exchange.request_body == body
        });
        match found {
            Some(index) => Ok(left.remove(index).response().map(ResponseBody::bytes)),
            None => Err(TransportError::new(
                TransportErrorKind::Unknown,
                format!("{} {target} with this body is not on the cassette", head.method),
            )),
        }
    }
}
