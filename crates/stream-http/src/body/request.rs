//! The body of a request.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;

use crate::error::BoxError;
use crate::runtime::{BoxBody, MaybeSend, box_body};

/// The body of one attempt, in memory or streaming.
///
/// A transport reads it as an [`http_body::Body`], or takes it whole with
/// [`RequestBody::as_bytes`] if that saves a copy.
pub struct RequestBody(Kind);

enum Kind {
    /// The remaining bytes of a body in memory.
    Bytes(Bytes),
    // The mutex is never contended: it makes the body `Sync`, which reqwest requires.
    Stream(Mutex<BoxBody<BoxError>>),
}

impl RequestBody {
    /// Creates an empty body.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Kind::Bytes(Bytes::new()))
    }

    /// Creates a body in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }

    /// Creates a body that is read while it is sent. An exact size hint is sent as
    /// `Content-Length`; without one, the body is sent chunked.
    pub fn stream<B>(body: B) -> Self
    where
        B: Body<Data = Bytes> + MaybeSend + 'static,
        B::Error: Into<BoxError>,
    {
        Self(Kind::Stream(Mutex::new(box_body(body.map_err(Into::into)))))
    }

    /// Returns the remaining bytes of the body, if it is in memory.
    #[must_use]
    pub fn as_bytes(&self) -> Option<Bytes> {
        match &self.0 {
            Kind::Bytes(bytes) => Some(bytes.clone()),
            Kind::Stream(_) => None,
        }
    }

    /// Returns a copy of the body, if it is in memory.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        self.as_bytes().map(Self::bytes)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Kind::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(stream) => {
                let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
                Pin::new(stream).poll_frame(context)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Kind::Bytes(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(stream) => {
                stream.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
            }
        }
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bytes(bytes) if bytes.is_empty() => f.write_str("RequestBody(empty)"),
            Kind::Bytes(bytes) => write!(f, "RequestBody({} bytes)", bytes.len()),
            Kind::Stream(_) => f.write_str("RequestBody(stream)"),
        }
    }
}
