//! Requests that are sent when they are awaited, one by one or in batches, and what their setters
//! take.

mod actor;
mod bulk;
mod single;
mod sort;

pub use actor::{Actor, Me};
pub use bulk::{Bulk, BulkError, BulkResponse};
pub use single::Request;
pub use sort::Sort;
