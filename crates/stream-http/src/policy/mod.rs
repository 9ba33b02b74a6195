//! What happens around an attempt: when it is repeated, when it waits. Decisions are functions
//! without clocks; the executor carries them out.

mod budget;
mod limiter;
mod retry;

pub use budget::RetryBudget;
pub use limiter::RateLimiter;
pub use retry::{Attempt, Decision, GiveUp, Outcome, RetryPolicy};
