//! Everything together, and the rules that span several parts.

use super::{App, Channel, Message, Moment, Task, User};
use crate::webhooks::Event;
use std::collections::{BTreeMap, HashMap};

/// The whole state of an emulator.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) users: BTreeMap<String, User>,
    /// By cid.
    pub(crate) channels: BTreeMap<String, Channel>,
    /// By id, over all channels.
    pub(crate) messages: HashMap<String, Message>,
    pub(crate) tasks: HashMap<String, Task>,
    /// How often a new task shows as running before it shows as completed.
    pub(crate) task_polls: u32,
    /// What has happened in the call that is being handled.
    pub(crate) events: Vec<Event>,
    latest: Moment,
}

impl World {
    pub(crate) fn new(task_polls: u32) -> Self {
        let now = Moment::now();
        Self {
            app: App::new(now),
            users: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: HashMap::new(),
            tasks: HashMap::new(),
            task_polls,
            events: Vec::new(),
            latest: now,
        }
    }

    /// The time, later than at the call before: so that sorting by time is sorting by order.
    pub(crate) fn tick(&mut self) -> Moment {
        self.latest = Moment::now().max(self.latest.next());
        self.latest
    }

    /// A user that exists and is not deleted.
    pub(crate) fn living_user(&self, id: &str) -> Option<&User> {
        self.users.get(id).filter(|user| user.deleted_at.is_none())
    }

    /// A channel that exists and is not deleted.
    pub(crate) fn living_channel(&self, cid: &str) -> Option<&Channel> {
        self.channels.get(cid).filter(|channel| channel.deleted_at.is_none())
    }

    /// Adds a message to its channel and its thread.
    pub(crate) fn add_message(&mut self, message: Message) {
        if let Some(channel) = self.channels.get_mut(&message.cid) {
            channel.messages.push(message.id.clone());
            if message.is_in_channel() {
                channel.last_message_at = Some(message.created_at);
            }
        }
        if let Some(parent) = message.parent_id.as_ref().and_then(|id| self.messages.get_mut(id)) {
            parent.replies.push(message.id.clone());
        }
        self.messages.insert(message.id.clone(), message);
    }

    /// Removes a message for good.
    pub(crate) fn remove_message(&mut self, id: &str) -> Option<Message> {
        let message = self.messages.remove(id)?;
        if let Some(channel) = self.channels.get_mut(&message.cid) {
            channel.messages.retain(|other| other != id);
        }
        if let Some(parent) = message.parent_id.as_ref().and_then(|id| self.messages.get_mut(id)) {
            parent.replies.retain(|other| other != id);
        }
        Some(message)
    }

    /// Removes all messages of a channel for good.
    pub(crate) fn remove_messages_of(&mut self, cid: &str) {
        let Some(channel) = self.channels.get_mut(cid) else {
            return;
        };
        for id in std::mem::take(&mut channel.messages) {
            self.messages.remove(&id);
        }
    }

    /// The messages of a thread, from the oldest to the newest.
    pub(crate) fn replies<'a>(&'a self, parent: &'a Message) -> impl Iterator<Item = &'a Message> {
        parent.replies.iter().filter_map(|id| self.messages.get(id))
    }

    /// Notes a task as done and returns its id.
    pub(crate) fn finish_task(
        &mut self,
        result: serde_json::Map<String, serde_json::Value>,
    ) -> String {
        let now = self.tick();
        let id = uuid::Uuid::new_v4().to_string();
        self.tasks.insert(
            id.clone(),
            Task {
                id: id.clone(),
                result,
                pending_polls: self.task_polls,
                created_at: now,
                updated_at: now,
            },
        );
        id
    }
}
