//! The hook that Stream calls before a message is sent.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::hook;
use super::payload::Payload;
use super::verdict::{CustomDataForm, Verdict};
use stream_auth::webhook::WebhookError;
use stream_models::channels::ChannelResponse;
use stream_models::events::RequestInfo;
use stream_models::messages::{MessageRequest, MessageResponse};
use stream_models::tolerant::DecodeFailure;
use stream_models::users::UserResponse;

/// The request to the hook at `before_message_send_hook_url`, which asks whether a message may be
/// sent.
///
/// Custom data is nested under `custom` in these fields, whatever form it had. A part that cannot
/// be decoded is empty and listed in [`Webhook::skipped`](super::Webhook::skipped).
///
/// The sender waits for the [`BeforeMessageSendResponse`]. The app's setting
/// `before_message_send_hook_attempt_timeout_ms` limits the wait; after that, and after a response
/// without a success status, the message is sent unchanged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BeforeMessageSendRequest {
    /// The message, which is not sent yet.
    pub message: MessageResponse,
    /// The author of the message.
    pub user: UserResponse,
    /// The channel of the message.
    pub channel: Option<ChannelResponse>,
    /// The request that the message came with.
    pub request_info: RequestInfo,
    /// The form of the message's custom data, for [`BeforeMessageSendResponse::custom_data`].
    pub custom_data_form: CustomDataForm,
    /// The whole request as received, including members that this version does not know.
    pub json: Map<String, Value>,
}

/// Leaves fields that are missing or `null` empty.
impl Payload for BeforeMessageSendRequest {
    #[inline]
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        Ok(Self::read(json, true)?.0)
    }

    #[inline]
    fn read(json: &[u8], _: bool) -> Result<(Self, Vec<DecodeFailure>), WebhookError> {
        let (known, skipped) = hook::read(json)?;
        let request = Self {
            message: known.message,
            user: known.user,
            channel: known.channel,
            request_info: known.request_info,
            custom_data_form: CustomDataForm::of(&known.json),
            json: known.json,
        };
        Ok((request, skipped))
    }
}

/// The response to the hook, which decides about the message.
///
/// It serializes as the JSON that Stream expects in the body of a response with status 200. With
/// the feature `axum` a handler can return it; custom data that cannot be serialized as JSON then
/// results in status 500.
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
#[derive(Debug, Clone, PartialEq)]
#[must_use = "it is the response to the hook"]
pub struct BeforeMessageSendResponse(pub(super) Verdict);

impl Serialize for BeforeMessageSendResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl BeforeMessageSendResponse {
    /// Accepts the message unchanged.
    pub fn accept() -> Self {
        Self(Verdict::Keep)
    }

    /// Accepts the message with these fields in place of its own; fields that are not set stay
    /// unchanged. A string replaces only the text.
    pub fn rewrite(message: impl Into<MessageRequest>) -> Self {
        Self(Verdict::change(message.into()))
    }

    /// Sets the form of custom data in the response; nested by default.
    ///
    /// ```
    /// use stream_chat::MessageRequest;
    /// use stream_chat::webhook::{BeforeMessageSendResponse, CustomDataForm};
    ///
    /// let clean = MessageRequest::from("what a ***").custom("myapp_cleaned", true);
    /// let response = BeforeMessageSendResponse::rewrite(clean).custom_data(CustomDataForm::Flat);
    /// assert_eq!(
    ///     serde_json::to_string(&response)?,
    ///     r#"{"message":{"myapp_cleaned":true,"text":"what a ***"}}"#,
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn custom_data(self, form: CustomDataForm) -> Self {
        Self(self.0.in_form(form))
    }

    /// Rejects the message: its author gets a message of the type `error` with this text.
    pub fn reject(text: impl Into<String>) -> Self {
        Self(Verdict::Reject(text.into()))
    }
}
