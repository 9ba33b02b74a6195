//! The first stage: turns an operation into a request with a URL, a body and a timeout.

use std::fmt;
#[cfg(feature = "testing")]
use std::sync::Arc;

use http::Uri;
use http::uri::Scheme;

use super::state::{CallState, Setup};
use crate::body::BodySource;
use crate::error::Error;
use crate::request::{CallOptions, FileSource, Multipart, RequestId, foreign_url};
#[cfg(feature = "testing")]
use crate::transport::testing::Captured;
use stream_models::{Body, Method, Operation, OperationInfo, Query};

/// A request that is ready to be sent, independent of the type of its operation.
///
/// Create one from an operation with [`PreparedRequest::from_operation`], for example to replace
/// the source of an upload, or by hand for an endpoint without an operation type.
#[must_use]
pub struct PreparedRequest {
    operation: OperationInfo,
    path: String,
    query: Query,
    body: PreparedBody,
    /// The URL, if it is outside of the API.
    foreign: Option<Uri>,
    #[cfg(feature = "testing")]
    captured: Option<Captured>,
}

enum PreparedBody {
    Source(BodySource),
    Multipart(Multipart),
}

impl PreparedRequest {
    /// Creates a request without query or body to `path`, which begins with `/` and is
    /// percent-encoded.
    pub fn new(operation: OperationInfo, path: impl Into<String>) -> Self {
        Self {
            operation,
            path: path.into(),
            query: Query::new(),
            body: PreparedBody::Source(BodySource::empty()),
            foreign: None,
            #[cfg(feature = "testing")]
            captured: None,
        }
    }

    /// Creates a request without a body to a URL outside of the API, such as one that was signed
    /// for an upload. It sends nothing of the app: no key, no token, and only the headers of the
    /// body. Redirects are not followed.
    ///
    /// `operation` names the request in errors and traces, which show its path instead of the URL,
    /// because the URL may contain a signature.
    ///
    /// ```
    /// use stream_http::{BodySource, FileSource, PreparedRequest};
    /// use stream_models::{Method, OperationInfo};
    ///
    /// let upload = OperationInfo::new("PutBackup", Method::Put, "(signed URL)").idempotent(true);
    /// let request = PreparedRequest::to_url(upload, "https://example.com/backup?signature=secret")?
    ///     .body(BodySource::file(FileSource::path("backup.json")));
    /// # Ok::<(), stream_http::Error>(())
    /// ```
    ///
    /// # Errors
    /// The scheme of the URL is neither `https` nor `http`, or the URL has no host or contains a
    /// user name.
    pub fn to_url(operation: OperationInfo, url: &str) -> Result<Self, Error> {
        let foreign = foreign_url(url).map_err(|error| error.with_operation(operation))?;
        Ok(Self { foreign: Some(foreign), ..Self::new(operation, "") })
    }

    /// Creates a request from an operation, and encodes its query and body.
    ///
    /// # Errors
    /// The operation cannot be sent, for example because an ID is empty.
    pub fn from_operation<O: Operation>(operation: &O) -> Result<Self, Error> {
        let parts =
            operation.path().and_then(|path| Ok((path, operation.query()?, operation.body()?)));
        Self::from_parts(O::INFO.idempotent(operation.is_idempotent()), parts)
    }

    /// Creates a request from encoded parts. It does not depend on the operation, so it is compiled
    /// only once.
    fn from_parts(
        operation: OperationInfo,
        parts: Result<(String, Query, Body), stream_models::InvalidRequest>,
    ) -> Result<Self, Error> {
        let build = || {
            let (path, query, body) = parts?;
            let body = match body {
                Body::Empty => PreparedBody::Source(BodySource::empty()),
                Body::Json(json) => PreparedBody::Source(BodySource::json(json)),
                Body::Raw(raw) => PreparedBody::Source(BodySource::raw(raw)),
                Body::Multipart(parts) => PreparedBody::Multipart(Multipart::new(parts)?),
                _ => {
                    return Err(Error::invalid_request(
                        "this version of stream-http cannot send such a body",
                    ));
                }
            };
            Ok(Self {
                operation,
                path,
                query,
                body,
                foreign: None,
                #[cfg(feature = "testing")]
                captured: None,
            })
        };
        build().map_err(|error: Error| error.with_operation(operation))
    }

    /// Keeps the operation itself along with its encoded form.
    #[cfg(feature = "testing")]
    pub(crate) fn capture<O: Operation>(mut self, operation: &O) -> Self {
        self.captured = Some(Captured(Arc::new(operation.clone())));
        self
    }

    /// Sets the query; a URL outside of the API keeps its own.
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: BodySource) -> Self {
        self.body = PreparedBody::Source(body);
        self
    }

    /// Sets the file of the form part `name`, replacing an earlier one of that name. The body
    /// becomes a multipart form if it is not one yet.
    pub fn file(mut self, name: &'static str, file: FileSource) -> Self {
        let mut form = match self.body {
            PreparedBody::Multipart(form) => form,
            PreparedBody::Source(_) => Multipart::default(),
        };
        form.set_file(name, file);
        self.body = PreparedBody::Multipart(form);
        self
    }

    /// Returns the operation that the request performs.
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

/// Prepares a call: builds its URL and its body, and determines its timeout.
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
        PreparedBody::Multipart(form) => form.into_source()?,
    };
    let bodiless = matches!(request.operation.method, Method::Get | Method::Delete);
    if bodiless && body.content_type().is_some() {
        return Err(Error::invalid_request("GET and DELETE carry no body"));
    }
    let is_foreign = request.foreign.is_some();
    let uri = match request.foreign {
        Some(uri) => foreign(setup, uri)?,
        None => joined(setup, request.path, &request.query)?,
    };
    let limit = match options.overrides().timeout {
        Some(timeout) => Some(timeout),
        None if body.is_streaming() => None,
        None => Some(setup.settings.timeout),
    };
    let mut call = CallState::new(request.operation, uri, body, options, RequestId::random());
    call.is_foreign = is_foreign;
    call.limit = limit;
    #[cfg(feature = "testing")]
    {
        call.captured = request.captured;
    }
    Ok(call)
}

/// Returns the URL of an operation of the API, including the key of the app.
fn joined(setup: &Setup, path: String, query: &Query) -> Result<Uri, Error> {
    setup.base_url.join(path, [query.as_str(), &setup.key_query]).map_err(|_| {
        Error::invalid_request(
            "path and query are not a valid URL; they must be percent-encoded and below 64 KiB",
        )
    })
}

/// Returns the URL outside of the API, unless it would send data of the app unencrypted.
fn foreign(setup: &Setup, uri: Uri) -> Result<Uri, Error> {
    if setup.base_url.is_encrypted() && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(Error::invalid_request(
            "the URL is not encrypted: expected `https://`, as for the API",
        ));
    }
    Ok(uri)
}
