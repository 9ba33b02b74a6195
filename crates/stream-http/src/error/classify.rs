//! The classification of the errors of libraries, by their types or, where a type is not public, by
//! their texts.

use std::error::Error;
use std::io;
use std::io::ErrorKind;
use std::iter::successors;

use super::TransportErrorKind;

type Cause = dyn Error + 'static;

/// The text of the error of hyper-util's pool for a request that it passed to no connection: the
/// connection that it waited for was closed before. Its kind is not public.
const CANCELED: &str = "client error (Canceled)";

/// Returns the error and its causes, the outermost first.
fn causes(error: &Cause) -> impl Iterator<Item = &Cause> {
    successors(Some(error), |error| cause(*error))
}

fn cause(error: &Cause) -> Option<&Cause> {
    // Some errors do not include their inner error in the chain of sources.
    if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return Some(inner);
    }
    #[cfg(feature = "http2")]
    if let Some(inner) = error.downcast_ref::<h2::Error>().and_then(h2::Error::get_io) {
        return Some(inner);
    }
    error.source()
}

pub(super) fn kind_of(error: &Cause) -> TransportErrorKind {
    let mut kind = TransportErrorKind::Unknown;
    for found in causes(error).filter_map(kind_of_one) {
        // DNS and TLS failures are causes of generic I/O errors: the most specific kind wins.
        if kind == TransportErrorKind::Unknown
            || matches!(
                found,
                TransportErrorKind::DnsFailure | TransportErrorKind::TlsHandshakeFailed
            )
        {
            kind = found;
        }
    }
    kind
}

/// Returns whether the request was never passed to its connection, or the server states that it did
/// not process it (RFC 9113, section 8.7). This holds only for errors that occurred instead of a
/// response.
pub(super) fn is_refused(error: &Cause) -> bool {
    causes(error).any(is_refusal)
}

fn is_refusal(error: &Cause) -> bool {
    #[cfg(feature = "http2")]
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        // The error of a `GOAWAY` is returned only to the streams that it excludes.
        return error.is_remote()
            && (error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM));
    }
    #[cfg(any(feature = "hyper", feature = "reqwest"))]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_canceled();
    }
    error.to_string() == CANCELED
}

fn kind_of_one(error: &Cause) -> Option<TransportErrorKind> {
    #[cfg(any(feature = "hyper", feature = "reqwest-rustls"))]
    if error.is::<rustls::Error>() {
        return Some(TransportErrorKind::TlsHandshakeFailed);
    }
    #[cfg(any(feature = "hyper", feature = "reqwest"))]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        if error.is_timeout() {
            return Some(TransportErrorKind::Timeout);
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return Some(TransportErrorKind::ConnectionReset);
        }
    }
    #[cfg(feature = "http2")]
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        // A local error means that the response is not valid HTTP/2.
        return error.is_remote().then_some(TransportErrorKind::ConnectionReset);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        match error.kind() {
            ErrorKind::TimedOut => return Some(TransportErrorKind::Timeout),
            ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::NotConnected => return Some(TransportErrorKind::ConnectionReset),
            _ => {}
        }
    }
    let text = error.to_string();
    let says = |needle: &str| text.contains(needle);
    if says("dns error") || says("failed to lookup address") {
        Some(TransportErrorKind::DnsFailure)
    } else if text == CANCELED
        || says("connection closed before message completed")
        || says("connection error: reset")
        || says("end of file before message length reached")
        // The texts of h2 when the peer resets a stream or closes the connection.
        || says("stream error received")
        || says("connection error received")
    {
        Some(TransportErrorKind::ConnectionReset)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TransportError;

    #[test]
    fn a_request_that_waited_for_a_connection_in_vain_was_not_sent() {
        let error = TransportError::classify_unanswered(CANCELED);
        assert!(error.is_before_send());
        assert_eq!(error.kind(), TransportErrorKind::ConnectionReset);
        let error = TransportError::classify_unanswered("client error (SendRequest)");
        assert!(!error.is_before_send());
    }
}
