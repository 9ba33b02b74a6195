//! All types of events, with their receivers.

/// The live connections that receive an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Connections that watch the channel.
    Watchers,
    /// Connections of members that do not watch the channel.
    MembersElsewhere,
    /// Connections of the thread's participants that do not watch the channel.
    ParticipantsElsewhere,
    /// Connections of the user whom the event is about.
    Subject,
    /// Connections of the user whom the event is about, that do not watch the channel.
    SubjectElsewhere,
    /// Connections of the user whom the event is about, and those that watch the channel.
    SubjectAndWatchers,
    /// As `SubjectAndWatchers`. Without a channel, connections that watch any channel of the user.
    SubjectAndFellows,
    /// Connections that follow the presence of the user whom the event is about.
    Presence,
    /// All connections.
    Everyone,
    /// No connection, only webhooks.
    Nobody,
}

/// The unread counts that an event contains for each receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counts {
    None,
    /// In channels.
    Channels,
    /// In threads.
    Threads,
    /// In channels and in threads.
    All,
}

/// A type of event.
#[derive(Debug)]
pub(crate) struct EventType {
    pub(crate) name: &'static str,
    /// Whether webhooks deliver it.
    pub(crate) is_webhook: bool,
    pub(crate) audience: Audience,
    pub(crate) counts: Counts,
}

use Audience::{
    Everyone, MembersElsewhere, Nobody, ParticipantsElsewhere, Presence, Subject,
    SubjectAndFellows, SubjectAndWatchers, SubjectElsewhere, Watchers,
};

const fn webhook(name: &'static str, audience: Audience) -> EventType {
    EventType { name, is_webhook: true, audience, counts: Counts::None }
}

const fn live(name: &'static str, audience: Audience) -> EventType {
    EventType { name, is_webhook: false, audience, counts: Counts::None }
}

impl EventType {
    const fn counting(self, counts: Counts) -> Self {
        Self { counts, ..self }
    }
}

/// The types of events of the API, sorted by name.
const TYPES: &[EventType] = &[
    live("ai_indicator.clear", Watchers),
    live("ai_indicator.stop", Watchers),
    live("ai_indicator.update", Watchers),
    live("app.updated", Everyone),
    webhook("appeal.accepted", Nobody),
    webhook("appeal.created", Nobody),
    webhook("appeal.rejected", Nobody),
    webhook("campaign.completed", Nobody),
    webhook("campaign.started", Nobody),
    webhook("channel.created", Watchers),
    webhook("channel.deleted", Watchers),
    webhook("channel.frozen", Watchers),
    webhook("channel.hidden", Subject),
    webhook("channel.muted", Subject),
    webhook("channel.truncated", Watchers),
    webhook("channel.unfrozen", Watchers),
    webhook("channel.unmuted", Subject),
    webhook("channel.updated", Watchers),
    webhook("channel.visible", Subject),
    webhook("channel_batch_update.completed", Nobody),
    webhook("channel_batch_update.started", Nobody),
    live("draft.deleted", Subject),
    live("draft.updated", Subject),
    webhook("export.channels.error", Nobody),
    webhook("export.channels.success", Nobody),
    webhook("export.users.error", Nobody),
    webhook("export.users.success", Nobody),
    webhook("flag.updated", Nobody),
    webhook("member.added", Watchers),
    webhook("member.removed", Watchers),
    webhook("member.updated", Watchers),
    webhook("message.deleted", Watchers),
    live("message.delivered", Watchers),
    webhook("message.flagged", Nobody),
    webhook("message.new", Watchers).counting(Counts::Channels),
    webhook("message.pending", Nobody),
    webhook("message.read", Watchers),
    webhook("message.unblocked", Watchers),
    webhook("message.undeleted", Watchers),
    webhook("message.updated", Watchers),
    webhook("moderation.custom_action", Nobody),
    webhook("moderation.flagged", Nobody),
    webhook("moderation.mark_reviewed", Nobody),
    webhook("moderation_check.completed", Nobody),
    webhook("moderation_rule.triggered", Nobody),
    live("notification.added_to_channel", SubjectElsewhere),
    live("notification.channel_deleted", MembersElsewhere).counting(Counts::Channels),
    live("notification.channel_mutes_updated", Subject),
    live("notification.channel_truncated", MembersElsewhere).counting(Counts::Channels),
    live("notification.invite_accepted", SubjectElsewhere),
    live("notification.invite_rejected", SubjectElsewhere),
    live("notification.invited", SubjectElsewhere),
    live("notification.mark_read", Subject).counting(Counts::All),
    webhook("notification.mark_unread", Subject),
    live("notification.message_new", MembersElsewhere).counting(Counts::Channels),
    live("notification.mutes_updated", Subject),
    webhook("notification.reminder_due", Subject),
    live("notification.removed_from_channel", SubjectElsewhere),
    webhook("notification.thread_message_new", ParticipantsElsewhere).counting(Counts::Threads),
    live("poll.closed", Watchers),
    live("poll.deleted", Watchers),
    live("poll.updated", Watchers),
    live("poll.vote_casted", Watchers),
    live("poll.vote_changed", Watchers),
    live("poll.vote_removed", Watchers),
    webhook("reaction.deleted", Watchers),
    webhook("reaction.new", Watchers),
    webhook("reaction.updated", Watchers),
    webhook("reminder.created", Subject),
    webhook("reminder.deleted", Subject),
    webhook("reminder.updated", Subject),
    webhook("review_queue_item.new", Nobody),
    webhook("review_queue_item.updated", Nobody),
    webhook("thread.updated", Watchers),
    live("typing.start", Watchers),
    live("typing.stop", Watchers),
    webhook("user.banned", SubjectAndWatchers),
    webhook("user.deactivated", Presence),
    webhook("user.deleted", Presence),
    webhook("user.flagged", Nobody),
    webhook("user.messages.deleted", SubjectAndFellows),
    webhook("user.muted", Nobody),
    live("user.presence.changed", Presence),
    webhook("user.reactivated", Presence),
    webhook("user.unbanned", SubjectAndWatchers),
    webhook("user.unmuted", Nobody),
    webhook("user.unread_message_reminder", Nobody),
    webhook("user.updated", Presence),
    live("user.watching.start", Watchers),
    live("user.watching.stop", Watchers),
    webhook("user_group.created", Nobody),
    webhook("user_group.deleted", Nobody),
    webhook("user_group.member_added", Nobody),
    webhook("user_group.member_removed", Nobody),
    webhook("user_group.updated", Nobody),
];

/// Returns the types of events that webhooks deliver.
pub(crate) fn webhook_types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().filter(|kind| kind.is_webhook).map(|kind| kind.name)
}

/// Returns the properties of a type of event. A type that the API does not have is a custom event,
/// in a channel or for a user.
pub(crate) fn event_type(name: &str) -> &'static EventType {
    const OWN: EventType = webhook("*", SubjectAndWatchers);
    let found = TYPES.binary_search_by(|kind| kind.name.cmp(name));
    found.ok().and_then(|index| TYPES.get(index)).unwrap_or(&OWN)
}

/// Returns whether the API has a type of event.
pub(crate) fn is_built_in(name: &str) -> bool {
    event_type(name).name != "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_stand_once() {
        assert!(TYPES.is_sorted_by(|one, other| one.name < other.name));
    }

    #[test]
    fn unknown_types_are_the_apps_own() {
        assert!(event_type("order.shipped").is_webhook);
        assert!(!event_type("typing.start").is_webhook);
    }
}
