//! The body of a response.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;

use crate::error::TransportError;
use crate::runtime::{BoxBody, MaybeSend, box_body};

/// The body of a response, read as it arrives.
///
/// The transport returns it as received: decompression and size limits are applied afterwards, the
/// same for every transport.
pub struct ResponseBody(Kind);

enum Kind {
    /// The remaining bytes of a body in memory.
    Bytes(Bytes),
    Stream(BoxBody<TransportError>),
    // The transports of this crate have variants of their own, which need no box.
    #[cfg(feature = "hyper")]
    Hyper(::hyper::body::Incoming),
    #[cfg(feature = "reqwest")]
    Reqwest(::reqwest::Body, fn(::reqwest::Error) -> TransportError),
}

impl ResponseBody {
    /// Creates an empty body.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Kind::Bytes(Bytes::new()))
    }

    /// Creates a body in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }

    #[cfg(feature = "hyper")]
    pub(crate) const fn hyper(body: ::hyper::body::Incoming) -> Self {
        Self(Kind::Hyper(body))
    }

    #[cfg(feature = "reqwest")]
    pub(crate) const fn reqwest(
        body: ::reqwest::Body,
        classify: fn(::reqwest::Error) -> TransportError,
    ) -> Self {
        Self(Kind::Reqwest(body, classify))
    }

    /// Creates a body that is read as it arrives.
    pub fn stream<B>(body: B) -> Self
    where
        B: Body<Data = Bytes> + MaybeSend + 'static,
        B::Error: Into<TransportError>,
    {
        Self(Kind::Stream(box_body(body.map_err(Into::into))))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match &mut self.0 {
            Kind::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Stream(stream) => Pin::new(stream).poll_frame(context),
            #[cfg(feature = "hyper")]
            Kind::Hyper(body) => classified(Pin::new(body).poll_frame(context), |error| {
                TransportError::classify(error)
            }),
            #[cfg(feature = "reqwest")]
            Kind::Reqwest(body, classify) => {
                classified(Pin::new(body).poll_frame(context), *classify)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Bytes(bytes) => bytes.is_empty(),
            Kind::Stream(stream) => stream.is_end_stream(),
            #[cfg(feature = "hyper")]
            Kind::Hyper(body) => body.is_end_stream(),
            #[cfg(feature = "reqwest")]
            Kind::Reqwest(body, _) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Stream(stream) => stream.size_hint(),
            #[cfg(feature = "hyper")]
            Kind::Hyper(body) => body.size_hint(),
            #[cfg(feature = "reqwest")]
            Kind::Reqwest(body, _) => body.size_hint(),
        }
    }
}

#[cfg(any(feature = "reqwest", feature = "hyper"))]
fn classified<E>(
    frame: Poll<Option<Result<Frame<Bytes>, E>>>,
    classify: impl FnOnce(E) -> TransportError,
) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
    frame.map(|frame| frame.map(|frame| frame.map_err(classify)))
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody(..)")
    }
}
