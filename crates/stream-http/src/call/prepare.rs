//! The first stage: from an operation to a request that knows its URL, its body and its deadline.

use super::state::{CallState, Setup};
use crate::body::BodySource;
use crate::error::Error;
use crate::request::{CallOptions, FileSource, Multipart, request_id};
use std::fmt;
use stream_models::{Body, Method, Operation, OperationInfo, Query};

/// A request that is ready to be sent: an operation without its type.
///
/// Make one from an operation with [`PreparedRequest::from_operation`], for example to give an
/// upload another source, or by hand for an endpoint that has no operation type.
#[must_use]
pub struct PreparedRequest {
    operation: OperationInfo,
    path: String,
    query: Query,
    body: PreparedBody,
}

enum PreparedBody {
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
        Self::from_parts(O::INFO.idempotent(operation.is_idempotent()), parts)
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

/// Begins a call: joins the URL, opens the form if there is one, and sets the deadline.
pub(super) fn prepare(
    setup: &Setup,
    request: PreparedRequest,
    options: CallOptions,
) -> Result<CallState, Error> {
    let operation = request.operation;
    begin(setup, request, options).map_err(|error| error.with_operation(operation))
}

fn begin(
    setup: &Setup,
    request: PreparedRequest,
    options: CallOptions,
) -> Result<CallState, Error> {
    let body = match request.body {
        PreparedBody::Source(source) => source,
        PreparedBody::Multipart(form) => form.into_source(),
    };
    let bodiless = matches!(request.operation.method, Method::Get | Method::Delete);
    if bodiless && body.content_type().is_some() {
        return Err(Error::invalid_request("GET and DELETE carry no body"));
    }
    let separator = if request.query.is_empty() { "" } else { "&" };
    let query = format!("{}{separator}{}", request.query.as_str(), setup.key_query);
    let uri = setup.base_url.join(&request.path, &query).map_err(|_| {
        Error::invalid_request(
            "path and query are not a valid URL; they must be percent-encoded and below 64 KiB",
        )
    })?;
    let limit = match options.timeout {
        Some(timeout) => Some(timeout),
        None if body.is_streaming() => None,
        None => Some(setup.settings.timeout),
    };
    let mut call = CallState::new(request.operation, uri, body, options, request_id());
    call.limit = limit;
    call.deadline = limit.and_then(|limit| setup.clock.monotonic().checked_add(limit));
    Ok(call)
}
