//! Verification and parsing of webhooks.

use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderMap, Request};
#[cfg(feature = "axum")]
use tokio::sync::Semaphore;

use super::before_message_send::BeforeMessageSendRequest;
use super::custom_command::CustomCommandRequest;
use super::metadata::WebhookMetadata;
use super::payload::Payload;
use super::received::Webhook;
use crate::client::Client;
use stream_auth::ApiSecret;
#[cfg(feature = "axum")]
use stream_auth::webhook::WebhookSignature;
use stream_auth::webhook::{
    DEFAULT_MAX_BODY_SIZE, SIGNATURE_HEADER, VerifiedBody, WebhookError, WebhookVerifier,
};
use stream_http::Error;
use stream_models::events::Event;

/// The default time in which the body of a request must arrive. Stream gives up after 6 seconds.
const DEFAULT_READ_TIMEOUT: Duration = Duration::from_secs(6);

/// The maximum size in bytes of all large bodies that are read at the same time.
#[cfg(feature = "axum")]
const BUFFERED_BODIES: usize = 64 << 20;

/// Verifies, decompresses and parses the webhooks of an app.
///
/// Create it once and reuse it: the keys are prepared on creation, and clones are cheap. Its
/// `Debug` output contains no secret.
///
/// Pass it the bytes as received. A body that was parsed and serialized again has other bytes, so
/// its signature does not match.
#[derive(Debug, Clone)]
#[doc(alias = "verifyWebhook")]
#[doc(alias = "verify_webhook")]
pub struct WebhookReceiver(Arc<Settings>);

#[derive(Debug, Clone)]
struct Settings {
    verifier: WebhookVerifier,
    max_body_size: usize,
    read_timeout: Duration,
    is_tolerant: bool,
    /// The permits of large bodies that are read at the same time.
    #[cfg(feature = "axum")]
    large_bodies: Arc<Semaphore>,
}

