//! Calls in the making.

mod bulk;
mod partial;
mod request;

pub use bulk::{Bulk, BulkError, BulkResponse};
pub use request::Request;
