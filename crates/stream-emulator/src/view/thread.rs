//! Renders threads.

use super::View;
use crate::document::{Node, Object};
use crate::state::{Participant, Thread};

/// The maximum numbers of replies and participants in a response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadLimits {
    pub(crate) replies: usize,
    pub(crate) participants: usize,
}

/// The latest replies and participants of a thread in the state of its channel.
const IN_CHANNEL: ThreadLimits = ThreadLimits { replies: 2, participants: 100 };

impl View<'_> {
    /// Renders the viewer's threads in a channel, with how much of each is unread.
    pub(crate) fn threads_in(self, cid: &str) -> Node {
        let own = self.viewer.into_iter().flat_map(|viewer| self.world.threads.of(viewer));
        own.filter(|thread| thread.cid == cid)
            .map(|thread| self.thread_state(thread, IN_CHANNEL))
            .collect()
    }

    /// Renders a thread with its latest replies (`ThreadStateResponse`).
    pub(crate) fn thread_state(self, thread: &Thread, limits: ThreadLimits) -> Object {
        let replies = self.world.living_replies(thread).filter(|reply| self.may_see(reply));
        let replies: Vec<_> = replies.collect();
        let skipped = replies.len().saturating_sub(limits.replies);
        let latest = replies.into_iter().skip(skipped).map(|reply| self.message(reply));
        let reads = thread.participants.iter().map(|participant| {
            Object::new()
                .field("user", self.user_by_id(&participant.user_id))
                .field("last_read", participant.last_read)
                .optional("last_read_message_id", participant.last_read_message_id.as_deref())
                .field("unread_messages", self.world.unread_replies(thread, participant))
        });
        let draft = self
            .viewer
            .and_then(|viewer| self.world.drafts.get(viewer, &thread.cid, Some(&thread.parent_id)));
        self.thread_with(thread, limits.participants)
            .field("latest_replies", latest.collect::<Node>())
            .field("read", reads.collect::<Node>())
            .optional("draft", draft.map(|draft| self.draft(draft)))
    }

    /// Renders a thread (`ThreadResponse`).
    pub(crate) fn thread(self, thread: &Thread) -> Object {
        self.thread_with(thread, usize::MAX)
    }

    fn thread_with(self, thread: &Thread, participants: usize) -> Object {
        let (mut count, mut last) = (0, None);
        for reply in self.world.living_replies(thread) {
            count += 1;
            last = Some(reply.created_at);
        }
        let active = thread.participants.iter().filter(|one| one.last_message_at.is_some());
        let parent = self.world.messages.get(&thread.parent_id);
        let channel = self.world.channels.get(&thread.cid);
        let shown = thread.participants.iter().take(participants);
        Object::new()
            .field("parent_message_id", thread.parent_id.as_str())
            .optional("parent_message", parent.map(|parent| self.message(parent)))
            .field("channel_cid", thread.cid.as_str())
            .optional("channel", channel.map(|channel| self.channel(channel)))
            .field("title", thread.title.as_str())
            .field("created_by_user_id", thread.created_by.as_str())
            .field("created_by", self.user_by_id(&thread.created_by))
            .field("reply_count", count)
            .field("participant_count", thread.participants.len())
            .field("active_participant_count", active.count())
            .field(
                "thread_participants",
                shown
                    .map(|participant| self.thread_participant(thread, participant))
                    .collect::<Node>(),
            )
            .optional("last_message_at", last)
            .custom(&thread.custom)
            .field("created_at", thread.created_at)
            .field("updated_at", thread.updated_at)
    }

    fn thread_participant(self, thread: &Thread, participant: &Participant) -> Object {
        Object::new()
            .field("channel_cid", thread.cid.as_str())
            .field("thread_id", thread.parent_id.as_str())
            .field("user_id", participant.user_id.as_str())
            .field("user", self.user_by_id(&participant.user_id))
            .field("created_at", participant.created_at)
            .field("last_read_at", participant.last_read)
            .optional("last_thread_message_at", participant.last_message_at)
            .custom(&serde_json::Map::new())
    }
}
