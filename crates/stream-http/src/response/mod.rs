//! Responses: their size limits, decoding and headers.

mod collect;
mod decode;
#[cfg(feature = "gzip")]
mod gzip;
mod json_path;
mod members;
#[cfg(not(feature = "gzip"))]
mod no_gzip;
#[cfg(feature = "testing")]
mod prepared;
mod retry_after;
mod typed;

pub(crate) use collect::collect;
#[cfg(feature = "testing")]
pub(crate) use prepared::Prepared;
pub(crate) use retry_after::parse as parse_retry_after;
pub use typed::{RawResponse, Response};
