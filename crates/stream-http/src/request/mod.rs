//! From an operation to an HTTP request.

mod base_url;
mod headers;
mod multipart;
mod options;
mod prepared;
mod upload;

pub use base_url::BaseUrl;
pub(crate) use headers::FixedHeaders;
pub(crate) use headers::request_id;
pub use options::CallOptions;
pub(crate) use options::ProgressCallback;
pub(crate) use prepared::PreparedBody;
pub use prepared::PreparedRequest;
pub use upload::{FileSource, Progress};
