//! An attempt in flight.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::TimeoutSignal;
#[cfg(any(feature = "reqwest", feature = "hyper"))]
use super::generations::Retirement;
use crate::runtime::Clock;
use stream_models::OperationInfo;

/// An attempt in flight, which notifies its transport if it times out.
///
/// The executor owns it, so that it needs no allocation: the transports of this crate borrow it,
/// and others get its contents through the extensions of the request.
pub struct InFlight<'a> {
    clock: &'a dyn Clock,
    operation: &'a OperationInfo,
    /// The deadline of the call, by the monotonic clock.
    deadline: Option<Duration>,
    action: OnceLock<Action>,
    is_over: AtomicBool,
}

/// The action if the attempt times out.
enum Action {
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    Retire(Retirement),
    Fire(TimeoutSignal),
}

impl<'a> InFlight<'a> {
    pub(crate) fn new(
        clock: &'a dyn Clock,
        operation: &'a OperationInfo,
        deadline: Option<Duration>,
    ) -> Self {
        let (action, is_over) = (OnceLock::new(), AtomicBool::new(false));
        Self { clock, operation, deadline, action, is_over }
    }

    /// Retires the client of the attempt if the attempt times out.
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub(super) fn on_timeout(&self, retirement: Retirement) {
        // A transport sends an attempt only once.
        let _ = self.action.set(Action::Retire(retirement));
    }

    /// Adds the operation and a [`TimeoutSignal`] to the extensions of a request.
    pub(super) fn extend(&self, request: &mut http::Extensions) {
        let signal = TimeoutSignal::new();
        request.insert(*self.operation);
        request.insert(signal.clone());
        let _ = self.action.set(Action::Fire(signal));
    }

    /// Notifies the transport that the attempt timed out.
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

    /// Ends the attempt without a timeout.
    pub(crate) fn complete(self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

impl Drop for InFlight<'_> {
    /// The timer of the call drops the whole attempt, as a caller may do: only the clock
    /// distinguishes the deadline from the caller.
    fn drop(&mut self) {
        let is_late = |deadline| self.clock.monotonic() >= deadline;
        if !*self.is_over.get_mut() && self.deadline.is_some_and(is_late) {
            self.timed_out();
        }
    }
}
