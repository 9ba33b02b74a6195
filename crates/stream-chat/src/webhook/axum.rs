//! Webhooks in axum: extractors, endpoints as handlers, and responses.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::task::Poll;

use ::http::{HeaderValue, StatusCode, header};
use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::BytesMut;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::before_message_send::BeforeMessageSendResponse;
use super::custom_command::CustomCommandResponse;
use super::endpoint::{WebhookEndpoint, WebhookOutcome};
use super::payload::Payload;
use super::received::Webhook;
use super::receiver::{self, WebhookReceiver};
use super::status::status_of;
use super::verdict::Verdict;
use stream_auth::webhook::{WebhookError, WebhookSignature};
use stream_http::{BoxError, BoxFuture};

/// The maximum size of a body that is read whatever else is read, in bytes. Events are mostly smaller.
const SMALL_BODY: usize = 16 * 1024;

/// Uses the state's [`WebhookReceiver`], whose size limit and read timeout apply to the body; a
/// `DefaultBodyLimit` of axum has no effect. A request without a well-formed signature is refused
/// before its body is read, and decompression and verification yield to other connections.
impl<T, S> FromRequest<S> for Webhook<T>
where
    T: Payload,
    S: Send + Sync,
    WebhookReceiver: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        receive(&WebhookReceiver::from_ref(state), request).await
    }
}

impl<H, T, F, E> WebhookEndpoint<H, T>
where
    H: Fn(Webhook<T>) -> F + Clone + Send + Sync + 'static,
    T: Payload + Send + 'static,
    F: Future<Output = Result<(), E>> + Send,
    E: Into<BoxError> + Send,
{
    /// Converts the endpoint into a handler for axum, which any router accepts whatever its state.
    ///
    /// ```
    /// use axum::Router;
    /// use axum::routing::post;
    /// use stream_chat::webhook::{Webhook, WebhookEndpoint, WebhookReceiver};
    ///
    /// fn app(receiver: WebhookReceiver) -> Router {
    ///     let endpoint = WebhookEndpoint::new(receiver, |webhook: Webhook| async move {
    ///         println!("{}", webhook.event_type());
    ///         Ok::<(), std::io::Error>(())
    ///     });
    ///     Router::new().route("/webhooks/stream", post(endpoint.into_handler()))
    /// }
    /// # let _ = app;
    /// ```
    pub fn into_handler(
        self,
    ) -> impl Fn(Request) -> BoxFuture<'static, Response> + Clone + Send + Sync + 'static {
        move |request| {
            let endpoint = self.clone();
            Box::pin(async move {
                match receive(endpoint.receiver(), request).await {
                    Ok(webhook) => endpoint.run(webhook).await.into_response(),
                    Err(rejection) => rejection.into_response(),
                }
            })
        }
    }
}

/// Lets a handler return the outcome. The response to a failure contains no details: the error is
/// for the log of this server.
impl IntoResponse for WebhookOutcome {
    fn into_response(self) -> Response {
        let status = self.status();
        match self {
            Self::Refused(error) => WebhookRejection::from(error).into_response(),
            Self::InProgress => {
                let second = HeaderValue::from_static("1");
                (status, [(header::RETRY_AFTER, second)]).into_response()
            }
            _ => status.into_response(),
        }
    }
}

async fn receive<T: Payload>(
    receiver: &WebhookReceiver,
    request: Request,
) -> Result<Webhook<T>, WebhookRejection> {
    let (parts, body) = request.into_parts();
    let signature = receiver::parse_signature(&parts.headers)?;
    let (limit, timeout) = receiver.limits();
    if announced_length(&parts.headers).is_some_and(|length| length > limit) {
        return Err(WebhookError::TooLarge { limit }.into());
    }
    let (body, permit) = tokio::time::timeout(timeout, read(body, limit, receiver.large_bodies()))
        .await
        .unwrap_or(Err(WebhookRejection::TimedOut))?;
    let json = verify(receiver, &body, signature).await?;
    drop(permit);
    Ok(receiver.read_verified(&parts.headers, json)?)
}

fn announced_length(headers: &::http::HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Verifies and decompresses the body, and yields between the steps.
async fn verify(
    receiver: &WebhookReceiver,
    body: &[u8],
    signature: WebhookSignature,
) -> Result<Vec<u8>, WebhookError> {
    let mut verification = receiver.verifier().start(body, signature)?;
    loop {
        match verification.step() {
            Some(outcome) => return Ok(outcome?.into_vec()),
            None => yield_now().await,
        }
    }
}

async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Reads a body, and waits for a permit if it is large: anyone can send many bodies that are not
/// authentic, and take their time.
async fn read(
    body: Body,
    limit: usize,
    large_bodies: &Semaphore,
) -> Result<(BytesMut, Option<SemaphorePermit<'_>>), WebhookRejection> {
    let mut body = Limited::new(body, limit);
    let (mut bytes, mut permit) = (BytesMut::new(), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match is_limit(&*error) {
            true => WebhookError::TooLarge { limit }.into(),
            false => WebhookRejection::Unreadable(error),
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if permit.is_none() && bytes.len().saturating_add(data.len()) > SMALL_BODY {
            // The semaphore is never closed.
            permit = large_bodies.acquire().await.ok();
        }
        bytes.extend_from_slice(&data);
    }
    Ok((bytes, permit))
}

/// Returns whether a body limit was exceeded: the receiver's, or that of a layer around it.
fn is_limit(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The reason why a request did not reach the handler. As a response it has the status of
/// [`status`](WebhookRejection::status) and the reason as text.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// It is not from Stream, or not of the expected type.
    Refused(WebhookError),
    /// Its body could not be read completely.
    Unreadable(BoxError),
    /// Its body did not arrive in time.
    TimedOut,
}

impl WebhookRejection {
    /// Returns 401 if the request is not signed or its signature does not match, 413 if its body is
    /// too large, 408 if it did not arrive in time, 400 for anything else.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(error) => status_of(error),
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

impl From<WebhookError> for WebhookRejection {
    fn from(error: WebhookError) -> Self {
        Self::Refused(error)
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Unreadable(_) => f.write_str("the body of the webhook could not be read"),
            Self::TimedOut => f.write_str("the body of the webhook did not arrive in time"),
        }
    }
}

impl StdError for WebhookRejection {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Refused(error) => error.source(),
            Self::Unreadable(error) => Some(&**error),
            Self::TimedOut => None,
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}

impl IntoResponse for BeforeMessageSendResponse {
    fn into_response(self) -> Response {
        answer(&self.0)
    }
}

impl IntoResponse for CustomCommandResponse {
    fn into_response(self) -> Response {
        answer(&self.0)
    }
}

fn answer(verdict: &Verdict) -> Response {
    match serde_json::to_vec(verdict) {
        Ok(json) => {
            let content_type = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, content_type)], json).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
