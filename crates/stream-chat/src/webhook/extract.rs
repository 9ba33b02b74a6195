//! Webhooks as extractors and answers of axum.

use super::before_message_send::BeforeMessageSendResponse;
use super::custom_command::CustomCommandResponse;
use super::payload::Payload;
use super::receiver::{self, Webhook, WebhookReceiver};
use super::status::status;
use super::verdict::Verdict;
use ::http::{HeaderValue, StatusCode, header};
use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::error::Error as StdError;
use std::fmt;
use stream_auth::webhook::WebhookError;
use stream_http::BoxError;

/// Takes the state's [`WebhookReceiver`] and reads no more of the body than it allows; a
/// `DefaultBodyLimit` of axum plays no part. Requests that are not signed are refused before their
/// body is read.
impl<T, S> FromRequest<S> for Webhook<T>
where
    T: Payload,
    S: Send + Sync,
    WebhookReceiver: FromRef<S>,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let (parts, body) = request.into_parts();
        if receiver::signature(&parts.headers).is_none() {
            return Err(WebhookError::MissingSignature.into());
        }
        let receiver = WebhookReceiver::from_ref(state);
        let body = read(body, receiver.body_limit()).await?;
        Ok(receiver.receive(&parts.headers, &body)?)
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, WebhookRejection> {
    match Limited::new(body, limit).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if is_limit(&*error) => Err(WebhookError::TooLarge { limit }.into()),
        Err(error) => Err(WebhookRejection::Unreadable(error)),
    }
}

/// Whether the limit was passed: the receiver's, or that of a layer around it.
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

/// Why a request was not let through to the handler. As a response it has the status of
/// [`status`](WebhookRejection::status) and the reason as text.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// It is not from Stream, or not what was expected.
    Refused(WebhookError),
    /// Its body could not be read to the end.
    Unreadable(BoxError),
}

impl WebhookRejection {
    /// 401 if the request is not signed or its signature does not match, 413 if its body is too
    /// large, 400 for anything else.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(error) => status(error),
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
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
        }
    }
}

impl StdError for WebhookRejection {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Refused(error) => error.source(),
            Self::Unreadable(error) => Some(&**error),
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
