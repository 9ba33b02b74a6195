//! The HTTP side: from a request to the operation that it means, and back to an answer.

mod compression;
mod dispatch;
mod envelope;
mod fault;
mod frame;
mod observer;
mod parameters;
mod rate_limit;
mod record;
mod router;
mod shared;

pub use fault::Fault;
pub use observer::Exchange;
pub use record::ReceivedRequest;

pub(crate) use compression::gzip;
pub(crate) use envelope::ApiError;
pub(crate) use observer::Observer;
pub(crate) use parameters::{PathParameters, QueryParameters};
pub(crate) use router::router;
pub(crate) use shared::{Settings, Shared};
