//! Reading of a response's body within limits.

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body::Body;
use http_body_util::BodyExt;

#[cfg(feature = "gzip")]
use super::gzip::Gunzip;
#[cfg(not(feature = "gzip"))]
use super::no_gzip::Gunzip;
use crate::body::ResponseBody;
use crate::error::Error;

/// Reads and decompresses a whole body of at most `limit` bytes. `progress` is called whenever data
/// arrives.
pub(crate) async fn collect(
    headers: &HeaderMap,
    body: &mut ResponseBody,
    limit: usize,
    progress: impl Fn(),
) -> Result<Bytes, Error> {
    let mut sink = Sink::new(headers, body, limit)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(Error::transport)?;
        progress();
        if let Ok(data) = frame.into_data() {
            sink.push(data)?;
        }
    }
    sink.finish()
}

enum Sink {
    /// Nothing has arrived yet.
    Empty {
        limit: usize,
        expected: usize,
    },
    /// The only chunk so far: a body in one chunk is not copied.
    One {
        first: Bytes,
        limit: usize,
        expected: usize,
    },
    Many {
        joined: BytesMut,
        limit: usize,
    },
    Gzip {
        gunzip: Box<Gunzip>,
        received: usize,
        limit: usize,
    },
}

impl Sink {
    fn new(headers: &HeaderMap, body: &ResponseBody, limit: usize) -> Result<Self, Error> {
        let encoding = headers
            .get(CONTENT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .trim();
        if encoding.eq_ignore_ascii_case("gzip") || encoding.eq_ignore_ascii_case("x-gzip") {
            return Ok(Self::Gzip { gunzip: Box::new(Gunzip::new(limit)), received: 0, limit });
        }
        if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
            return Err(Error::decode(format!(
                "the response is encoded as {encoding:?}, which was not asked for"
            )));
        }
        let announced = body.size_hint().lower();
        let expected = usize::try_from(announced).unwrap_or(usize::MAX);
        if expected > limit {
            return Err(Error::too_large(limit));
        }
        Ok(Self::Empty { limit, expected })
    }

    fn push(&mut self, data: Bytes) -> Result<(), Error> {
        match self {
            Self::Empty { limit, expected } => {
                within(data.len(), *limit)?;
                *self = Self::One { first: data, limit: *limit, expected: *expected };
            }
            Self::One { first, limit, expected } => {
                let length = first.len().saturating_add(data.len());
                within(length, *limit)?;
                // The announced length may be false, so it reserves at most 4 MiB.
                let mut joined = BytesMut::with_capacity(length.max((*expected).min(4 << 20)));
                joined.extend_from_slice(first);
                joined.extend_from_slice(&data);
                *self = Self::Many { joined, limit: *limit };
            }
            Self::Many { joined, limit } => {
                within(joined.len().saturating_add(data.len()), *limit)?;
                joined.extend_from_slice(&data);
            }
            Self::Gzip { gunzip, received, limit } => {
                *received = received.saturating_add(data.len());
                within(*received, *limit)?;
                gunzip.push(&data).map_err(|error| error.into_error(*limit))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Bytes, Error> {
        match self {
            Self::Empty { .. } => Ok(Bytes::new()),
            Self::One { first, .. } => Ok(first),
            Self::Many { joined, .. } => Ok(joined.freeze()),
            // Responses without content, for example of a proxy, may still announce a compression.
            Self::Gzip { received: 0, .. } => Ok(Bytes::new()),
            Self::Gzip { gunzip, limit, .. } => {
                gunzip.finish().map(Bytes::from).map_err(|error| error.into_error(limit))
            }
        }
    }
}

fn within(length: usize, limit: usize) -> Result<(), Error> {
    if length > limit { Err(Error::too_large(limit)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body::Frame;

    use super::*;
    use crate::error::{ErrorKind, TransportError};

    struct Chunks(VecDeque<&'static [u8]>);

    impl Body for Chunks {
        type Data = Bytes;
        type Error = TransportError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
            Poll::Ready(self.0.pop_front().map(|chunk| Ok(Frame::data(Bytes::from_static(chunk)))))
        }
    }

    async fn read(chunks: &[&'static [u8]], limit: usize) -> Result<Bytes, Error> {
        let mut body = ResponseBody::stream(Chunks(chunks.iter().copied().collect()));
        collect(&HeaderMap::new(), &mut body, limit, || {}).await
    }

    #[tokio::test]
    async fn chunks_are_joined_up_to_the_limit() {
        assert_eq!(read(&[], 0).await.unwrap(), "");
        assert_eq!(read(&[b"abc"], 3).await.unwrap(), "abc");
        assert_eq!(read(&[b"abc", b"de", b"f"], 6).await.unwrap(), "abcdef");
        for chunks in [&[b"abc" as &[u8]][..], &[b"a", b"bc"], &[b"a", b"b", b"c"]] {
            let error = read(chunks, 2).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
        }
    }

    #[tokio::test]
    async fn an_announced_length_over_the_limit_is_not_read() {
        let mut body = ResponseBody::bytes("abcdef");
        let error = collect(&HeaderMap::new(), &mut body, 3, || {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    }

    #[tokio::test]
    async fn an_encoding_that_was_not_asked_for_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, "br".parse().unwrap());
        let error = collect(&headers, &mut ResponseBody::bytes("x"), 3, || {}).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
}
