//! Work that the server does in the background.

mod and_wait;
mod finished;
mod handle;

pub use and_wait::{AndWait, StartsTask};
pub use finished::FinishedTask;
pub use handle::{Task, TaskOutcome};
