//! Requests that are sent when they are awaited, one by one or in batches.

mod bulk;
mod partial;
mod single;

pub use bulk::{Bulk, BulkError, BulkResponse};
pub use single::Request;
