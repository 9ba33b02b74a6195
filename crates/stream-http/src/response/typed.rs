//! The typed response of a call.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

#[cfg(feature = "testing")]
use super::prepared::Prepared;
use super::{decode, members};
use crate::error::Error;
use crate::rate_limit::RateLimit;
use crate::request::RequestId;
use stream_models::tolerant::DecodeFailure;
use stream_models::{FileUrl, OperationInfo, Uploaded};

/// A successful response: its typed body and its headers. It dereferences to the body.
#[derive(Debug, Clone)]
pub struct Response<T> {
    value: T,
    meta: Meta,
}

#[derive(Clone)]
struct Meta {
    status: StatusCode,
    headers: HeaderMap,
    request_id: RequestId,
    attempts: u32,
    raw_body: Option<Bytes>,
    skipped: Vec<DecodeFailure>,
}

impl<T> Response<T> {
    /// Returns the body without the rest of the response.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the status: 200 or 201.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Returns all headers.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// Returns the rate limit that the response reported.
    #[must_use]
    pub fn rate_limit(&self) -> RateLimit {
        self.meta.rate_limit()
    }

    /// Returns the ID that was sent as `x-client-request-id`.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.meta.request_id.as_str()
    }

    /// Returns the number of attempts; 1 if the request was not retried.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// Returns the decompressed body, if
    /// [`CallOptions::keep_raw_body`](crate::CallOptions::keep_raw_body) was set.
    #[must_use]
    pub const fn raw_body(&self) -> Option<&Bytes> {
        self.meta.raw_body.as_ref()
    }

    /// Returns the places of the body that could not be decoded and were skipped; always empty
    /// without [`ExecutorBuilder::tolerant`](crate::ExecutorBuilder::tolerant).
    #[must_use]
    pub fn skipped(&self) -> &[DecodeFailure] {
        &self.meta.skipped
    }

    /// Converts the body of the response.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response { value: f(self.value), meta: self.meta }
    }
}

impl<T: Uploaded> Uploaded for Response<T> {
    fn file_url(&self) -> FileUrl {
        self.value.file_url()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl Meta {
    /// Parses the headers only when it is called, because most callers do not use the rate limit.
    fn rate_limit(&self) -> RateLimit {
        RateLimit::from_headers(&self.headers)
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("rate_limit", &self.rate_limit())
            .field("request_id", &self.request_id.as_str())
            .field("attempts", &self.attempts)
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}

/// A successful response that is not decoded yet.
pub struct RawResponse {
    operation: OperationInfo,
    body: Bytes,
    is_tolerant: bool,
    #[cfg(feature = "testing")]
    prepared: Option<Prepared>,
    meta: Meta,
}

impl RawResponse {
    pub(crate) fn new(
        operation: OperationInfo,
        head: http::response::Parts,
        body: Bytes,
        request_id: RequestId,
        attempts: u32,
    ) -> Self {
        #[cfg(feature = "testing")]
        let prepared = head.extensions.get::<Prepared>().cloned();
        let meta = Meta {
            status: head.status,
            headers: head.headers,
            request_id,
            attempts,
            raw_body: None,
            skipped: Vec::new(),
        };
        Self {
            operation,
            body,
            is_tolerant: false,
            #[cfg(feature = "testing")]
            prepared,
            meta,
        }
    }

    /// Keeps the body in addition to the decoded value.
    pub(crate) fn keep_body(mut self, keep: bool) -> Self {
        self.meta.raw_body = keep.then(|| self.body.clone());
        self
    }

    /// Sets whether values that cannot be decoded are skipped.
    pub(crate) const fn tolerant(mut self, is_tolerant: bool) -> Self {
        self.is_tolerant = is_tolerant;
        self
    }

    pub(crate) const fn operation(&self) -> OperationInfo {
        self.operation
    }

    /// Returns the status: 200 or 201.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Returns the decompressed body.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// Converts the response to one whose body is the raw bytes.
    #[must_use]
    pub fn into_bytes(self) -> Response<Bytes> {
        Response { value: self.body, meta: self.meta }
    }

    /// Decodes the body.
    ///
    /// # Errors
    /// The body is not JSON of that shape. The error has the status, the request ID and the JSON
    /// path.
    pub fn decode<T: DeserializeOwned>(mut self) -> Result<Response<T>, Error> {
        let skipped = self.is_tolerant.then_some(&mut self.meta.skipped);
        match decode(&self.body, skipped) {
            Ok(value) => Ok(Response { value, meta: self.meta }),
            Err(error) => Err(self.describe(error)),
        }
    }

    /// Decodes the body as the response of its operation.
    pub(crate) fn into_response<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, Error> {
        #[cfg(feature = "testing")]
        if let Some(value) = self.prepared.as_ref().and_then(Prepared::take) {
            return Ok(Response { value, meta: self.meta });
        }
        match members::check(&self.body, self.operation.response) {
            Ok(()) => self.decode(),
            Err(foreign) => Err(self.refuse::<T>(foreign)),
        }
    }

    #[cold]
    fn refuse<T: DeserializeOwned>(mut self, foreign: Error) -> Error {
        let skipped = self.is_tolerant.then_some(&mut self.meta.skipped);
        // The error of the decoder is more specific.
        let error = decode::<T>(&self.body, skipped).err().unwrap_or(foreign);
        self.describe(error)
    }

    #[cold]
    fn describe(self, error: Error) -> Error {
        error
            .with_operation(self.operation)
            .with_status(self.meta.status)
            .with_limits(self.meta.rate_limit(), None)
            .with_call(self.meta.request_id.as_str(), self.meta.attempts)
            .with_body(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation.id)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("meta", &self.meta)
            .finish()
    }
}
