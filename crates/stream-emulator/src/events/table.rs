//! Every type of event, and who is told.

/// Who gets an event on live connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "live connections read it")]
pub(crate) enum Audience {
    /// Connections that watch the channel.
    Watchers,
    /// Connections of members that do not watch the channel.
    Members,
    /// Connections of the user whom the event is about.
    Subject,
    /// Connections that asked for the presence of the user whom the event is about.
    Presence,
    /// Only the app's servers.
    Nobody,
}

/// A type of events.
#[derive(Debug)]
pub(crate) struct EventType {
    pub(crate) name: &'static str,
    /// Whether the app's servers are told.
    pub(crate) is_webhook: bool,
    #[allow(dead_code, reason = "live connections read it")]
    pub(crate) audience: Audience,
}

use Audience::{Members, Nobody, Presence, Subject, Watchers};

const fn webhook(name: &'static str, audience: Audience) -> EventType {
    EventType { name, is_webhook: true, audience }
}

const fn live(name: &'static str, audience: Audience) -> EventType {
    EventType { name, is_webhook: false, audience }
}

/// The types of events that the API sends, in the order of their names.
const TYPES: &[EventType] = &[
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
    webhook("message.new", Watchers),
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
    live("notification.added_to_channel", Subject),
    live("notification.channel_deleted", Members),
    live("notification.channel_mutes_updated", Subject),
    live("notification.channel_truncated", Members),
    live("notification.invite_accepted", Subject),
    live("notification.invite_rejected", Subject),
    live("notification.invited", Subject),
    live("notification.mark_read", Subject),
    webhook("notification.mark_unread", Subject),
    live("notification.message_new", Members),
    live("notification.mutes_updated", Subject),
    webhook("notification.reminder_due", Subject),
    live("notification.removed_from_channel", Subject),
    webhook("notification.thread_message_new", Subject),
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
    webhook("user.banned", Subject),
    webhook("user.deactivated", Presence),
    webhook("user.deleted", Presence),
    webhook("user.flagged", Nobody),
    webhook("user.messages.deleted", Subject),
    webhook("user.muted", Nobody),
    live("user.presence.changed", Presence),
    webhook("user.reactivated", Presence),
    webhook("user.unbanned", Subject),
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

/// What holds for an event of a type. One that the API does not know is the app's own.
pub(crate) fn event_type(name: &str) -> &'static EventType {
    const OWN: EventType = webhook("*", Watchers);
    TYPES.iter().find(|kind| kind.name == name).unwrap_or(&OWN)
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
