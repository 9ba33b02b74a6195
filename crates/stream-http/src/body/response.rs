//! The body of a response.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full};

use crate::error::TransportError;
use crate::runtime::{BoxBody, MaybeSend, box_body};

/// The body of a response, read as it arrives.
///
/// The transport returns it as received: decompression and size limits are applied afterwards, the
/// same for every transport.
pub struct ResponseBody(BoxBody<TransportError>);

impl ResponseBody {
    /// Creates an empty body.
    #[must_use]
    pub fn empty() -> Self {
        Self(box_body(Empty::new().map_err(|never| match never {})))
    }

    /// Creates a body in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self(box_body(Full::new(bytes.into()).map_err(|never| match never {})))
    }

    /// Creates a body that is read as it arrives.
    pub fn stream<B>(body: B) -> Self
    where
        B: Body<Data = Bytes> + MaybeSend + 'static,
        B::Error: Into<TransportError>,
    {
        Self(box_body(body.map_err(Into::into)))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody(..)")
    }
}
