//! The parts of a request: URL, headers, call options, forms and files.

mod base_url;
mod headers;
mod multipart;
mod options;
mod upload;

pub use base_url::BaseUrl;
pub(crate) use base_url::foreign_url;
pub(crate) use headers::{FixedHeaders, JSON, RequestId};
pub(crate) use multipart::Multipart;
pub use options::CallOptions;
pub(crate) use options::ProgressCallback;
pub use upload::{FileSource, Progress};
