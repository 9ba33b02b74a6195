//! The bodies of requests and responses that transports send and receive.

mod request;
mod response;
mod source;

pub use request::RequestBody;
pub use response::ResponseBody;
pub use source::BodySource;
