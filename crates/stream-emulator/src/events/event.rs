//! An event: something that has happened.

use std::borrow::Cow;

use crate::document::Object;
use crate::view::View;

/// Another type under which an event goes to others, with what it says beside.
#[derive(Debug, Clone)]
struct Aside {
    kind: &'static str,
    field: Option<(&'static str, String)>,
}

/// Something that has happened, as the app's servers and its users are told of it.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: Cow<'static, str>,
    /// The channel in which it happened, if in one.
    pub(crate) cid: Option<String>,
    /// The user whom it concerns, if one in particular: whose membership, ban or read state it is.
    pub(crate) subject: Option<String>,
    /// Who may get it at all, if not everyone.
    pub(crate) only: Option<Vec<String>>,
    /// The members of the channel, if they cannot be found any more when the event goes out; of a
    /// thread, who takes part.
    pub(crate) among: Option<Vec<String>>,
    pub(crate) document: Object,
    /// The types under which it goes to others, too.
    asides: Vec<Aside>,
}

impl Event {
    /// Creates an event with what all events have.
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
            asides: Vec::new(),
        }
    }

    /// Creates an event in a channel, with the facts about the channel that all of them have.
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

    /// Under another type, too: who gets that is in the table.
    pub(crate) fn aside(mut self, kind: &'static str) -> Self {
        self.asides.push(Aside { kind, field: None });
        self
    }

    /// As [`Self::aside`], with a field that the event itself does not have.
    pub(crate) fn aside_with(
        mut self,
        kind: &'static str,
        name: &'static str,
        value: Option<&str>,
    ) -> Self {
        self.asides.push(Aside { kind, field: value.map(|value| (name, value.to_owned())) });
        self
    }

    /// For these users alone.
    pub(crate) fn only(mut self, user_ids: Vec<String>) -> Self {
        self.only = Some(user_ids);
        self
    }

    /// For these users alone if there are any.
    pub(crate) fn only_if(self, user_ids: Option<Vec<String>>) -> Self {
        Self { only: user_ids, ..self }
    }

    /// Among these members or participants.
    pub(crate) fn among(mut self, user_ids: Vec<String>) -> Self {
        self.among = Some(user_ids);
        self
    }

    /// Returns whether it may go to a user.
    pub(crate) fn is_for(&self, user_id: &str) -> bool {
        self.only.as_ref().is_none_or(|ids| ids.iter().any(|id| id == user_id))
    }

    /// Returns the event, and then what goes to others under other types.
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

    /// About a user in particular.
    pub(crate) fn about(mut self, user_id: &str) -> Self {
        self.subject = Some(user_id.to_owned());
        self
    }
}
