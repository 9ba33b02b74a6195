use crate::runtime::Clock;
use crate::transport::TimeoutSignal;
use std::sync::Arc;
use std::time::Duration;

/// An attempt that is on its way, and tells the transport if it runs out of time.
pub(super) struct InFlight {
    signal: TimeoutSignal,
    clock: Arc<dyn Clock>,
    /// The deadline of the call, by the monotonic clock.
    deadline: Option<Duration>,
    completed: bool,
}

impl InFlight {
    pub(super) fn new(clock: Arc<dyn Clock>, deadline: Option<Duration>) -> Self {
        Self { signal: TimeoutSignal::new(), clock, deadline, completed: false }
    }

    pub(super) fn signal(&self) -> TimeoutSignal {
        self.signal.clone()
    }

    /// Tells the transport that the attempt took too long.
    pub(super) fn timed_out(&self) {
        self.signal.fire();
    }

    pub(super) fn complete(mut self) {
        self.completed = true;
    }
}

impl Drop for InFlight {
    /// The call's own timer drops the whole attempt: that it was not the caller is known by the
    /// clock alone.
    fn drop(&mut self) {
        let late = self.deadline.is_some_and(|deadline| self.clock.monotonic() >= deadline);
        if !self.completed && late {
            self.signal.fire();
        }
    }
}
