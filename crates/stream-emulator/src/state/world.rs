//! The whole state, and the rules that involve several of its parts.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    App, Calls, Channel, ChannelType, Channels, Clock, Drafts, Files, History, Live, Message,
    Messages, Moderation, Poll, Push, Reads, Records, Reminders, Retention, Task, Tasks, Threads,
    Timestamp, User,
};

/// The whole state of an emulator.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
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

    /// Removes all data that only matters to a permanently deleted user. Votes and replies remain.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        self.reads.forget_user(user_id);
        self.drafts.forget_user(user_id);
        self.reminders.forget_user(user_id);
        self.push.forget_user(user_id);
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

    /// Adds a message to its channel and its thread.
    pub(crate) fn add_message(&mut self, message: Message) {
        let moves_last_message = message.is_in_channel()
            && !(message.kind == "system"
                && self.channels.get(&message.cid).is_some_and(|channel| {
                    self.is_on(channel, "skip_last_msg_update_for_system_msgs")
                }));
        if let Some(channel) = self.channels.get_mut(&message.cid) {
            channel.messages.push(message.id.clone());
            if moves_last_message {
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
        if message.content.shared_location.as_ref().is_some_and(|place| place.end_at.is_some()) {
            self.live_locations.push(message.id.clone());
        }
        self.messages.insert(message.id.clone(), message);
    }

    /// Removes a message permanently.
    pub(crate) fn remove_message(&mut self, id: &str) -> Option<Message> {
        let message = self.messages.remove(id)?;
        self.reminders.forget_messages(|other| other == id);
        self.threads.forget(id);
        self.live_locations.retain(|other| other != id);
        if let Some(channel) = self.channels.get_mut(&message.cid) {
            channel.messages.retain(|other| other != id);
            channel.pending.retain(|other| other != id);
            // This may have been the last message.
            channel.last_message_at = last_message_at(channel, &self.messages);
        }
        if let Some(parent) = message.parent_id.as_ref().and_then(|id| self.messages.get_mut(id)) {
            parent.replies.retain(|other| other != id);
        }
        Some(message)
    }

    /// Removes messages of any channels permanently, and returns their number. It scans each
    /// channel once.
    pub(crate) fn remove_messages(&mut self, ids: &HashSet<String>) -> usize {
        let removed: Vec<Message> = ids.iter().filter_map(|id| self.messages.remove(id)).collect();
        for message in &removed {
            self.threads.forget(&message.id);
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
                channel.last_message_at = last_message_at(channel, &self.messages);
            }
        }
        removed.len()
    }

    /// Removes all messages of a channel permanently.
    pub(crate) fn remove_messages_of(&mut self, cid: &str) {
        let Some(channel) = self.channels.get_mut(cid) else {
            return;
        };
        channel.last_message_at = None;
        let ids = std::mem::take(&mut channel.messages)
            .into_iter()
            .chain(std::mem::take(&mut channel.pending))
            .chain(std::mem::take(&mut channel.ephemeral).into_values());
        let ids: Vec<String> = ids.collect();
        self.forget_messages(&ids);
    }

    /// Removes messages that no channel contains any more.
    pub(crate) fn forget_messages(&mut self, ids: &[String]) {
        let gone: HashSet<&String> = ids.iter().collect();
        for id in ids {
            self.messages.remove(id);
            self.threads.forget(id);
        }
        self.live_locations.retain(|id| !gone.contains(id));
        self.reminders.forget_messages(|id| gone.contains(id));
    }

    /// Returns the messages of a thread, from the oldest to the newest.
    pub(crate) fn replies<'a>(&'a self, parent: &'a Message) -> impl Iterator<Item = &'a Message> {
        parent.replies.iter().filter_map(|id| self.messages.get(id))
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

/// Returns the time of the last message in a channel.
fn last_message_at(channel: &Channel, messages: &Messages) -> Option<Timestamp> {
    let messages = channel.messages.iter().rev().filter_map(|id| messages.get(id));
    let mut in_channel = messages.filter(|message| message.is_in_channel());
    in_channel.next().map(|message| message.created_at)
}
