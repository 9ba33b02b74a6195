use super::payload::{self, Payload};
use super::request_info::RequestInfo;
use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stream_auth::webhook::WebhookError;
use stream_models::channels::ChannelResponse;
use stream_models::messages::{MessageRequest, MessageResponse};
use stream_models::users::UserResponse;

/// What the endpoint at `custom_action_handler_url` is asked: someone has used a command of your
/// own, such as `/ticket it does not work`, or has pressed a button in a message that an earlier
/// answer made.
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
    /// The whole request, with what this version does not know.
    pub json: Map<String, Value>,
}

impl CustomCommandRequest {
    /// The name of the command, without the slash; empty if the request does not say.
    #[must_use]
    pub fn command(&self) -> &str {
        self.message.command.as_deref().unwrap_or_default()
    }

    /// What was written after the command; empty if nothing was.
    #[must_use]
    pub fn args(&self) -> &str {
        let message = self.json.get("message");
        let args = message.and_then(|message| message.get("args"));
        args.and_then(Value::as_str).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Known {
    message: Option<MessageResponse>,
    user: Option<UserResponse>,
    channel: Option<ChannelResponse>,
    form_data: Option<Map<String, Value>>,
    request_info: Option<RequestInfo>,
}

/// What is missing or `null` is empty.
impl Payload for CustomCommandRequest {
    fn from_json(json: &[u8]) -> Result<Self, WebhookError> {
        // The map comes first: it refuses what is no object.
        let whole = payload::read(json)?;
        let known: Known = payload::read(json)?;
        Ok(Self {
            message: known.message.unwrap_or_default(),
            user: known.user.unwrap_or_default(),
            channel: known.channel,
            form_data: known.form_data.unwrap_or_default(),
            request_info: known.request_info.unwrap_or_default(),
            json: whole,
        })
    }
}

/// What becomes of a message with a command of your own.
///
/// It serialises as the JSON that Stream expects in the body of an answer with the status 200. With
/// the feature `axum` a handler can return it; custom data that cannot be JSON then becomes the
/// status 500.
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
#[must_use = "it is the answer to the command"]
pub struct CustomCommandResponse(pub(super) Verdict);

impl CustomCommandResponse {
    /// The message stays as it was written.
    pub fn keep() -> Self {
        Self(Verdict::Keep)
    }

    /// The message gets these fields in the place of its own; those that are not set stay as they
    /// are. With the type `ephemeral` nobody but its author sees it.
    pub fn message(message: impl Into<MessageRequest>) -> Self {
        Self(Verdict::Change(Box::new(message.into())))
    }

    /// The command is refused: its author gets a message of the type `error` with this text.
    pub fn reject(text: impl Into<String>) -> Self {
        Self(Verdict::Reject(text.into()))
    }
}
