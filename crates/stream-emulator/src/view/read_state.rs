//! Renders read state.

use std::collections::BTreeMap;

use super::View;
use crate::document::{Node, Object};
use crate::state::{Channel, Participant, Thread};

/// The maximum number of channels in an overview of unread messages.
const CHANNELS_SHOWN: usize = 100;
/// The maximum number of members whose read state a channel contains.
const READS_SHOWN: usize = 100;

impl<'a> View<'a> {
    /// Renders the read state of a channel's members (`ReadStateResponse`).
    pub(crate) fn reads(self, channel: &Channel) -> Option<Node> {
        if !self.world.is_on(channel, "read_events") {
            return None;
        }
        let own = self.viewer.and_then(|viewer| channel.member(viewer));
        let members = channel.members().iter();
        let first = members.take(READS_SHOWN);
        let is_among = |id: &str| {
            channel.members().iter().take(READS_SHOWN).any(|member| member.user_id == id)
        };
        let own = own.filter(|own| !is_among(&own.user_id));
        let shown = first.chain(own).map(|member| member.user_id.as_str());
        let shown = shown.filter(|id| self.may_see_read(id));
        Some(shown.map(|id| self.read(channel, id)).collect())
    }

    /// Returns whether the viewer may see the read state of a user, who may have hidden it.
    fn may_see_read(self, user_id: &str) -> bool {
        let is_other = self.viewer.is_some_and(|viewer| viewer != user_id);
        !is_other || self.world.shares(user_id, "read_receipts")
    }

    fn read(self, channel: &Channel, user_id: &str) -> Object {
        let (last_read, message_id) = self.world.read_of(channel, user_id);
        let delivery = self.world.reads.delivery(user_id, &channel.cid);
        Object::new()
            .field("user", self.user_by_id(user_id))
            .field("last_read", last_read)
            .optional("last_read_message_id", message_id)
            .field("unread_messages", self.world.unread_of(channel, user_id, self.now))
            .optional("last_delivered_at", delivery.map(|delivery| delivery.at))
            .optional(
                "last_delivered_message_id",
                delivery.map(|delivery| delivery.message_id.as_str()),
            )
    }

    /// Returns the channels with unread messages of a user.
    pub(crate) fn unread_channels(
        self,
        user_id: &str,
    ) -> impl Iterator<Item = (&'a Channel, usize)> {
        let channels = self.world.channels.of_member(user_id);
        let user_id = user_id.to_owned();
        channels.filter_map(move |channel| {
            let unread = self.world.unread_of(channel, &user_id, self.now);
            (unread > 0).then_some((channel, unread))
        })
    }

    /// Returns the threads with unread replies of a user.
    pub(crate) fn unread_threads(
        self,
        user_id: &str,
    ) -> impl Iterator<Item = (&'a Thread, &'a Participant, usize)> {
        let threads = self.world.threads.of(user_id);
        let user_id = user_id.to_owned();
        threads.filter_map(move |thread| {
            self.world.living_channel(&thread.cid)?;
            let participant = thread.participant(&user_id)?;
            let unread = self.world.unread_replies(thread, participant);
            (unread > 0).then_some((thread, participant, unread))
        })
    }

    /// Returns a user's total unread counts.
    pub(crate) fn unread_sums(self, user_id: &str) -> UnreadSums {
        let mut sums = UnreadSums::default();
        for (_, unread) in self.unread_channels(user_id) {
            sums.messages += unread;
            sums.channels += 1;
        }
        for (_, _, unread) in self.unread_threads(user_id) {
            sums.thread_messages += unread;
            sums.threads += 1;
        }
        sums
    }

    /// Renders the unread counts of a user (`UnreadCountsResponse`).
    pub(crate) fn unread_counts(self, user_id: &str) -> Object {
        let mut channels: Vec<(&Channel, usize)> = self.unread_channels(user_id).collect();
        channels.sort_by_key(|(channel, _)| std::cmp::Reverse(channel.last_message_at));
        let mut by_type: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut by_team: BTreeMap<&str, usize> = BTreeMap::new();
        for (channel, unread) in &channels {
            let (count, sum) = by_type.entry(&channel.kind).or_default();
            *count += 1;
            *sum += unread;
            if let Some(team) = &channel.team {
                *by_team.entry(team).or_default() += unread;
            }
        }
        let total: usize = channels.iter().map(|(_, unread)| unread).sum();
        let threads: Vec<_> = self.unread_threads(user_id).collect();
        let by_type = by_type.into_iter().map(|(kind, (count, sum))| {
            Object::new()
                .field("channel_type", kind)
                .field("channel_count", count)
                .field("unread_count", sum)
        });
        let shown = channels.iter().take(CHANNELS_SHOWN).map(|(channel, unread)| {
            Object::new()
                .field("channel_id", channel.cid.as_str())
                .field("unread_count", *unread)
                .field("last_read", self.world.read_of(channel, user_id).0)
        });
        let thread_count = threads.len();
        let threads = threads.into_iter().map(|(thread, participant, unread)| {
            Object::new()
                .field("parent_message_id", thread.parent_id.as_str())
                .field("unread_count", unread)
                .field("last_read", participant.last_read)
                .field(
                    "last_read_message_id",
                    participant.last_read_message_id.as_deref().unwrap_or_default(),
                )
        });
        let teams = (!by_team.is_empty()).then(|| {
            by_team.into_iter().map(|(team, sum)| (team.to_owned(), sum)).collect::<Object>()
        });
        Object::new()
            .field("total_unread_count", total)
            .field("total_unread_threads_count", thread_count)
            .optional("total_unread_count_by_team", teams)
            .field("channels", shown.collect::<Node>())
            .field("channel_type", by_type.collect::<Node>())
            .field("threads", threads.collect::<Node>())
    }
}

/// A user's total unread counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UnreadSums {
    pub(crate) messages: usize,
    pub(crate) channels: usize,
    pub(crate) threads: usize,
    pub(crate) thread_messages: usize,
}
