use super::payload::{self, Payload};
use super::request_info::RequestInfo;
use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stream_auth::webhook::WebhookError;
use stream_models::channels::ChannelResponse;
use stream_models::messages::{MessageRequest, MessageResponse};
use stream_models::users::UserResponse;

/// What the hook at `before_message_send_hook_url` is asked: may this message be sent?
///
/// The sender waits for the [`BeforeMessageSendResponse`]. The app's setting
/// `before_message_send_hook_attempt_timeout_ms` says how long; after that, and after an answer
/// without a status of success, the message is sent as it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BeforeMessageSendRequest {
    /// The message, not sent yet.
    pub message: MessageResponse,
    /// Its author.
    pub user: UserResponse,
    /// The channel that it is for.
    pub channel: Option<ChannelResponse>,
    /// The request with which it came.
    pub request_info: RequestInfo,
    /// The whole request, with what this version does not know.
    pub json: Map<String, Value>,
}

#[derive(Deserialize)]
struct Known {
    message: Option<MessageResponse>,
    user: Option<UserResponse>,
    channel: Option<ChannelResponse>,
    request_info: Option<RequestInfo>,
}

/// What is missing or `null` is empty.
impl Payload for BeforeMessageSendRequest {
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        // The map comes first: it refuses what is no object.
        let whole = payload::read(json)?;
        let known: Known = payload::read(json)?;
        Ok(Self {
            message: known.message.unwrap_or_default(),
            user: known.user.unwrap_or_default(),
            channel: known.channel,
            request_info: known.request_info.unwrap_or_default(),
            json: whole,
        })
    }
}

/// What becomes of a message that is about to be sent.
///
/// It serialises as the JSON that Stream expects in the body of an answer with the status 200. With
/// the feature `axum` a handler can return it; custom data that cannot be JSON then becomes the
/// status 500.
///
/// ```
/// use stream_chat::MessageRequest;
/// use stream_chat::webhook::BeforeMessageSendResponse;
///
/// let clean = MessageRequest::from("what a ***").custom("myapp_cleaned", true);
/// assert_eq!(
///     serde_json::to_string(&BeforeMessageSendResponse::rewrite(clean))?,
///     r#"{"message":{"custom":{"myapp_cleaned":true},"text":"what a ***"}}"#,
/// );
/// assert_eq!(
///     serde_json::to_string(&BeforeMessageSendResponse::reject("No links, please"))?,
///     r#"{"message":{"type":"error","text":"No links, please"}}"#,
/// );
/// assert_eq!(serde_json::to_string(&BeforeMessageSendResponse::accept())?, "{}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
#[must_use = "it is the answer to the hook"]
pub struct BeforeMessageSendResponse(pub(super) Verdict);

impl BeforeMessageSendResponse {
    /// The message is sent as it is.
    pub fn accept() -> Self {
        Self(Verdict::Keep)
    }

    /// The message is sent with these fields in the place of its own; those that are not set stay
    /// as they are. A text is enough to replace the text.
    pub fn rewrite(message: impl Into<MessageRequest>) -> Self {
        Self(Verdict::Change(Box::new(message.into())))
    }

    /// The message is not sent: its author gets a message of the type `error` with this text.
    pub fn reject(text: impl Into<String>) -> Self {
        Self(Verdict::Reject(text.into()))
    }
}
