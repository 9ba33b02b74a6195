use super::before_message_send::BeforeMessageSendRequest;
use super::custom_command::CustomCommandRequest;
use super::metadata::WebhookMetadata;
use super::payload::Payload;
use crate::client::Client;
use ::http::{HeaderMap, Request};
use std::sync::Arc;
use stream_auth::ApiSecret;
use stream_auth::webhook::{
    DEFAULT_MAX_BODY_SIZE, SIGNATURE_HEADER, VerifiedBody, WebhookError, WebhookVerifier,
};
use stream_http::Error;
use stream_models::events::Event;

/// A webhook that came from Stream, verified and parsed.
///
/// With the feature `axum` it is an extractor: a handler that takes a `Webhook` is called for
/// requests of Stream alone.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Webhook<T = Event> {
    /// What the headers say.
    pub metadata: WebhookMetadata,
    /// What the body says: an [`Event`], or the request of a synchronous hook.
    pub payload: T,
}

/// Verifies, unpacks and parses the webhooks of an app.
///
/// Make it once and keep it: it prepares the keys when it is made, and is cheap to clone. Its
/// `Debug` shows no secret.
///
/// Give it the bytes as they came. A body that was parsed and written again is another sequence of
/// bytes, and its signature never matches.
#[derive(Debug, Clone)]
pub struct WebhookReceiver(Arc<Settings>);

#[derive(Debug, Clone)]
struct Settings {
    verifier: WebhookVerifier,
    max_body_size: usize,
}

impl WebhookReceiver {
    /// A receiver for the app that `secret` belongs to. A body may measure
    /// [`DEFAULT_MAX_BODY_SIZE`] (8 MiB).
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self(Arc::new(Settings {
            verifier: WebhookVerifier::new(secret),
            max_body_size: DEFAULT_MAX_BODY_SIZE,
        }))
    }

    /// Accepts the signatures of another secret as well, while a secret is being replaced.
    #[must_use]
    pub fn also_accept(mut self, secret: &ApiSecret) -> Self {
        let settings = Arc::make_mut(&mut self.0);
        settings.verifier = settings.verifier.clone().also_accept(secret);
        self
    }

    /// The most that a body may measure in bytes, as it came and unpacked.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        let settings = Arc::make_mut(&mut self.0);
        settings.verifier = settings.verifier.clone().max_body_size(bytes);
        settings.max_body_size = bytes;
        self
    }

    /// An event, from the headers and the body of a request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn event(&self, headers: &HeaderMap, body: &[u8]) -> Result<Webhook<Event>, WebhookError> {
        self.receive(headers, body)
    }

    /// What the hook is asked before a message is sent, from the headers and the body of a request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn before_message_send(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<BeforeMessageSendRequest>, WebhookError> {
        self.receive(headers, body)
    }

    /// The use of a command of your own, from the headers and the body of a request.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn custom_command(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<CustomCommandRequest>, WebhookError> {
        self.receive(headers, body)
    }

    /// A webhook of any kind, from the headers and the body of a request; with
    /// `http::request::Parts`, from its `headers`.
    ///
    /// ```
    /// use http::request::Parts;
    /// use stream_chat::models::events::Event;
    /// use stream_chat::webhook::{Webhook, WebhookError, WebhookReceiver};
    ///
    /// fn event_of(
    ///     receiver: &WebhookReceiver,
    ///     parts: &Parts,
    ///     body: &[u8],
    /// ) -> Result<Webhook<Event>, WebhookError> {
    ///     receiver.receive(&parts.headers, body)
    /// }
    /// ```
    ///
    /// # Errors
    /// In this order: [`WebhookError::MissingSignature`], [`WebhookError::TooLarge`] and
    /// [`WebhookError::GzipFailed`] (the signature is that of the uncompressed body),
    /// [`WebhookError::SignatureMismatch`], and only then [`WebhookError::MissingType`] and
    /// [`WebhookError::InvalidJson`]. [`status`](super::status()) says what to answer.
    pub fn receive<T: Payload>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Webhook<T>, WebhookError> {
        Ok(Webhook {
            payload: self.read(signature(headers), body)?,
            metadata: WebhookMetadata::from_headers(headers),
        })
    }

    /// A webhook of any kind, from a request whose body is there as a whole.
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn receive_request<T: Payload>(
        &self,
        request: &Request<impl AsRef<[u8]>>,
    ) -> Result<Webhook<T>, WebhookError> {
        self.receive(request.headers(), request.body().as_ref())
    }

    /// What the body says, for a server that has no `HeaderMap`; `signature` is the value of the
    /// header [`SIGNATURE_HEADER`].
    ///
    /// # Errors
    /// See [`receive`](Self::receive).
    pub fn read<T: Payload>(
        &self,
        signature: Option<&[u8]>,
        body: &[u8],
    ) -> Result<T, WebhookError> {
        T::from_json(self.verify(signature, body)?.as_bytes())
    }

    /// The JSON of a webhook, verified, unpacked and not parsed.
    ///
    /// # Errors
    /// Those of [`receive`](Self::receive) that come before the parsing.
    pub fn verify<'b>(
        &self,
        signature: Option<&[u8]>,
        body: &'b [u8],
    ) -> Result<VerifiedBody<'b>, WebhookError> {
        self.0.verifier.verify(body, signature)
    }

    #[cfg(feature = "axum")]
    pub(super) fn body_limit(&self) -> usize {
        self.0.max_body_size
    }
}

/// The signature, if the request has one.
pub(super) fn signature(headers: &HeaderMap) -> Option<&[u8]> {
    headers.get(SIGNATURE_HEADER).map(::http::HeaderValue::as_bytes)
}

impl Client {
    /// A receiver for the webhooks of this app, which are signed with its secret. Nothing is sent.
    ///
    /// # Errors
    /// The client acts as a user and has no secret.
    pub fn webhook_receiver(&self) -> Result<WebhookReceiver, Error> {
        self.secret().map(WebhookReceiver::new)
    }
}
