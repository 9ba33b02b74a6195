//! The hook that is asked when someone uses a command of the app's own.

use serde::de::MapAccess;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::payload::{self, Payload};
use super::verdict::{CustomDataForm, Verdict};
use stream_auth::webhook::WebhookError;
use stream_models::channels::ChannelResponse;
use stream_models::codec::decode::{DecodeObject, Member, deserialize_objects};
use stream_models::events::RequestInfo;
use stream_models::messages::{MessageRequest, MessageResponse};
use stream_models::tolerant::DecodeFailure;
use stream_models::users::UserResponse;

/// The request to the endpoint at `custom_action_handler_url`: someone has used a custom command,
/// such as `/ticket it does not work`, or has pressed a button in the message of an earlier
/// response.
///
/// Custom data is nested under `custom` in these fields, in whichever form it came. A part that
/// cannot be read is empty and listed in [`Webhook::skipped`](super::Webhook::skipped).
///
/// The user waits for the [`CustomCommandResponse`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CustomCommandRequest {
    /// The message with the command, not sent yet.
    pub message: MessageResponse,
    /// Who used it.
    pub user: UserResponse,
    /// The channel that it is for.
    pub channel: Option<ChannelResponse>,
    /// What was filled in and pressed in an interactive message; empty at the first call.
    pub form_data: Map<String, Value>,
    /// The request with which the message came.
    pub request_info: RequestInfo,
    /// The form in which the message came, for [`CustomCommandResponse::custom_data`].
    pub custom_data_form: CustomDataForm,
    /// The whole request as it came, with what this version does not know.
    pub json: Map<String, Value>,
}

impl CustomCommandRequest {
    /// Returns the name of the command, without the slash; empty if the request does not say.
    #[must_use]
    pub fn command(&self) -> &str {
        self.message.command.as_deref().unwrap_or_default()
    }

    /// Returns what was written after the command; empty if nothing was.
    #[must_use]
    pub fn args(&self) -> &str {
        let message = self.json.get("message");
        let args = message.and_then(|message| message.get("args"));
        args.and_then(Value::as_str).unwrap_or_default()
    }
}

#[derive(Default)]
struct Known {
    message: MessageResponse,
    user: UserResponse,
    channel: Option<ChannelResponse>,
    form_data: Map<String, Value>,
    request_info: RequestInfo,
}

impl DecodeObject for Known {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Member<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "message" => value.read(&mut self.message),
            "user" => value.read(&mut self.user),
            "channel" => value.read(&mut self.channel),
            "form_data" => value.read(&mut self.form_data),
            "request_info" => value.read(&mut self.request_info),
            _ => value.skip(),
        }
    }
}

deserialize_objects!(Known);

/// What is missing or `null` is empty.
impl Payload for CustomCommandRequest {
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        Ok(Self::read(json, true)?.0)
    }

    fn read(json: &[u8], _: bool) -> Result<(Self, Vec<DecodeFailure>), WebhookError> {
        // The map comes first: it refuses what is not an object.
        let whole = payload::read_map(json)?;
        let (known, skipped) = payload::read_hook::<Known>(json)?;
        let request = Self {
            message: known.message,
            user: known.user,
            channel: known.channel,
            form_data: known.form_data,
            request_info: known.request_info,
            custom_data_form: CustomDataForm::of(&whole),
            json: whole,
        };
        Ok((request, skipped))
    }
}

/// What becomes of a message with a command of your own.
///
/// It serializes as the JSON that Stream expects in the body of a response with the status 200.
/// With the feature `axum` a handler can return it; custom data that cannot be JSON then becomes
/// the status 500.
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
    /// Leaves the message as it was written.
    pub fn keep() -> Self {
        Self(Verdict::Keep)
    }

    /// Gives the message these fields instead of its own; those that are not set stay as they are.
    /// With the type `ephemeral` nobody but its author sees it.
    pub fn message(message: impl Into<MessageRequest>) -> Self {
        Self(Verdict::change(message.into()))
    }

    /// Sets the form in which custom data is written; nested by default.
    pub fn custom_data(self, form: CustomDataForm) -> Self {
        Self(self.0.in_form(form))
    }

    /// Refuses the command: its author gets a message of the type `error` with this text.
    pub fn reject(text: impl Into<String>) -> Self {
        Self(Verdict::Reject(text.into()))
    }
}
