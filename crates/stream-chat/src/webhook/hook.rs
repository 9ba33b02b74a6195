//! What the requests of both synchronous hooks have in common.

use serde::de::MapAccess;
use serde_json::{Map, Value};

use super::payload;
use stream_auth::webhook::WebhookError;
use stream_models::channels::ChannelResponse;
use stream_models::codec::decode::{DecodeObject, Member, deserialize_objects};
use stream_models::events::RequestInfo;
use stream_models::messages::MessageResponse;
use stream_models::tolerant::DecodeFailure;
use stream_models::users::UserResponse;

/// The members that are known; only custom commands have `form_data`.
#[derive(Default)]
pub(super) struct Known {
    pub(super) message: MessageResponse,
    pub(super) user: UserResponse,
    pub(super) channel: Option<ChannelResponse>,
    pub(super) form_data: Map<String, Value>,
    pub(super) request_info: RequestInfo,
    /// The whole object.
    pub(super) json: Map<String, Value>,
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

/// Returns the request, and the places that were skipped because they could not be decoded.
pub(super) fn read(json: &[u8]) -> Result<(Known, Vec<DecodeFailure>), WebhookError> {
    // Parsed first, because it refuses JSON that is not an object.
    let whole = payload::read_map(json)?;
    let (known, skipped) = payload::read_hook(json)?;
    Ok((Known { json: whole, ..known }, skipped))
}
