//! What members and participants of threads have not read yet.

use super::{Channel, Member, Message, Participant, Thread, Timestamp, User, World};

impl World {
    /// Returns the read state of a member; at first, it begins when they joined.
    pub(crate) fn read_of(&self, channel: &Channel, user_id: &str) -> (Timestamp, Option<&str>) {
        let joined = channel.member(user_id).map(|member| member.created_at);
        let read = self.reads.read(user_id, &channel.cid);
        // The read state of a former membership does not count.
        match read.filter(|read| joined.is_none_or(|joined| read.marked_at >= joined)) {
            Some(read) => (read.last_read, read.last_read_message_id.as_deref()),
            None => (joined.unwrap_or(channel.created_at), None),
        }
    }

    /// Returns the number of unread messages of a user in a channel.
    pub(crate) fn unread_of(&self, channel: &Channel, user_id: &str, now: Timestamp) -> usize {
        let has_joined = channel.member(user_id).is_some_and(Member::has_joined);
        if !has_joined
            || channel.deleted_at.is_some()
            || channel.mute_of(user_id, now).is_some()
            || !self.is_on(channel, "read_events")
        {
            return 0;
        }
        let (last_read, _) = self.read_of(channel, user_id);
        let user = self.users.get(user_id);
        let mutes = &self.moderation.mutes;
        let messages = channel.messages.iter().rev().filter_map(|id| self.messages.get(id));
        messages
            .take_while(|message| message.created_at > last_read)
            .filter(|message| is_counted(message, user_id, user))
            .filter(|message| mutes.get(user_id, &message.user_id, now).is_none())
            .count()
    }

    /// Returns the replies that are not deleted, from the oldest to the newest.
    pub(crate) fn living_replies(
        &self,
        thread: &Thread,
    ) -> impl DoubleEndedIterator<Item = &Message> {
        let parent = self.messages.get(&thread.parent_id);
        let replies = parent.into_iter().flat_map(|parent| self.replies(parent));
        replies.filter(|reply| reply.deleted_at.is_none())
    }

    /// Returns the number of a participant's unread replies.
    pub(crate) fn unread_replies(&self, thread: &Thread, participant: &Participant) -> usize {
        let latest = self.living_replies(thread).rev();
        latest
            .take_while(|reply| reply.created_at > participant.last_read)
            .filter(|reply| reply.user_id != participant.user_id)
            .count()
    }
}

/// Returns whether a message that a user has not read counts as unread.
fn is_counted(message: &Message, user_id: &str, user: Option<&User>) -> bool {
    let visible_to = &message.content.restricted_visibility;
    message.user_id != user_id
        && message.is_in_channel()
        && !message.silent
        && !message.shadowed
        && matches!(message.kind.as_str(), "regular" | "reply")
        && (visible_to.is_empty() || visible_to.iter().any(|id| id == user_id))
        && user.is_none_or(|user| !user.blocked.contains_key(&message.user_id))
}
