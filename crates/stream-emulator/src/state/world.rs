//! The whole state, and the rules that involve several of its parts.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    App, Calls, Channel, ChannelType, Channels, Clock, Deletion, Drafts, Files, History, Live,
    Message, Messages, Moderation, Poll, Push, Reads, Records, Reminders, Retention, Task, Tasks,
    Threads, Timestamp, User,
};

/// The whole state of an emulator.
#[derive(Debug, Clone, Serialize, Deserialize)]
// A file with anything else in it must not be taken for a state, and overwritten.
#[serde(default, deny_unknown_fields)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) app: App,
    pub(crate) channel_types: BTreeMap<String, ChannelType>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) channels: Channels,
    /// The messages of all channels, by ID.
    pub(crate) messages: Messages,
    pub(crate) records: Records,
    pub(crate) tasks: Tasks,
    pub(crate) files: Files,
    pub(crate) drafts: Drafts,
    pub(crate) reminders: Reminders,
    pub(crate) push: Push,
    pub(crate) moderation: Moderation,
    pub(crate) retention: Retention,
    pub(crate) reads: Reads,
    pub(crate) threads: Threads,
    pub(crate) polls: BTreeMap<String, Poll>,
    /// The ID of the message that contains a poll, by the ID of the poll.
    pub(crate) poll_messages: BTreeMap<String, String>,
    /// The IDs of messages with live locations, active or ended.
    pub(crate) live_locations: Vec<String>,
    /// The number of polls for which a new task is reported as running.
    pub(crate) task_polls: u32,
    /// The live connections.
    #[serde(skip)]
    pub(crate) live: Live,
    /// Recent events, for clients that reconnect.
    #[serde(skip)]
    pub(crate) history: History,
    #[serde(skip)]
    pub(crate) calls: Calls,
}

impl Default for World {
    fn default() -> Self {
        Self::new(0)
    }
}

impl World {
    pub(crate) fn new(task_polls: u32) -> Self {
        let clock = Clock::new();
        let now = clock.now();
        Self {
            clock,
            app: App::new(now),
            channel_types: ChannelType::built_in(now),
            users: BTreeMap::new(),
            channels: Channels::default(),
            messages: Messages::default(),
            records: Records::built_in(now),
            tasks: Tasks::default(),
            files: Files::default(),
            drafts: Drafts::default(),
            reminders: Reminders::default(),
            push: Push::default(),
            moderation: Moderation::default(),
            retention: Retention::default(),
            reads: Reads::default(),
            threads: Threads::default(),
            polls: BTreeMap::new(),
            poll_messages: BTreeMap::new(),
            live_locations: Vec::new(),
            task_polls,
            live: Live::default(),
            history: History::default(),
            calls: Calls::default(),
        }
    }

    /// Removes a user permanently, with all data that only matters to them. Their reactions, votes
    /// and replies remain.
    pub(crate) fn remove_user(&mut self, user_id: &str) {
        self.users.remove(user_id);
        for user in self.users.values_mut() {
            user.blocked.remove(user_id);
        }
        let cids: Vec<String> =
            self.channels.of_member(user_id).map(|channel| channel.cid.clone()).collect();
        for cid in cids {
            self.channels.take_member(&cid, user_id);
        }
        self.reads.forget_user(user_id);
        self.drafts.forget_user(user_id);
        self.reminders.forget_user(user_id);
        self.push.forget_user(user_id);
        self.moderation.bans.forget_user(user_id);
        self.moderation.mutes.forget_user(user_id);
    }

    /// Returns a user who is not deleted.
    pub(crate) fn living_user(&self, id: &str) -> Option<&User> {
        self.users.get(id).filter(|user| user.deleted_at.is_none())
    }

    /// Returns whether a user shares something with others by a privacy setting, which is on by
    /// default.
    pub(crate) fn shares(&self, user_id: &str, setting: &str) -> bool {
        let settings = self.users.get(user_id).and_then(|user| user.privacy_settings.as_ref());
        let enabled = settings.and_then(|settings| settings.get(setting)?.get("enabled"));
        enabled.and_then(Value::as_bool) != Some(false)
    }

