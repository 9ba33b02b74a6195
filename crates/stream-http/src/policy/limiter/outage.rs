//! The fallback of a shared limiter while the shared state cannot be reached.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Shared;
use super::shared::{Admission, AdmissionRequest};
use crate::error::BoxError;
use crate::runtime::{Clock, Either, race};

/// The timeout of a request to shared limits.
const PATIENCE: Duration = Duration::from_millis(500);
/// The interval at which unreachable limits are tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// The reachability of shared limits.
#[derive(Default)]
pub(super) struct Outage {
    /// When unreachable limits are tried again; `None` while they are reachable.
    asks_again: Mutex<Option<Duration>>,
}

impl Shared {
    /// Asks whether a request may be sent; `None` if the limits cannot be reached.
    pub(super) async fn ask(
        &self,
        clock: &dyn Clock,
        request: AdmissionRequest,
    ) -> Option<Admission> {
        if !self.outage.may_ask(clock.monotonic()) {
            return None;
        }
        let failure: BoxError = match race(self.limits.admit(request), clock.sleep(PATIENCE)).await
        {
            Either::Left(Ok(admission)) => {
                self.outage.is_over();
                return Some(admission);
            }
            Either::Left(Err(error)) => error,
            Either::Right(()) => "no response in time".into(),
        };
        self.outage.begins(clock.monotonic(), &failure);
        None
    }
}

impl Outage {
    /// Returns whether the limits are asked: during an outage, only by one request after each
    /// pause.
    fn may_ask(&self, now: Duration) -> bool {
        let mut asks_again = self.lock();
        match &mut *asks_again {
            Some(at) if now < *at => false,
            Some(at) => {
                *at = now.saturating_add(PAUSE);
                true
            }
            None => true,
        }
    }

    fn begins(&self, now: Duration, failure: &BoxError) {
        if self.lock().replace(now.saturating_add(PAUSE)).is_none() {
            tracing::warn!(
                error = %failure,
                "the shared rate limits cannot be reached: this process uses its own count"
            );
        }
    }

    fn is_over(&self) {
        if self.lock().take().is_some() {
            tracing::info!("the shared rate limits can be reached again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Duration>> {
        self.asks_again.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
