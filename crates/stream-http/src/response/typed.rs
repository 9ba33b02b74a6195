//! The typed response of a call.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::{Buf, Bytes};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::decode::decode_tolerantly;
use super::members;
#[cfg(feature = "testing")]
use super::prepared::Prepared;
use crate::error::Error;
use crate::rate_limit::RateLimit;
use crate::request::RequestId;
use stream_models::tolerant::DecodeFailure;
use stream_models::{FileUrl, OperationInfo, RawBody, ResponseMembers, Uploaded};

/// The byte-order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A successful response: its typed body and its headers. It dereferences to the body.
#[derive(Debug, Clone)]
pub struct Response<T> {
    value: T,
    // Boxed, because responses are moved often.
    meta: Box<Meta>,
}

#[derive(Clone)]
struct Meta {
    operation: OperationInfo,
    status: StatusCode,
    headers: HeaderMap,
    request_id: RequestId,
    attempts: u32,
    is_tolerant: bool,
    #[cfg(feature = "testing")]
    prepared: Option<Prepared>,
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
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Returns all headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
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
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// Returns the decompressed body, if
    /// [`CallOptions::keep_raw_body`](crate::CallOptions::keep_raw_body) was set.
    #[must_use]
    pub fn raw_body(&self) -> Option<&Bytes> {
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
    body: Bytes,
    meta: Box<Meta>,
}

impl RawResponse {
    /// Creates a response whose body has not arrived.
    pub(crate) fn new(
        operation: OperationInfo,
        head: http::response::Parts,
        request_id: RequestId,
        attempts: u32,
    ) -> Self {
        let meta = Box::new(Meta {
            operation,
            status: head.status,
            #[cfg(feature = "testing")]
            prepared: head.extensions.get::<Prepared>().cloned(),
            headers: head.headers,
            request_id,
            attempts,
            is_tolerant: false,
            raw_body: None,
            skipped: Vec::new(),
        });
        Self { body: Bytes::new(), meta }
    }

    /// Sets the body, and keeps it in addition to the decoded value if `keep` is set.
    pub(crate) fn set_body(&mut self, body: Bytes, keep: bool) {
        self.meta.raw_body = keep.then(|| body.clone());
        self.body = body;
    }

    /// Sets whether values that cannot be decoded are skipped.
    pub(crate) fn set_tolerant(&mut self, is_tolerant: bool) {
        self.meta.is_tolerant = is_tolerant;
    }

    pub(crate) fn operation(&self) -> OperationInfo {
        self.meta.operation
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    pub(crate) fn rate_limit(&self) -> RateLimit {
        self.meta.rate_limit()
    }

    pub(crate) fn request_id(&self) -> &str {
        self.meta.request_id.as_str()
    }

    pub(crate) fn skipped(&self) -> &[DecodeFailure] {
        &self.meta.skipped
    }

    /// Returns the status: 200 or 201.
    #[must_use]
    pub fn status(&self) -> StatusCode {
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

    /// Decodes the body. `serde_json` limits its nesting to 128 levels.
    ///
    /// # Errors
    /// The body is not JSON of that shape. The error has the status, the request ID and the JSON
    /// path.
    pub fn decode<T: DeserializeOwned>(mut self) -> Result<Response<T>, Error> {
        self.skip_mark();
        self.decode_and(|_| {})
    }

    /// Decodes the body as the response of its operation. Calls `on_skipped` if values of it were
    /// skipped.
    #[inline]
    pub(crate) fn into_response<T: DeserializeOwned + 'static>(
        mut self,
        on_skipped: impl FnOnce(&Self),
    ) -> Result<Response<T>, Error> {
        #[cfg(feature = "testing")]
        if let Some(value) = self.meta.prepared.as_ref().and_then(Prepared::take) {
            return Ok(Response { value, meta: self.meta });
        }
        if self.meta.operation.response == ResponseMembers::Raw {
            return self.into_raw();
        }
        self.skip_mark();
        match members::check(&self.body, self.meta.operation.response) {
            Ok(()) => self.decode_and(on_skipped),
            Err(foreign) => Err(self.refuse::<T>(foreign)),
        }
    }

    /// Returns the body as it is.
    #[cold]
    fn into_raw<T: 'static>(self) -> Result<Response<T>, Error> {
        let mut raw = RawBody::new(self.body.as_ref());
        let content_type = self.meta.headers.get(CONTENT_TYPE);
        raw.content_type = content_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut raw = Some(raw);
        match (&mut raw as &mut dyn Any).downcast_mut::<Option<T>>().and_then(Option::take) {
            Some(value) => Ok(Response { value, meta: self.meta }),
            None => Err(self.describe(Error::decode("the type of a raw response is `RawBody`"))),
        }
    }

    /// Skips the byte-order mark that a proxy may have added, and that `serde_json` refuses.
    #[inline]
    fn skip_mark(&mut self) {
        if self.body.starts_with(BYTE_ORDER_MARK) {
            self.body.advance(BYTE_ORDER_MARK.len());
        }
    }

    // Inlined and without a `Result` in between, so that the value, which may be large, is moved
    // only once.
    #[inline]
    fn decode_and<T: DeserializeOwned>(
        mut self,
        on_skipped: impl FnOnce(&Self),
    ) -> Result<Response<T>, Error> {
        match serde_json::from_slice(&self.body) {
            Ok(value) => Ok(Response { value, meta: self.meta }),
            Err(error) => {
                let value = self.recover(&error)?;
                if !self.skipped().is_empty() {
                    on_skipped(&self);
                }
                Ok(Response { value, meta: self.meta })
            }
        }
    }

    #[cold]
    fn recover<T: DeserializeOwned>(&mut self, error: &serde_json::Error) -> Result<T, Error> {
        let skipped = self.meta.is_tolerant.then_some(&mut self.meta.skipped);
        decode_tolerantly(&self.body, skipped, error).map_err(|error| self.describe(error))
    }

    #[cold]
    fn refuse<T: DeserializeOwned>(mut self, foreign: Error) -> Error {
        // The error of the decoder is more specific.
        match serde_json::from_slice::<T>(&self.body) {
            Ok(_) => self.describe(foreign),
            Err(error) => self.recover::<T>(&error).err().unwrap_or_else(|| self.describe(foreign)),
        }
    }

    #[cold]
    fn describe(&self, error: Error) -> Error {
        error
            .with_operation(self.meta.operation)
            .with_status(self.meta.status)
            .with_limits(self.meta.rate_limit(), None)
            .with_call(self.meta.request_id.as_str(), self.meta.attempts)
            .with_body(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.meta.operation.id)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("meta", &self.meta)
            .finish()
    }
}
