//! Events.

use std::borrow::Cow;
use std::sync::Arc;

use crate::document::Object;
use crate::view::View;

/// A second type under which an event is delivered to other receivers, with additional fields.
#[derive(Debug, Clone)]
struct Aside {
    kind: &'static str,
    field: Option<(&'static str, String)>,
}

/// An event, for webhooks and live connections.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: Cow<'static, str>,
    /// The channel of the event, if it has one.
    pub(crate) cid: Option<String>,
    /// The user whom the event is about, such as the owner of a membership, ban or read state.
    pub(crate) subject: Option<String>,
    /// The only users who may receive it; `None` if everyone may.
    pub(crate) only: Option<Vec<String>>,
    /// The members of a channel, or participants of a thread, that may no longer exist when the
    /// event is delivered.
    pub(crate) among: Option<Vec<String>>,
    pub(crate) document: Object,
    /// The document for live connections of the subject, if it shows what others do not see.
    pub(crate) own: Option<Object>,
    /// The request that caused the event, which only webhooks contain.
    pub(crate) request_info: Option<Arc<Object>>,
    /// The other types under which it is delivered.
    asides: Vec<Aside>,
}

impl Event {
    /// Creates an event with the fields that all events have.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, view: View<'_>) -> Self {
        let kind = kind.into();
        let document = Object::new()
            .field("type", kind.as_ref())
            .field("created_at", view.now)
            .field("received_at", view.now)
            .custom(&serde_json::Map::new());
        Self {
            kind,
            cid: None,
            subject: None,
            only: None,
            among: None,
            document,
            own: None,
            request_info: None,
            asides: Vec::new(),
        }
    }

    /// Creates an event in a channel, with the fields that all of these have.
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

    /// Adds a field.
    pub(crate) fn with(
        mut self,
        name: &'static str,
        value: impl Into<crate::document::Node>,
    ) -> Self {
        self.document = self.document.field(name, value);
        self
    }

    /// Adds a field if it has a value.
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

    /// Sets the custom data.
    pub(crate) fn custom(mut self, custom: &serde_json::Map<String, serde_json::Value>) -> Self {
        self.document = self.document.custom(custom);
        self
    }

    /// Adds the channel.
    pub(crate) fn with_channel(self, view: View<'_>) -> Self {
        let channel = self.cid.as_deref().and_then(|cid| view.world.channels.get(cid));
        let channel = channel.map(|channel| view.channel(channel));
        self.maybe("channel", channel)
    }

    /// Adds the acting user.
    pub(crate) fn by(self, view: View<'_>, user_id: Option<&str>) -> Self {
        let user = user_id.and_then(|id| view.world.users.get(id));
        self.maybe("user", user.map(|user| view.event_user(user)))
    }

    /// Also delivers the event under another type, to the receivers in the table.
    pub(crate) fn aside(mut self, kind: &'static str) -> Self {
        self.asides.push(Aside { kind, field: None });
        self
    }

    /// Also delivers the event under another type, with an additional field.
    pub(crate) fn aside_with(
        mut self,
        kind: &'static str,
        name: &'static str,
        value: Option<&str>,
    ) -> Self {
        self.asides.push(Aside { kind, field: value.map(|value| (name, value.to_owned())) });
        self
    }

    /// Shows live connections of the subject another value of a field.
    pub(crate) fn own(mut self, name: &'static str, value: Object) -> Self {
        let mut own = self.document.clone();
        own.set(name, value);
        self.own = Some(own);
        self
    }

    /// Restricts the event to these users.
    pub(crate) fn only(mut self, user_ids: Vec<String>) -> Self {
        self.only = Some(user_ids);
        self
    }

    /// Restricts the event to these users, if there are any.
    pub(crate) fn only_if(self, user_ids: Option<Vec<String>>) -> Self {
        Self { only: user_ids, ..self }
    }

    /// Sets the members or participants.
    pub(crate) fn among(mut self, user_ids: Vec<String>) -> Self {
        self.among = Some(user_ids);
        self
    }

    /// Returns whether a user may receive the event.
    pub(crate) fn is_for(&self, user_id: &str) -> bool {
        self.only.as_ref().is_none_or(|ids| ids.iter().any(|id| id == user_id))
    }

    /// Returns the event, and then those under other types.
    pub(crate) fn with_asides(mut self) -> Vec<Self> {
        let asides = std::mem::take(&mut self.asides);
        let mut events = vec![self];
        for Aside { kind, field } in asides {
            let Some(mut aside) = events.first().cloned() else {
                continue;
            };
            aside.kind = kind.into();
            aside.document.set("type", kind);
            if let Some((name, value)) = field {
                aside.document.set(name, value);
            }
            events.push(aside);
        }
        events
    }

    /// Sets the user whom the event is about.
    pub(crate) fn about(mut self, user_id: &str) -> Self {
        self.subject = Some(user_id.to_owned());
        self
    }
}
