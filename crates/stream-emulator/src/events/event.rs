//! An event: something that has happened.

use crate::{document::Object, view::View};
use std::borrow::Cow;

/// Something that has happened, as the app's servers and its users are told of it.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: Cow<'static, str>,
    /// The channel in which it happened, if in one.
    pub(crate) cid: Option<String>,
    /// The user whom it concerns, if one in particular: whose membership, ban or read state it is.
    pub(crate) subject: Option<String>,
    pub(crate) document: Object,
}

impl Event {
    /// An event with what all events have.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, view: View<'_>) -> Self {
        let kind = kind.into();
        let document = Object::new()
            .field("type", kind.as_ref())
            .field("created_at", view.now)
            .field("received_at", view.now)
            .custom(&serde_json::Map::new());
        Self { kind, cid: None, subject: None, document }
    }

    /// An event in a channel, with the facts about the channel that all of them have.
    pub(crate) fn in_channel(
        kind: impl Into<Cow<'static, str>>,
        view: View<'_>,
        cid: &str,
    ) -> Self {
        let mut event = Self::new(kind, view).with("cid", cid);
        event.cid = Some(cid.to_owned());
        let Some(channel) = view.world.channels.get(cid) else {
            return event;
        };
        let counts_messages = view.world.is_on(channel, "count_messages");
        event
            .with("channel_id", channel.id.as_str())
            .with("channel_type", channel.kind.as_str())
            .with("channel_custom", channel.custom.clone())
            .with("channel_member_count", channel.members().len())
            .maybe("channel_message_count", counts_messages.then_some(channel.messages.len()))
            .maybe("team", channel.team.as_deref())
    }

    /// With a field.
    pub(crate) fn with(
        mut self,
        name: &'static str,
        value: impl Into<crate::document::Node>,
    ) -> Self {
        self.document = self.document.field(name, value);
        self
    }

    /// With a field if it has a value.
    pub(crate) fn maybe(
        self,
        name: &'static str,
        value: Option<impl Into<crate::document::Node>>,
    ) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With custom data in place of none.
    pub(crate) fn custom(mut self, custom: &serde_json::Map<String, serde_json::Value>) -> Self {
        self.document = self.document.custom(custom);
        self
    }

    /// With the channel as it is.
    pub(crate) fn with_channel(self, view: View<'_>) -> Self {
        let channel = self.cid.as_deref().and_then(|cid| view.world.channels.get(cid));
        let channel = channel.map(|channel| view.channel(channel));
        self.maybe("channel", channel)
    }

    /// With the user who did it.
    pub(crate) fn by(self, view: View<'_>, user_id: Option<&str>) -> Self {
        let user = user_id.and_then(|id| view.world.users.get(id));
        self.maybe("user", user.map(|user| view.event_user(user)))
    }

    /// About a user in particular.
    pub(crate) fn about(mut self, user_id: &str) -> Self {
        self.subject = Some(user_id.to_owned());
        self
    }
}