impl WebhookReceiver {
    /// Creates a receiver for the app with this secret. The maximum body size is
    /// [`DEFAULT_MAX_BODY_SIZE`] (1 MiB).
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self(Arc::new(Settings {
            verifier: WebhookVerifier::new(secret),
            max_body_size: DEFAULT_MAX_BODY_SIZE,
            read_timeout: DEFAULT_READ_TIMEOUT,
            is_tolerant: false,
            #[cfg(feature = "axum")]
            large_bodies: large_bodies(DEFAULT_MAX_BODY_SIZE),
        }))
    }

    /// Accepts the signatures of another secret as well, while the secret is rotated.
    #[must_use]
    pub fn also_accept(mut self, secret: &ApiSecret) -> Self {
        let settings = Arc::make_mut(&mut self.0);
        settings.verifier = settings.verifier.clone().also_accept(secret);
        self
    }

    /// Sets the maximum body size in bytes, both as received and decompressed; 1 MiB by default.
    ///
    /// The extractors and handlers of the feature `axum` read bodies of more than 16 KiB only as
    /// many at the same time as fit into 64 MiB; others wait, within the read timeout.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        let settings = Arc::make_mut(&mut self.0);
        settings.verifier = settings.verifier.clone().max_body_size(bytes);
        settings.max_body_size = bytes;
        #[cfg(feature = "axum")]
        {
            settings.large_bodies = large_bodies(bytes);
        }
        self
    }

    /// Sets the time in which the body of a request must arrive; 6 seconds by default, after which
    /// Stream gives up too. It only applies where the SDK reads the body itself, in the extractors
    /// and handlers of the feature `axum`, and requires the timer of the tokio runtime.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        Arc::make_mut(&mut self.0).read_timeout = timeout;
        self
    }

    /// Sets whether places of an event that cannot be decoded are skipped and listed in
    /// [`Webhook::skipped`]. Off by default: such an event becomes [`Event::Other`], so that
    /// handlers do not mistake a field that cannot be decoded for an empty one. At most 16 places
    /// are skipped.
    ///
    /// The requests of synchronous hooks are always decoded in this way.
    #[must_use]
    pub fn tolerant(mut self, is_tolerant: bool) -> Self {
        Arc::make_mut(&mut self.0).is_tolerant = is_tolerant;
        self
    }

    /// Verifies and decodes an event, from the headers and the body of a request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    #[inline]
    pub fn event(&self, headers: &HeaderMap, body: &[u8]) -> Result<Webhook<Event>, Error> {
        self.receive(headers, body)
    }

    /// Verifies and decodes the request of the hook before a message is sent, from the headers and
    /// the body of a request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    #[inline]
    pub fn before_message_send(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<BeforeMessageSendRequest>, Error> {
        self.receive(headers, body)
    }

    /// Verifies and decodes the request of a custom command, from the headers and the body of a
    /// request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    #[inline]
    pub fn custom_command(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<CustomCommandRequest>, Error> {
        self.receive(headers, body)
    }

    /// Verifies and decodes a webhook of any type, from the headers and the body of a request, such
    /// as the `headers` of `http::request::Parts`.
    ///
    /// ```
    /// use http::request::Parts;
    /// use stream_chat::models::events::Event;
    /// use stream_chat::webhook::{Webhook, WebhookReceiver};
    ///
    /// fn event_of(
    ///     receiver: &WebhookReceiver,
    ///     parts: &Parts,
    ///     body: &[u8],
    /// ) -> Result<Webhook<Event>, stream_chat::Error> {
    ///     receiver.receive(&parts.headers, body)
    /// }
    /// ```
    ///
    /// An authentic event is never refused because of its fields; see [`Event::from_slice`].
    ///
    /// # Errors
    /// An error of the kind [`ErrorKind::Unverified`](crate::ErrorKind::Unverified), from which
    /// [`Error::downcast_ref`] returns the [`WebhookError`]. In this order:
    /// [`WebhookError::MissingSignature`], [`WebhookError::SignatureMismatch`] if the signature is
    /// malformed or there are several, [`WebhookError::TooLarge`] and [`WebhookError::GzipFailed`]
    /// (the signature is that of the uncompressed body), [`WebhookError::SignatureMismatch`], and
    /// only then [`WebhookError::MissingType`] and [`WebhookError::InvalidJson`] if the body is not
    /// an event at all. [`status`](super::status()) returns the response status for it.
    pub fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<T>, Error> {
        Ok(self.try_receive(headers, body)?)
    }

    /// Does the same as [`receive`](Self::receive), with the specific error type.
    pub(super) fn try_receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<T>, WebhookError> {
        let json = self.0.verifier.verify(body, signature_of(headers)?)?.into_vec();
        self.read_verified(headers, json)
    }

    /// Verifies and decodes a webhook of any type, from a request with a complete body.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn receive_request<T: Payload>(
        &self,
        request: &Request<impl AsRef<[u8]>>,
    ) -> Result<Webhook<T>, Error> {
        self.receive(request.headers(), request.body().as_ref())
    }

    /// Verifies and decodes the payload of a webhook, for a server without `HeaderMap`; `signature`
    /// is the value of the header [`SIGNATURE_HEADER`].
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn read<T: Payload>(&self, signature: Option<&[u8]>, body: &[u8]) -> Result<T, Error> {
        let json = self.verify(signature, body)?;
        Ok(T::read(json.as_bytes(), self.0.is_tolerant)?.0)
    }

    /// Verifies and decompresses the JSON of a webhook, without parsing it.
    ///
    /// # Errors
    /// Those of [`receive`](Self::receive) that precede parsing.
    pub fn verify<'b>(
        &self,
        signature: Option<&[u8]>,
        body: &'b [u8],
    ) -> Result<VerifiedBody<'b>, Error> {
        Ok(self.0.verifier.verify(body, signature)?)
    }

    pub(super) fn read_verified<T: Payload>(
        &self,
        headers: &HeaderMap,
        json: Vec<u8>,
    ) -> Result<Webhook<T>, WebhookError> {
        Webhook::read(WebhookMetadata::from_headers(headers), json, self.0.is_tolerant)
    }

    #[cfg(feature = "axum")]
    pub(super) fn verifier(&self) -> &WebhookVerifier {
        &self.0.verifier
    }

    #[cfg(feature = "axum")]
    pub(super) fn limits(&self) -> (usize, Duration) {
        (self.0.max_body_size, self.0.read_timeout)
    }

    #[cfg(feature = "axum")]
    pub(super) fn large_bodies(&self) -> &Semaphore {
        &self.0.large_bodies
    }
}

/// Returns the permits of large bodies, each of at most `max_body_size`.
#[cfg(feature = "axum")]
fn large_bodies(max_body_size: usize) -> Arc<Semaphore> {
    let permits = BUFFERED_BODIES / max_body_size.max(1);
    Arc::new(Semaphore::new(permits.max(1)))
}

/// Returns the signature, if the request has one.
///
/// # Errors
/// The request has several signatures: a proxy between Stream and this server may verify another
/// one than this server does.
fn signature_of(headers: &HeaderMap) -> Result<Option<&[u8]>, WebhookError> {
    let mut signatures = headers.get_all(SIGNATURE_HEADER).iter();
    match (signatures.next(), signatures.next()) {
        (_, Some(_)) => Err(WebhookError::SignatureMismatch),
        (signature, None) => Ok(signature.map(::http::HeaderValue::as_bytes)),
    }
}

/// Returns the signature of a request before its body is read.
#[cfg(feature = "axum")]
pub(super) fn parse_signature(headers: &HeaderMap) -> Result<WebhookSignature, WebhookError> {
    WebhookSignature::parse(signature_of(headers)?)
}

impl Client {
    /// Returns a receiver for the webhooks of this app, which are signed with its secret. This
    /// sends no request.
    ///
    /// # Errors
    /// The client acts as a user and has no secret.
    pub fn webhook_receiver(&self) -> Result<WebhookReceiver, Error> {
        self.secret().map(WebhookReceiver::new)
    }
}
