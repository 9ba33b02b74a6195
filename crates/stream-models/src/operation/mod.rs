//! Operations: requests of the API as plain values, without I/O.

mod body;
mod error;
mod file_url;
mod path;
mod query;
mod raw_body;
mod response;

pub use body::{Body, ExternalSource, Part, PartContent, Upload, UploadSource};
pub use error::InvalidRequest;
pub use file_url::{FileUrl, Uploaded};
pub use path::expand as expand_path;
pub use query::Query;
pub use raw_body::RawBody;
pub use response::ResponseMembers;

use std::fmt;

use serde::de::DeserializeOwned;

/// One request of the API as a plain value, with the type of its response.
///
/// The generated operations implement it. An operation knows nothing of hosts, keys or connections;
/// an executor turns it into an HTTP request. It is a plain value that can be cloned and stored, as
/// scripts of tests do. Implement it yourself to call an endpoint that this version does not know.
pub trait Operation: Clone + Send + Sync + 'static {
    /// The body of a successful response.
    type Response: DeserializeOwned + Send + 'static;

    /// The metadata of the operation.
    const INFO: OperationInfo;

    /// Returns the path, beginning with `/`, with its segments percent-encoded.
    ///
    /// # Errors
    /// A segment is empty, `.` or `..`: such a path would lead to another endpoint.
    fn path(&self) -> Result<String, InvalidRequest>;

    /// Returns the query parameters that were set.
    ///
    /// # Errors
    /// A JSON parameter cannot be encoded.
    fn query(&self) -> Result<Query, InvalidRequest> {
        Ok(Query::new())
    }

    /// Returns the body of the request.
    ///
    /// # Errors
    /// The body cannot be encoded.
    fn body(&self) -> Result<Body, InvalidRequest> {
        Ok(Body::Empty)
    }

    /// Returns whether the request is idempotent, so that it may be repeated after its response was
    /// lost. Defaults to [`OperationInfo::idempotent`]; a value may override it: a message with an
    /// ID that the caller chose is not sent twice.
    fn is_idempotent(&self) -> bool {
        Self::INFO.idempotent
    }
}

/// The metadata of an operation, the same for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The ID in the API's schema, such as `SendMessage`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces, such as `/api/v2/chat/messages/{id}`.
    pub path: &'static str,
    /// Whether the operation is idempotent: sending a request twice has the effect of sending it
    /// once, so that it may be repeated after its response was lost.
    pub idempotent: bool,
    /// The members by which a successful response is recognized.
    pub response: ResponseMembers,
}

impl OperationInfo {
    /// Creates the metadata of an operation. Whether it is idempotent follows from the method:
    /// `POST` and `PATCH` are not; see [`OperationInfo::idempotent`].
    #[must_use]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            idempotent: matches!(method, Method::Get | Method::Put | Method::Delete),
            response: ResponseMembers::Any,
        }
    }

    /// Sets whether the operation is idempotent.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets the members of a successful response, which has at least one of them.
    #[must_use]
    pub const fn responds_with(mut self, members: &'static [&'static str]) -> Self {
        self.response = ResponseMembers::Required(members);
        self
    }

    /// Sets that a successful response is a [`RawBody`], whatever its form.
    #[must_use]
    pub const fn responds_raw(mut self) -> Self {
        self.response = ResponseMembers::Raw;
        self
    }

    /// Sets the members of a successful response, which may have none of them.
    #[must_use]
    pub const fn may_respond_with(mut self, members: &'static [&'static str]) -> Self {
        self.response = ResponseMembers::Optional(members);
        self
    }
}

/// An HTTP method that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, acts, or queries with a body.
    Post,
    /// Replaces or creates.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// Returns the method as it is written in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
