//! The content of events beyond the schema.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde::de::{DeserializeOwned, MapAccess};
use serde_json::value::RawValue;

use super::nest_custom;
use crate::codec::decode::{DecodeObject, Member, deserialize_objects};
use crate::generated::members::ChannelMemberResponse;
use crate::tolerant;
use crate::value::Timestamp;

/// The members that documented events contain although the schema does not declare them.
///
/// Which of them an event has depends on its type and on the settings of the app; each is absent if
/// the event does not contain it, or contains it in a form that cannot be decoded. In a custom
/// event of the application, a client may have set them: they cannot be distinguished from its
/// custom data.
///
/// ```
/// use stream_models::events::EventDetails;
///
/// let json = br#"{
///     "type": "message.new",
///     "request_info": {"type": "client", "ip": "192.0.2.7"},
///     "members": [{"user_id": "jane", "user": {"id": "jane", "channel_unread_count": 3}}]
/// }"#;
/// let details = EventDetails::from_slice(json);
/// assert!(details.request_info.is_some_and(|request| request.is_from_client()));
/// assert_eq!(details.members[0].unread.channel_unread_count, Some(3));
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct EventDetails {
    /// The request that caused the event.
    pub request_info: Option<RequestInfo>,
    /// Members of the channel, with their unread counts.
    pub members: Vec<EventMember>,
    /// Number of unread messages in the channel, for the user of the event.
    pub channel_unread_count: Option<i64>,
    /// Number of unread messages in all channels, for the user of the event.
    pub total_unread_count: Option<i64>,
    /// Number of channels with unread messages, for the user of the event.
    pub unread_channels: Option<i64>,
    /// When the user of the event last read the channel.
    pub channel_last_read_at: Option<Timestamp>,
    /// When the last message was sent to the channel.
    pub channel_last_message_at: Option<Timestamp>,
    /// Whether the object is only marked as deleted.
    pub soft_delete: Option<bool>,
    /// ID of the user who caused the event.
    pub created_by_id: Option<String>,
    /// Unread counts of the user of the event, where the user object contains them.
    pub user_unread: UnreadCounts,
}

impl EventDetails {
    /// Decodes the details from the JSON of an event. They are empty if the text is not an event.
    #[must_use]
    pub fn from_slice(json: &[u8]) -> Self {
        let json = nest_custom(json);
        let Some(event) = Members::of(&json) else { return Self::default() };
        Self {
            request_info: event.get("request_info"),
            members: event.list("members").into_iter().filter_map(EventMember::read).collect(),
            channel_unread_count: event.get("channel_unread_count"),
            total_unread_count: event.get("total_unread_count"),
            unread_channels: event.get("unread_channels"),
            channel_last_read_at: event.get("channel_last_read_at"),
            channel_last_message_at: event.get("channel_last_message_at"),
            soft_delete: event.get("soft_delete"),
            created_by_id: event.get("created_by_id"),
            user_unread: event.user_unread(),
        }
    }
}

/// A member of the channel of an event.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct EventMember {
    /// The member.
    pub member: ChannelMemberResponse,
    /// The unread counts of the member.
    pub unread: UnreadCounts,
}

impl EventMember {
    fn read(json: &RawValue) -> Option<Self> {
        let json = json.get().as_bytes();
        let (member, _) = tolerant::from_slice(json).ok()?;
        Some(Self { member, unread: Members::of(json)?.user_unread() })
    }
}

impl Deref for EventMember {
    type Target = ChannelMemberResponse;

    fn deref(&self) -> &Self::Target {
        &self.member
    }
}

/// The unread counts of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadCounts {
    /// Number of unread messages in the channel of the event.
    pub channel_unread_count: Option<i64>,
    /// Number of unread messages in all channels.
    pub total_unread_count: Option<i64>,
    /// Number of unread messages in all channels, under its name in older bodies.
    pub unread_count: Option<i64>,
    /// Number of channels with unread messages.
    pub unread_channels: Option<i64>,
    /// When the user last read the channel of the event.
    pub channel_last_read_at: Option<Timestamp>,
}

/// The request that caused an event, as reported in webhooks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestInfo {
    /// Who made the request: `client` with a user's token, or `server`.
    pub type_: Option<String>,
    /// The IP address of the client.
    pub ip: Option<String>,
    /// The `User-Agent` of the request.
    pub user_agent: Option<String>,
    /// The SDK of the client, with its version.
    pub sdk: Option<String>,
    /// The value of the header `X-Stream-Ext`.
    pub ext: Option<String>,
}

impl DecodeObject for RequestInfo {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Member<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "type" => value.read(&mut self.type_),
            "ip" => value.read(&mut self.ip),
            "user_agent" => value.read(&mut self.user_agent),
            "sdk" => value.read(&mut self.sdk),
            "ext" => value.read(&mut self.ext),
            _ => value.skip(),
        }
    }
}

deserialize_objects!(RequestInfo);

impl RequestInfo {
    /// Returns whether a user's client made the request, rather than a backend.
    #[must_use]
    pub fn is_from_client(&self) -> bool {
        self.type_.as_deref() == Some("client")
    }
}

/// The members of an object, decoded one by one, so that a malformed value does not affect the
/// others.
struct Members<'j>(BTreeMap<String, &'j RawValue>);

impl<'j> Members<'j> {
    fn of(json: &'j [u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().map(Self)
    }

    fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_slice::<Option<T>>(self.0.get(name)?.get().as_bytes()).ok()?
    }

    fn list(&self, name: &str) -> Vec<&'j RawValue> {
        let list = self.0.get(name).map(|list| serde_json::from_str(list.get()));
        list.and_then(Result::ok).unwrap_or_default()
    }

    fn user_unread(&self) -> UnreadCounts {
        let user = self.0.get("user").and_then(|user| Members::of(user.get().as_bytes()));
        let Some(user) = user else { return UnreadCounts::default() };
        UnreadCounts {
            channel_unread_count: user.get("channel_unread_count"),
            total_unread_count: user.get("total_unread_count"),
            unread_count: user.get("unread_count"),
            unread_channels: user.get("unread_channels"),
            channel_last_read_at: user.get("channel_last_read_at"),
        }
    }
}
