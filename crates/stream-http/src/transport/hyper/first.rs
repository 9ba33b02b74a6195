//! The first connection of a client, which other requests wait for.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use hyper_util::client::legacy::connect::capture_connection;
use tokio::sync::{Mutex, MutexGuard};

use crate::body::RequestBody;

/// How long requests wait for the first connection before they open their own: longer than a
/// handshake usually takes, and shorter than any timeout.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lets only one request open the first connection of a client.
///
/// Whether connections can be shared is known only after the first one is open. Otherwise, requests
/// that begin together would each open a connection, and over HTTP/2 use only one of them.
#[derive(Debug, Default)]
pub(super) struct FirstConnection {
    made: AtomicBool,
    turn: Mutex<()>,
}

impl FirstConnection {
    /// Sends a request, alone if it is the first.
    pub(super) async fn admit<T, F: Future<Output = T>>(
        &self,
        mut request: http::Request<RequestBody>,
        send: impl FnOnce(http::Request<RequestBody>) -> F,
    ) -> T {
        let Some(turn) = self.turn().await else { return send(request).await };
        let mut connected = capture_connection(&mut request);
        let mut sending = pin!(send(request));
        let mut connecting = pin!(connected.wait_for_connection_metadata());
        let done = poll_fn(|context| {
            if let Poll::Ready(result) = sending.as_mut().poll(context) {
                return Poll::Ready(Some(result));
            }
            connecting.as_mut().poll(context).map(|_| None)
        })
        .await;
        drop(turn);
        match done {
            Some(result) => result,
            None => sending.await,
        }
    }

    /// Returns whether requests no longer wait.
    pub(super) fn is_made(&self) -> bool {
        self.made.load(Ordering::Acquire)
    }

    async fn turn(&self) -> Option<Turn<'_>> {
        if self.is_made() {
            return None;
        }
        let guard = tokio::time::timeout(PATIENCE, self.turn.lock()).await.ok()?;
        // The previous request opened the connection, or failed to open it.
        (!self.is_made()).then(|| Turn { first: self, _guard: guard })
    }
}

/// The turn to open the first connection. When it ends, all other requests continue, whatever the
/// outcome.
struct Turn<'a> {
    first: &'a FirstConnection,
    _guard: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.first.made.store(true, Ordering::Release);
    }
}
