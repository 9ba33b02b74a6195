//! Requests with more entries than the server accepts at once: read as they are sent, several
//! batches at a time.

mod batch;
mod boxed;
mod builder;
mod entries;
mod handle;
mod outcomes;
mod pace;
mod ranges;
mod report;
mod run;
mod wrap;

pub use batch::{BatchOutcome, BatchResult};
pub use builder::Bulk;
pub use entries::{Entries, IntoEntries};
pub use handle::{BulkHandle, BulkProgress};
pub use outcomes::Outcomes;
pub use report::{BulkError, BulkReport, BulkResponse, FailedBatch};

pub(crate) use wrap::wrap;
