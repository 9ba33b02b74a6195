//! Bodies of requests and responses, as transports see them.

mod request;
mod response;
mod source;

pub use request::RequestBody;
pub use response::ResponseBody;
pub use source::BodySource;