    /// Returns whether a user is shown as online.
    pub(crate) fn is_online(&self, user: &User) -> bool {
        !user.invisible && self.live.is_connected(&user.id)
    }

    /// Returns a channel that is not deleted.
    pub(crate) fn living_channel(&self, cid: &str) -> Option<&Channel> {
        self.channels.get(cid).filter(|channel| channel.deleted_at.is_none())
    }

    /// Returns a field of a channel's configuration: its override, or the value of its type.
    pub(crate) fn setting<'a>(&'a self, channel: &'a Channel, name: &str) -> Option<&'a Value> {
        let overridden = channel.config_overrides.get(name).filter(|value| !value.is_null());
        overridden.or_else(|| self.channel_types.get(&channel.kind)?.settings.get(name))
    }

    /// Returns whether a channel's configuration enables a setting.
    pub(crate) fn is_on(&self, channel: &Channel, name: &str) -> bool {
        self.setting(channel, name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns whether a message counts as the last one of its channel.
    fn moves_last_message(&self, channel: &Channel, message: &Message) -> bool {
        message.is_in_channel()
            && !(message.kind == "system"
                && self.is_on(channel, "skip_last_msg_update_for_system_msgs"))
    }

    /// Adds a message to its channel and its thread.
    pub(crate) fn add_message(&mut self, message: Message) {
        let channel = self.channels.get(&message.cid);
        let moves_last = channel.is_some_and(|channel| self.moves_last_message(channel, &message));
        if let Some(channel) = self.channels.get_mut(&message.cid) {
            channel.messages.push(message.id.clone());
            if moves_last {
                channel.last_message_at = Some(message.created_at);
            }
        }
        // The draft has been sent.
        self.drafts.remove(&message.user_id, &message.cid, message.parent_id.as_deref());
        // An author has read all previous messages.
        if message.is_in_channel() {
            let id = Some(message.id.clone());
            let at = message.created_at;
            self.reads.mark(&message.user_id, &message.cid, at, id, at);
        }
        if let Some(parent) = message.parent_id.as_ref().and_then(|id| self.messages.get_mut(id)) {
            parent.replies.push(message.id.clone());
            self.threads.add_reply(parent, &message);
        }
        if let Some(poll_id) = &message.content.poll_id {
            self.poll_messages.insert(poll_id.clone(), message.id.clone());
        }
        if message.has_live_location() {
            self.live_locations.push(message.id.clone());
        }
        self.messages.insert(message.id.clone(), message);
    }

    /// Replaces a message of the same channel and thread. Its replies and the reactions to it remain.
    pub(crate) fn replace_message(&mut self, mut message: Message) {
        if let Some(before) = self.messages.remove(&message.id) {
            message.replies = before.replies;
            message.reactions = before.reactions;
        }
        self.messages.insert(message.id.clone(), message);
    }

    /// Removes messages of any channels permanently with the replies to them, and returns their
    /// number.
    pub(crate) fn remove_messages(&mut self, ids: &HashSet<String>) -> usize {
        let messages = ids.iter().filter_map(|id| self.messages.get(id));
        let replies = messages.flat_map(|message| message.replies.iter());
        let all: HashSet<String> = replies.chain(ids).cloned().collect();
        self.remove_exactly(&all)
    }

    /// Removes all messages of a channel permanently.
    pub(crate) fn remove_messages_of(&mut self, cid: &str) {
        let Some(channel) = self.channels.get_mut(cid) else {
            return;
        };
        let ids = std::mem::take(&mut channel.messages)
            .into_iter()
            .chain(std::mem::take(&mut channel.pending))
            .chain(std::mem::take(&mut channel.truncated))
            .chain(std::mem::take(&mut channel.ephemeral).into_values());
        let ids: HashSet<String> = ids.collect();
        self.remove_exactly(&ids);
        self.refresh_last_message(cid);
    }

    /// Removes messages permanently, but not the replies to them. It scans each channel once.
    pub(crate) fn remove_exactly(&mut self, ids: &HashSet<String>) -> usize {
        let removed: Vec<Message> = ids.iter().filter_map(|id| self.messages.remove(id)).collect();
        for message in &removed {
            self.threads.remove(&message.id);
        }
        self.live_locations.retain(|id| !ids.contains(id));
        self.reminders.forget_messages(|id| ids.contains(id));
        let parents: HashSet<&String> =
            removed.iter().filter_map(|message| message.parent_id.as_ref()).collect();
        for parent in parents {
            if let Some(parent) = self.messages.get_mut(parent) {
                parent.replies.retain(|id| !ids.contains(id));
            }
        }
        let cids: HashSet<&String> = removed.iter().map(|message| &message.cid).collect();
        for cid in cids {
            if let Some(channel) = self.channels.get_mut(cid) {
                channel.messages.retain(|id| !ids.contains(id));
                channel.pending.retain(|id| !ids.contains(id));
                channel.truncated.retain(|id| !ids.contains(id));
            }
            self.refresh_last_message(cid);
        }
        removed.len()
    }

    /// Finds the last message of a channel again, after messages were removed.
    pub(crate) fn refresh_last_message(&mut self, cid: &str) {
        let Some(channel) = self.channels.get(cid) else {
            return;
        };
        let messages = channel.messages.iter().rev().filter_map(|id| self.messages.get(id));
        let last = messages.into_iter().find(|message| self.moves_last_message(channel, message));
        let last = last.map(|message| message.created_at);
        if let Some(channel) = self.channels.get_mut(cid) {
            channel.last_message_at = last;
        }
    }

    /// Deletes the messages of a user, in a channel or everywhere. Those that are deleted already
    /// keep the time of their deletion.
    pub(crate) fn delete_messages_of(
        &mut self,
        user_id: &str,
        cid: Option<&str>,
        deletion: Deletion,
        now: Timestamp,
    ) {
        let own = self.messages.values().filter(|message| message.user_id == user_id);
        let own = own.filter(|message| cid.is_none_or(|cid| message.cid == cid));
        let ids: HashSet<String> = own.map(|message| message.id.clone()).collect();
        if deletion == Deletion::Hard {
            self.remove_messages(&ids);
            return;
        }
        for id in &ids {
            if let Some(message) = self.messages.get_mut(id) {
                message.deleted_at.get_or_insert(now);
                if deletion == Deletion::Pruning {
                    message.prune();
                }
            }
        }
    }

    /// Removes the reactions of a user, in a channel or everywhere.
    pub(crate) fn delete_reactions_of(&mut self, user_id: &str, cid: Option<&str>) {
        let messages = self.messages.values_mut();
        for message in messages.filter(|message| cid.is_none_or(|cid| message.cid == cid)) {
            message.reactions.retain(|reaction| reaction.user_id != user_id);
        }
    }

    /// Returns the messages of a thread, from the oldest to the newest.
    pub(crate) fn replies<'a>(
        &'a self,
        parent: &'a Message,
    ) -> impl DoubleEndedIterator<Item = &'a Message> {
        parent.replies.iter().filter_map(|id| self.messages.get(id))
    }

    /// Returns the authors of the replies to a message, in the order of their first replies. Deleted
    /// replies do not count.
    pub(crate) fn repliers<'a>(&'a self, parent: &'a Message) -> Vec<&'a str> {
        let replies = self.replies(parent).filter(|reply| reply.deleted_at.is_none());
        let mut seen = HashSet::new();
        replies.map(|reply| reply.user_id.as_str()).filter(|id| seen.insert(*id)).collect()
    }

    /// Adds a finished task, and returns its ID.
    pub(crate) fn finish_task(&mut self, result: Map<String, Value>, now: Timestamp) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        self.tasks.add(Task {
            id: id.clone(),
            result,
            pending_polls: self.task_polls,
            created_at: now,
            updated_at: now,
        });
        id
    }
}
