//! The fallback of a shared limiter while the shared state cannot be reached.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Shared;
use super::shared::{Admission, AdmissionRequest};
use crate::error::BoxError;
use crate::runtime::{Clock, Either, race};

/// How long shared limits may take to respond.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long it is until limits that could not be reached are asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether shared limits can be reached.
#[derive(Default)]
pub(super) struct Outage {
    /// While they cannot be: when they are asked again.
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
    /// During an outage one request after each pause asks and the others go on without.
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
                "the shared rate limits cannot be reached: this process goes by its own count"
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
