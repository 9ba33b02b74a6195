//! The policies around an attempt: when it is retried, and when it waits. They are pure decisions
//! without clocks; the call carries them out.

mod budget;
mod limiter;
mod retry;

pub use budget::RetryBudget;
pub(crate) use limiter::Place;
pub use limiter::{
    Admission, AdmissionPhase, AdmissionRequest, KnownWindow, LimitReport, Permit, RateLimiter,
    Settlement, SharedLimits,
};
pub use retry::{Attempt, Decision, GiveUp, Outcome, RetryPolicy};
