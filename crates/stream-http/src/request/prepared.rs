use super::multipart::Multipart;
use super::upload::FileSource;
use crate::body::BodySource;
use crate::error::Error;
use std::fmt;
use stream_models::{Body, Operation, OperationInfo, Query};

/// A request that is ready to be sent: an operation without its type.
///
/// Make one from an operation with [`PreparedRequest::from_operation`], for example to give an
/// upload another source, or by hand for an endpoint that has no operation type.
#[must_use]
pub struct PreparedRequest {
    pub(crate) operation: OperationInfo,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) body: PreparedBody,
}

pub(crate) enum PreparedBody {
    Source(BodySource),
    Multipart(Multipart),
}

impl PreparedRequest {
    /// A request without query and body to `path`, which begins with `/` and is percent-encoded.
    pub fn new(operation: OperationInfo, path: impl Into<String>) -> Self {
        Self {
            operation,
            path: path.into(),
            query: Query::new(),
            body: PreparedBody::Source(BodySource::empty()),
        }
    }

    /// Encodes an operation.
    ///
    /// # Errors
    /// The operation cannot be sent as it is, for example because an id is empty.
    pub fn from_operation<O: Operation>(operation: &O) -> Result<Self, Error> {
        let parts =
            operation.path().and_then(|path| Ok((path, operation.query()?, operation.body()?)));
        Self::from_parts(O::INFO, parts)
    }

    /// The part that is the same for every operation, compiled once.
    fn from_parts(
        operation: OperationInfo,
        parts: Result<(String, Query, Body), stream_models::InvalidRequest>,
    ) -> Result<Self, Error> {
        let build = || {
            let (path, query, body) = parts?;
            let body = match body {
                Body::Empty => PreparedBody::Source(BodySource::empty()),
                Body::Json(json) => PreparedBody::Source(BodySource::json(json)),
                Body::Multipart(parts) => PreparedBody::Multipart(Multipart::new(parts)?),
                _ => {
                    return Err(Error::invalid_request(
                        "this version of stream-http cannot send such a body",
                    ));
                }
            };
            Ok(Self { operation, path, query, body })
        };
        build().map_err(|error: Error| error.with_operation(operation))
    }

    /// Sets the query.
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: BodySource) -> Self {
        self.body = PreparedBody::Source(body);
        self
    }

    /// Sets the file of the form part `name`, in the place of the one that is there or as a part
    /// more. The body becomes a multipart form if it was none.
    pub fn file(mut self, name: &'static str, file: FileSource) -> Self {
        let mut form = match self.body {
            PreparedBody::Multipart(form) => form,
            PreparedBody::Source(_) => Multipart::default(),
        };
        form.set_file(name, file);
        self.body = PreparedBody::Multipart(form);
        self
    }

    /// What the request is for.
    #[must_use]
    pub const fn operation(&self) -> OperationInfo {
        self.operation
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedRequest")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}
