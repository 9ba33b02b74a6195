//! An attempt that is on its way.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::TimeoutSignal;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
use super::generations::Retirement;
use crate::runtime::Clock;
use stream_models::OperationInfo;

/// An attempt that is on its way, and tells its transport if it runs out of time.
///
/// It stays with the executor, so that it costs no allocation: transports of this crate borrow it, and
/// others get what is in it through the extensions of the request.
pub struct InFlight<'a> {
    clock: &'a dyn Clock,
    operation: OperationInfo,
    /// The deadline of the call, by the monotonic clock.
    deadline: Option<Duration>,
    action: OnceLock<Action>,
    is_over: AtomicBool,
}

/// What follows if an attempt runs out of time.
enum Action {
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    Retire(Retirement),
    Fire(TimeoutSignal),
}

impl<'a> InFlight<'a> {
    pub(crate) fn new(
        clock: &'a dyn Clock,
        operation: OperationInfo,
        deadline: Option<Duration>,
    ) -> Self {
        let (action, is_over) = (OnceLock::new(), AtomicBool::new(false));
        Self { clock, operation, deadline, action, is_over }
    }

    /// Retires the client of the attempt if it runs out of time.
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub(super) fn on_timeout(&self, retirement: Retirement) {
        // A transport sends an attempt once.
        let _ = self.action.set(Action::Retire(retirement));
    }

    /// Puts what a transport may want to know into the extensions of its request.
    pub(super) fn extend(&self, request: &mut http::Extensions) {
        let signal = TimeoutSignal::new();
        request.insert(self.operation);
        request.insert(signal.clone());
        let _ = self.action.set(Action::Fire(signal));
    }

    /// Tells the transport that the attempt took too long.
    pub(crate) fn timed_out(&self) {
        if self.is_over.swap(true, Ordering::Relaxed) {
            return;
        }
        match self.action.get() {
            #[cfg(any(feature = "reqwest", feature = "hyper"))]
            Some(Action::Retire(retirement)) => retirement.run(),
            Some(Action::Fire(signal)) => signal.fire(),
            None => {}
        }
    }

    /// Ends the attempt, in time.
    pub(crate) fn complete(self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

impl Drop for InFlight<'_> {
    /// The call's own timer drops the whole attempt: that it was not the caller is known by the
    /// clock alone.
    fn drop(&mut self) {
        let is_late = |deadline| self.clock.monotonic() >= deadline;
        if !*self.is_over.get_mut() && self.deadline.is_some_and(is_late) {
            self.timed_out();
        }
    }
}
