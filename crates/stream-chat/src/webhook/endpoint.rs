//! Endpoints for events: verification, deduplication, the handler, and the response status.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use ::http::{HeaderMap, StatusCode};

use super::duplicate::{Claimed, DuplicateFilter, Lease, RecentWebhooks};
use super::payload::Payload;
use super::received::Webhook;
use super::receiver::WebhookReceiver;
use super::status::status_of;
use stream_auth::webhook::WebhookError;
use stream_http::{BoxError, Error, MaybeSend, MaybeSync};
use stream_models::events::Event;

/// Receives webhooks and calls a handler once for each event: a receiver, a
/// [filter](DuplicateFilter) and a handler in one.
///
/// The handler is only called for authentic webhooks. If it returns an error, panics or is dropped
/// (because the connection broke, for example after a timeout of the sender), the event is handled
/// at its next delivery. A redelivery while the handler runs gets a status that makes Stream
/// deliver once more. A webhook without an ID is always handled.
///
/// [`handle`](Self::handle) takes the headers and the bytes of the body, from any server. With the
/// feature `axum`, `into_handler` converts the endpoint into a handler. Clones share the filter.
///
/// ```
/// use stream_chat::auth::ApiSecret;
/// use stream_chat::models::events::Event;
/// use stream_chat::webhook::{Webhook, WebhookEndpoint, WebhookReceiver};
/// # use stream_chat::webhook::{SIGNATURE_HEADER, WebhookSigner};
///
/// async fn on_event(webhook: Webhook) -> Result<(), std::io::Error> {
///     if let Event::MessageNew(event) = &webhook.payload {
///         println!("{}: {}", event.message.user.id, event.message.text);
///     }
///     Ok(())
/// }
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let receiver = WebhookReceiver::new(&ApiSecret::new("the secret of your app")?);
/// let endpoint = WebhookEndpoint::new(receiver, on_event);
/// # let body = br#"{"type":"message.new","message":{"text":"hello"}}"#;
/// # let mut headers = http::HeaderMap::new();
/// # headers.insert("x-webhook-id", "1".parse()?);
/// # assert_eq!(endpoint.handle(&headers, body).await.status(), 401);
/// # headers.insert(SIGNATURE_HEADER, WebhookSigner::new(&ApiSecret::new("the secret of your app")?).sign(body).parse()?);
/// let outcome = endpoint.handle(&headers, body).await;
/// assert_eq!(outcome.status(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WebhookEndpoint<H, T = Event> {
    receiver: WebhookReceiver,
    filter: Arc<dyn DuplicateFilter>,
    on_filter_error: Arc<OnFilterError>,
    handler: H,
    payload: PhantomData<fn() -> T>,
}

#[cfg(not(target_family = "wasm"))]
type OnFilterError = dyn Fn(&Error) + Send + Sync;
#[cfg(target_family = "wasm")]
type OnFilterError = dyn Fn(&Error);

/// The outcome of a webhook. [`status`](Self::status) returns the response status.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookOutcome {
    /// The handler succeeded.
    Handled,
    /// An earlier delivery was handled.
    AlreadyHandled,
    /// An earlier delivery is being handled.
    InProgress,
    /// It is not from Stream, or not a webhook.
    Refused(WebhookError),
    /// The handler failed.
    Failed(BoxError),
}

impl WebhookOutcome {
    /// Returns the response status: 200 if the event is or was handled, 503 while an earlier
    /// delivery is in progress, 500 if the handler failed, and [`status`](super::status()) of the
    /// error if it was refused.
    ///
    /// Stream only retries after 408, 429 and 500 or more. Although 409 or 425 would be more
    /// precise than 503, the event would be lost if the handler failed after all.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Handled | Self::AlreadyHandled => StatusCode::OK,
            Self::InProgress => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(error) => status_of(error),
        }
    }
}

impl<H, T, F, E> WebhookEndpoint<H, T>
where
    H: Fn(Webhook<T>) -> F,
    T: Payload,
    F: Future<Output = Result<(), E>>,
    E: Into<BoxError>,
{
    /// Creates an endpoint that remembers handled webhooks within this process, with
    /// [`RecentWebhooks::new`].
    #[cfg(not(target_family = "wasm"))]
    pub fn new(receiver: WebhookReceiver, handler: H) -> Self {
        Self::with_filter(receiver, RecentWebhooks::new(), handler)
    }

    /// Creates an endpoint with a custom filter, such as one that several machines share.
    pub fn with_filter(
        receiver: WebhookReceiver,
        filter: impl DuplicateFilter,
        handler: H,
    ) -> Self {
        Self {
            receiver,
            filter: Arc::new(filter),
            on_filter_error: Arc::new(|_| {}),
            handler,
            payload: PhantomData,
        }
    }

    /// Sets a function that is called with each error of the filter, to log it. If the filter is
    /// not available, the event is handled, which may happen twice.
    #[must_use]
    pub fn on_filter_error(
        mut self,
        report: impl Fn(&Error) + MaybeSend + MaybeSync + 'static,
    ) -> Self {
        self.on_filter_error = Arc::new(report);
        self
    }

    /// Handles a webhook, from the headers and the body of a request. The body must be the received
    /// bytes, neither parsed nor serialized again.
    ///
    /// Dropping the future drops the handler, and the event is handled at its next delivery. Work
    /// that must not be interrupted belongs in a separate task, which the handler may await.
    pub async fn handle(&self, headers: &HeaderMap, body: &[u8]) -> WebhookOutcome {
        match self.receiver.try_receive(headers, body) {
            Ok(webhook) => self.run(webhook).await,
            Err(error) => WebhookOutcome::Refused(error),
        }
    }

    pub(super) async fn run(&self, webhook: Webhook<T>) -> WebhookOutcome {
        let lease = match &webhook.metadata.id {
            None => None,
            Some(id) => match Lease::claim(&self.filter, id).await {
                Ok(Claimed::New(lease)) => Some(lease),
                Ok(Claimed::InProgress) => return WebhookOutcome::InProgress,
                Ok(Claimed::Done) => return WebhookOutcome::AlreadyHandled,
                Err(error) => {
                    (self.on_filter_error)(&error);
                    None
                }
            },
        };
        let outcome = (self.handler)(webhook).await.map_err(Into::into);
        let settled = match (&outcome, lease) {
            (_, None) => Ok(()),
            (Ok(()), Some(lease)) => lease.confirm().await,
            (Err(_), Some(lease)) => lease.release().await,
        };
        if let Err(error) = settled {
            (self.on_filter_error)(&error);
        }
        match outcome {
            Ok(()) => WebhookOutcome::Handled,
            Err(error) => WebhookOutcome::Failed(error),
        }
    }

    #[cfg(feature = "axum")]
    pub(super) fn receiver(&self) -> &WebhookReceiver {
        &self.receiver
    }
}

impl<H: Clone, T> Clone for WebhookEndpoint<H, T> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
            filter: Arc::clone(&self.filter),
            on_filter_error: Arc::clone(&self.on_filter_error),
            handler: self.handler.clone(),
            payload: PhantomData,
        }
    }
}

impl<H, T> fmt::Debug for WebhookEndpoint<H, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
