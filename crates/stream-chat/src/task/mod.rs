//! Background tasks of the server, and ways to wait for them.

mod and_wait;
mod finished;
mod handle;
mod report;
mod updates;
mod wait;
mod wait_all;

pub use and_wait::{AndWait, StartsTask};
pub use finished::{FinishedTask, TaskCounts};
pub use handle::{Task, TaskOutcome};
pub use report::{FailedTask, TasksError, TasksReport};
pub use updates::Updates;
#[cfg(feature = "admin")]
pub(crate) use wait::Settling;
pub use wait::Wait;
#[cfg(any(feature = "admin", feature = "moderation"))]
pub(crate) use wait::{Look, Step};
