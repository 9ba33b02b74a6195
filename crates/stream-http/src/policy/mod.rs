//! The policies around an attempt: when it is repeated, and when it waits. They are pure decisions
//! without clocks, which the call carries out.

mod budget;
mod limiter;
mod retry;

pub use budget::RetryBudget;
pub(crate) use limiter::Place;
pub use limiter::{
    Admission, AdmissionPhase, AdmissionRequest, LimitReport, Permit, RateLimiter, Settlement,
    SharedLimits,
};
pub use retry::{Attempt, Decision, GiveUp, Outcome, RetryPolicy};
