//! The error of a transport.

use std::error::Error;
use std::fmt;

use super::BoxError;
use super::classify::{is_refused, kind_of};

/// The reason why no response arrived, or why its body was cut off.
///
/// Created by transports. [`TransportError::classify`] finds the kind in the chain of causes, which
/// serves most HTTP clients.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    before_send: bool,
    source: BoxError,
}

/// The class of a [`TransportError`], the same as in Stream's other SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection was refused, reset, or closed before the response was complete.
    ConnectionReset,
    /// Connecting, or a step in the transport, took too long.
    Timeout,
    /// The host name could not be resolved.
    DnsFailure,
    /// The TLS handshake failed, for example because a certificate was not trusted.
    TlsHandshakeFailed,
    /// Anything else, for example a response that is not HTTP.
    Unknown,
}

impl TransportErrorKind {
    /// Returns the name that Stream's SDKs log: `connection_reset`, `timeout`, `dns_failure`,
    /// `tls_handshake_failed` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectionReset => "connection_reset",
            Self::Timeout => "timeout",
            Self::DnsFailure => "dns_failure",
            Self::TlsHandshakeFailed => "tls_handshake_failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ConnectionReset => "connection failed",
            Self::Timeout => "timeout",
            Self::DnsFailure => "DNS failure",
            Self::TlsHandshakeFailed => "TLS handshake failed",
            Self::Unknown => "transport failed",
        })
    }
}

impl TransportError {
    /// Creates an error of a known kind. The request may have reached the server unless
    /// [`TransportError::before_send`] says otherwise.
    ///
    /// The text of `source` is shown: it must not contain the query string, which contains the API
    /// key.
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self { kind, before_send: false, source: source.into() }
    }

    /// Creates an error and derives its kind from the chain of causes: I/O errors by their kind,
    /// TLS and DNS failures by the types and texts of common libraries.
    pub fn classify(source: impl Into<BoxError>) -> Self {
        let source = source.into();
        let kind = kind_of(source.as_ref());
        Self { kind, before_send: false, source }
    }

    /// Classifies like [`TransportError::classify`] an error that occurred instead of a response: a
    /// request that was never sent, or that the server refused before processing it
    /// (`REFUSED_STREAM`, or a `GOAWAY` that excludes it), counts as
    /// [`before_send`](TransportError::before_send).
    pub fn classify_unanswered(source: impl Into<BoxError>) -> Self {
        let source = source.into();
        let before_send = is_refused(source.as_ref());
        Self { before_send, ..Self::classify(source) }
    }

    /// Sets whether the server did not process the request, because no byte of it was sent, for
    /// example because the connection could not be opened, or because the server refused it unread.
    /// Such a request may be retried even if it is not idempotent.
    #[must_use]
    pub const fn before_send(mut self, before_send: bool) -> Self {
        self.before_send = before_send;
        self
    }

    /// Adds a reason for [`TransportError::before_send`].
    #[cfg(any(feature = "reqwest", feature = "hyper"))]
    pub(crate) const fn or_before_send(mut self, before_send: bool) -> Self {
        self.before_send |= before_send;
        self
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn with_kind(mut self, kind: TransportErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// Returns the class of the error.
    #[must_use]
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Returns whether it is certain that the server did not process the request.
    #[must_use]
    pub const fn is_before_send(&self) -> bool {
        self.before_send
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        // The innermost cause says what happened; the outer ones only say that something failed.
        let mut cause: &dyn Error = self.source.as_ref();
        let mut proxy = proxy_of(cause);
        while let Some(next) = cause.source() {
            cause = next;
            proxy = proxy.or_else(|| proxy_of(cause));
        }
        let text = cause.to_string();
        if !text.is_empty() {
            write!(f, ": {text}")?;
        }
        if let Some(proxy) = proxy {
            write!(f, ", through the proxy {proxy}")?;
        }
        match self.advice(&text) {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// An error of a connection through a proxy, given as `host:port`.
#[cfg(all(feature = "hyper", feature = "proxy"))]
#[derive(Debug)]
pub(crate) struct ProxyError {
    pub(crate) proxy: String,
    pub(crate) source: BoxError,
}

#[cfg(all(feature = "hyper", feature = "proxy"))]
impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proxy {} could not be used", self.proxy)
    }
}

#[cfg(all(feature = "hyper", feature = "proxy"))]
impl Error for ProxyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// Returns the proxy of a [`ProxyError`].
#[cfg_attr(not(all(feature = "hyper", feature = "proxy")), allow(clippy::missing_const_for_fn))]
fn proxy_of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e str> {
    #[cfg(all(feature = "hyper", feature = "proxy"))]
    return error.downcast_ref().map(|error: &ProxyError| error.proxy.as_str());
    #[cfg(not(all(feature = "hyper", feature = "proxy")))]
    {
        let _ = error;
        None
    }
}

impl TransportError {
    /// Returns what to do about the innermost cause.
    fn advice(&self, cause: &str) -> Option<&'static str> {
        // The texts of hyper-util and of rustls.
        if cause == "tunnel error: unsuccessful" {
            Some("the proxy does not allow it")
        } else if self.kind != TransportErrorKind::TlsHandshakeFailed {
            None
        } else if cause.contains("UnknownIssuer") {
            Some("add the certificate of its issuer to the transport with `root_certificates_pem`")
        } else if cause.contains("InvalidContentType") {
            Some("the server does not expect TLS at this port")
        } else {
            None
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
