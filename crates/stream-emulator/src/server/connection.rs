//! Connections on which requests that are not valid HTTP get an error of the API.
//!
//! The HTTP library itself responds to requests that it cannot parse, with a status and no body.
//! That response is recognized when it is written, since no other error is without a body.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::serve::Listener;
use bytes::{Buf, Bytes};
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::envelope::{self, Arrival};
use crate::error::ApiError;
use crate::wire::Form;

/// Accepts connections.
pub(crate) struct Connections(pub(crate) TcpListener);

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Responses are small, and a client waits for each.
        let _ = stream.set_nodelay(true);
        (Connection { stream, response: Bytes::new(), replaced: 0 }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// The address of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// A connection.
pub(crate) struct Connection {
    stream: TcpStream,
    /// The rest of the response that replaces that of the library.
    response: Bytes,
    /// The length of the library's response.
    replaced: usize,
}

impl Connection {
    /// Writes the replacement of `sent`, if there is one.
    fn replace(
        &mut self,
        context: &mut Context<'_>,
        sent: &[u8],
    ) -> Poll<io::Result<Option<usize>>> {
        if self.replaced == 0 {
            let Some(response) = replacement(sent) else {
                return Poll::Ready(Ok(None));
            };
            self.response = response;
            self.replaced = sent.len();
        }
        while self.response.has_remaining() {
            let stream = Pin::new(&mut self.stream);
            match ready!(stream.poll_write(context, &self.response))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.response.advance(written),
            }
        }
        Poll::Ready(Ok(Some(std::mem::take(&mut self.replaced))))
    }
}

/// Returns the API's error that replaces a response of the library.
fn replacement(sent: &[u8]) -> Option<Bytes> {
    let rest = sent.strip_prefix(b"HTTP/1.1 4")?.strip_suffix(b"\r\n\r\n")?;
    let head = std::str::from_utf8(rest).ok()?.to_ascii_lowercase();
    if head.contains("\r\n\r\n") || !head.contains("\r\ncontent-length: 0") {
        return None;
    }
    let status = StatusCode::from_bytes(sent.get(9..12)?).ok()?;
    let (code, problem) = match status {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (24, "the headers are too large"),
        StatusCode::URI_TOO_LONG => (4, "the path is too long"),
        StatusCode::BAD_REQUEST => (4, "the request is not HTTP"),
        _ => return None,
    };
    let error = ApiError::with_numbers(status.as_u16(), code, problem);
    let body = Form::V2.write(&envelope::error_object(error, Arrival::now()));
    let reason = status.canonical_reason().unwrap_or_default();
    let mut response = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         access-control-allow-origin: *\r\nconnection: close\r\n\r\n",
        status.as_u16(),
        body.len(),
    )
    .into_bytes();
    response.extend(body);
    Some(response.into())
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        sent: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Some(written) = ready!(this.replace(context, sent))? {
            return Poll::Ready(Ok(written));
        }
        Pin::new(&mut this.stream).poll_write(context, sent)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        sent: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let [whole] = sent
            && let Some(written) = ready!(this.replace(context, whole))?
        {
            return Poll::Ready(Ok(written));
        }
        Pin::new(&mut this.stream).poll_write_vectored(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_responses_of_the_library_are_replaced() {
        let own = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        let replaced = replacement(own.as_bytes()).unwrap();
        let text = std::str::from_utf8(&replaced).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 400 Bad Request"), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert!(body.contains("\"code\":4"), "{body}");
        for kept in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 7\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}\r\n\r\n",
            "",
        ] {
            assert_eq!(replacement(kept.as_bytes()), None, "{kept}");
        }
    }
}
