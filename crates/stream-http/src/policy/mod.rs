//! What happens around an attempt: when it is repeated, when it waits. Decisions are functions
//! without clocks; the call carries them out.

mod budget;
mod limiter;
mod retry;
mod window;

pub use budget::RetryBudget;
pub(crate) use limiter::Place;
pub use limiter::RateLimiter;
pub use retry::{Attempt, Decision, GiveUp, Outcome, RetryPolicy};
