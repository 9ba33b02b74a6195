//! The source of a request's body.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{HeaderValue, InvalidHeaderValue};

use super::RequestBody;
use crate::error::BoxError;
use crate::runtime::{BoxFuture, MaybeSend, MaybeSync};
use stream_models::RawBody;

/// The source of a request's body. Each attempt takes a body from it.
///
/// A failed request can be sent again if its source is in memory or can be opened again, but not if
/// it is a stream that can be read only once.
#[derive(Clone)]
pub struct BodySource {
    content_type: Option<Cow<'static, str>>,
    replayable: bool,
    kind: Kind,
}

#[cfg(not(target_family = "wasm"))]
type Open = dyn Fn() -> BoxFuture<'static, Result<RequestBody, BoxError>> + Send + Sync;
#[cfg(target_family = "wasm")]
type Open = dyn Fn() -> BoxFuture<'static, Result<RequestBody, BoxError>>;

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    Open(Arc<Open>),
    Once(Arc<Mutex<Option<RequestBody>>>),
}

impl BodySource {
    /// Creates a source of empty bodies.
    #[must_use]
    pub const fn empty() -> Self {
        Self { content_type: None, replayable: true, kind: Kind::Bytes(Bytes::new()) }
    }

    /// Creates a source from encoded JSON.
    pub fn json(encoded: impl Into<Bytes>) -> Self {
        Self {
            content_type: Some(Cow::Borrowed("application/json")),
            replayable: true,
            kind: Kind::Bytes(encoded.into()),
        }
    }

    /// Creates a source from bytes or text; without a media type, it is that of bytes.
    #[must_use]
    pub fn raw(body: RawBody) -> Self {
        let content_type = body.content_type.map(Cow::Owned);
        Self {
            content_type: content_type.or(Some(Cow::Borrowed("application/octet-stream"))),
            replayable: true,
            kind: Kind::Bytes(body.content.into()),
        }
    }

    /// Creates a source that calls `open` for each attempt, for example to open a file.
    pub fn reopen<F, R>(content_type: impl Into<String>, open: F) -> Self
    where
        F: Fn() -> R + MaybeSend + MaybeSync + 'static,
        R: Future<Output = Result<RequestBody, BoxError>> + MaybeSend + 'static,
    {
        Self {
            content_type: Some(Cow::Owned(content_type.into())),
            replayable: true,
            kind: Kind::Open(Arc::new(move || Box::pin(open()))),
        }
    }

    /// Creates a source that can be read only once: the request is not retried after its first
    /// attempt.
    pub fn once(content_type: impl Into<String>, body: RequestBody) -> Self {
        Self {
            content_type: Some(Cow::Owned(content_type.into())),
            replayable: false,
            kind: Kind::Once(Arc::new(Mutex::new(Some(body)))),
        }
    }

    /// Returns the media type of the body; `None` without a body.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the value of the `Content-Type` header; a static one is not copied.
    pub(crate) fn content_type_header(&self) -> Result<Option<HeaderValue>, InvalidHeaderValue> {
        match &self.content_type {
            None => Ok(None),
            Some(Cow::Borrowed(known)) => Ok(Some(HeaderValue::from_static(known))),
            Some(Cow::Owned(given)) => HeaderValue::from_str(given).map(Some),
        }
    }

    /// Returns whether the body can be created again for a retry.
    #[must_use]
    pub const fn is_replayable(&self) -> bool {
        self.replayable
    }

    pub(crate) const fn replayable(mut self, replayable: bool) -> Self {
        self.replayable = replayable;
        self
    }

    /// Returns whether the body is read while it is sent. Such calls have an idle timeout instead
    /// of a deadline.
    #[must_use]
    pub const fn is_streaming(&self) -> bool {
        !matches!(self.kind, Kind::Bytes(_))
    }

    /// Returns the body, if it is in memory.
    pub(crate) fn as_bytes(&self) -> Option<&Bytes> {
        match &self.kind {
            Kind::Bytes(bytes) => Some(bytes),
            Kind::Open(_) | Kind::Once(_) => None,
        }
    }

    pub(crate) async fn open(&self) -> Result<RequestBody, BoxError> {
        match &self.kind {
            Kind::Bytes(bytes) => Ok(RequestBody::bytes(bytes.clone())),
            Kind::Open(open) => open().await,
            Kind::Once(slot) => slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
                .ok_or_else(|| "the body can be read only once and was already sent".into()),
        }
    }
}

impl fmt::Debug for BodySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Kind::Open(_) => "reopened for each attempt".to_owned(),
            Kind::Once(_) => "read once".to_owned(),
        };
        f.debug_struct("BodySource")
            .field("content_type", &self.content_type)
            .field("kind", &kind)
            .finish()
    }
}
