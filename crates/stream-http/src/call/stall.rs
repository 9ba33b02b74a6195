//! The timeouts of an attempt: of its whole duration, or of the time without progress.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::body::RequestBody;
use crate::error::{BoxError, Error};
use crate::request::{Progress, ProgressCallback};
use crate::runtime::{Clock, Either, race};

/// Runs an exchange until `too_long` completes, which gives it the error `timed_out`.
pub(super) async fn within<T>(
    exchange: impl Future<Output = Result<T, Error>> + Unpin,
    too_long: impl Future<Output = ()> + Unpin,
    timed_out: impl FnOnce() -> Error,
) -> Result<T, Error> {
    match race(exchange, too_long).await {
        Either::Left(result) => result,
        Either::Right(()) => Err(timed_out()),
    }
}

/// The progress of an attempt: when bytes were last transferred, and why reading the request body
/// failed.
pub(super) struct Activity {
    clock: Arc<dyn Clock>,
    /// When bytes were last transferred, in milliseconds of the monotonic clock.
    last: AtomicU64,
    body_failure: Mutex<Option<String>>,
}

impl Activity {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let activity = Self { clock, last: AtomicU64::new(0), body_failure: Mutex::default() };
        activity.touch();
        activity
    }

    pub(super) fn touch(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    /// Completes when nothing has been transferred for `limit`.
    pub(super) async fn stalled(&self, limit: Duration) {
        loop {
            let idle =
                Duration::from_millis(self.now().saturating_sub(self.last.load(Ordering::Relaxed)));
            match limit.checked_sub(idle) {
                None | Some(Duration::ZERO) => return,
                Some(left) => self.clock.sleep(left).await,
            }
        }
    }

    /// Takes the reason why the request body could not be read, if that is what failed.
    pub(super) fn take_body_failure(&self) -> Option<String> {
        self.body_failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.monotonic().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A request body that records its progress.
pub(super) struct Metered {
    inner: RequestBody,
    activity: Arc<Activity>,
    report: Option<ProgressCallback>,
    progress: Progress,
}

impl Metered {
    pub(super) fn new(
        inner: RequestBody,
        activity: Arc<Activity>,
        report: Option<ProgressCallback>,
        attempt: u32,
    ) -> Self {
        let progress = Progress { sent: 0, total: inner.size_hint().exact(), attempt };
        Self { inner, activity, report, progress }
    }
}

impl Body for Metered {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                self.activity.touch();
                let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                self.progress.sent = self.progress.sent.saturating_add(length);
                if let Some(report) = &self.report {
                    report(self.progress);
                }
            }
            Some(Err(error)) => {
                let mut failure =
                    self.activity.body_failure.lock().unwrap_or_else(PoisonError::into_inner);
                *failure = Some(error.to_string());
            }
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
