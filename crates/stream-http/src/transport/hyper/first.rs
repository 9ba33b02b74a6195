//! The first connection of a client, which other requests wait for.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use hyper_util::client::legacy::connect::capture_connection;
use tokio::sync::{Mutex, MutexGuard};

use crate::body::RequestBody;

/// How long requests wait for the first connection before they make their own: longer than a
/// handshake usually takes, and short beside any timeout.
const PATIENCE: Duration = Duration::from_secs(1);

/// Lets one request make the first connection of a client.
///
/// Whether connections can be shared is known only when the first one is there, so that requests
/// which begin together would each make one, and leave all but one unused over HTTP/2.
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

    async fn turn(&self) -> Option<Turn<'_>> {
        if self.made.load(Ordering::Acquire) {
            return None;
        }
        let guard = tokio::time::timeout(PATIENCE, self.turn.lock()).await.ok()?;
        // Whoever went before has made it, or has found out that it cannot be made.
        (!self.made.load(Ordering::Acquire)).then(|| Turn { first: self, _guard: guard })
    }
}

/// The turn to make the first connection. However it ends, all others go on.
struct Turn<'a> {
    first: &'a FirstConnection,
    _guard: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.first.made.store(true, Ordering::Release);
    }
}
