//! The hook that Stream calls when someone uses a custom command.

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

/// The request to the hook at `custom_action_handler_url`: someone has used a custom command, such
/// as `/ticket it does not work`, or has pressed a button in the message of an earlier response.
///
/// Custom data is nested under `custom` in these fields, whatever form it had. A part that cannot
/// be decoded is empty and listed in [`Webhook::skipped`](super::Webhook::skipped).
///
/// The user waits for the [`CustomCommandResponse`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CustomCommandRequest {
    /// The message with the command, which is not sent yet.
    pub message: MessageResponse,
    /// The user of the command.
    pub user: UserResponse,
    /// The channel of the message.
    pub channel: Option<ChannelResponse>,
    /// The input from an interactive message; empty in the first request.
    pub form_data: Map<String, Value>,
    /// The request that the message came with.
    pub request_info: RequestInfo,
    /// The form of the message's custom data, for [`CustomCommandResponse::custom_data`].
    pub custom_data_form: CustomDataForm,
    /// The whole request as received, including members that this version does not know.
    pub json: Map<String, Value>,
}

impl CustomCommandRequest {
    /// Returns the name of the command, without the slash; empty if the request does not contain
    /// it.
    #[must_use]
    pub fn command(&self) -> &str {
        self.message.command.as_deref().unwrap_or_default()
    }

    /// Returns the text after the command; may be empty.
    #[must_use]
    pub fn args(&self) -> &str {
        let message = self.json.get("message");
        let args = message.and_then(|message| message.get("args"));
        args.and_then(Value::as_str).unwrap_or_default()
    }
}

/// Leaves fields that are missing or `null` empty.
impl Payload for CustomCommandRequest {
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
            form_data: known.form_data,
            request_info: known.request_info,
            custom_data_form: CustomDataForm::of(&known.json),
            json: known.json,
        };
        Ok((request, skipped))
    }
}

/// The response to a custom command, which decides about the message.
///
/// It serializes as the JSON that Stream expects in the body of a response with status 200. With
/// the feature `axum` a handler can return it; custom data that cannot be serialized as JSON then
/// results in status 500.
///
/// ```
/// use stream_chat::MessageRequest;
/// use stream_chat::models::messages::MessageRequestType;
/// use stream_chat::webhook::CustomCommandResponse;
///
/// let ephemeral = MessageRequestType::other("ephemeral");
/// let reply = MessageRequest::from("Ticket 17 is open").type_(ephemeral);
/// assert_eq!(
///     serde_json::to_string(&CustomCommandResponse::message(reply))?,
///     r#"{"message":{"text":"Ticket 17 is open","type":"ephemeral"}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "it is the response to the command"]
pub struct CustomCommandResponse(pub(super) Verdict);

impl Serialize for CustomCommandResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl CustomCommandResponse {
    /// Leaves the message unchanged.
    pub fn keep() -> Self {
        Self(Verdict::Keep)
    }

    /// Gives the message these fields in place of its own; fields that are not set stay unchanged.
    /// With the type `ephemeral`, only its author sees it.
    pub fn message(message: impl Into<MessageRequest>) -> Self {
        Self(Verdict::change(message.into()))
    }

    /// Sets the form of custom data in the response; nested by default.
    pub fn custom_data(self, form: CustomDataForm) -> Self {
        Self(self.0.in_form(form))
    }

    /// Rejects the command: its author gets a message of the type `error` with this text.
    pub fn reject(text: impl Into<String>) -> Self {
        Self(Verdict::Reject(text.into()))
    }
}
