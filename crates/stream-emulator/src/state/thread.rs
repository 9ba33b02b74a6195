//! Threads and their participants.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Message, Timestamp};

/// A thread: the replies to a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Thread {
    pub(crate) parent_id: String,
    pub(crate) cid: String,
    pub(crate) title: String,
    pub(crate) custom: Map<String, Value>,
    /// The user who replied first.
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// The participants, in the order in which they joined.
    pub(crate) participants: Vec<Participant>,
}

/// A participant of a thread: the author of the parent, or of a reply.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Participant {
    pub(crate) user_id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_read: Timestamp,
    pub(crate) last_read_message_id: Option<String>,
    pub(crate) last_message_at: Option<Timestamp>,
}

impl Thread {
    pub(crate) fn participant(&self, user_id: &str) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.user_id == user_id)
    }

    fn participant_mut(&mut self, user_id: &str, now: Timestamp) -> Option<&mut Participant> {
        if self.participant(user_id).is_none() {
            self.participants.push(Participant {
                user_id: user_id.to_owned(),
                created_at: now,
                last_read: now,
                last_read_message_id: None,
                last_message_at: None,
            });
        }
        self.participants.iter_mut().find(|participant| participant.user_id == user_id)
    }
}

/// All threads by the ID of their parent, with an index from users to their threads.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Threads {
    by_parent: HashMap<String, Thread>,
    of_user: BTreeMap<String, BTreeSet<String>>,
}

impl Threads {
    pub(crate) fn get(&self, parent_id: &str) -> Option<&Thread> {
        self.by_parent.get(parent_id)
    }

    pub(crate) fn get_mut(&mut self, parent_id: &str) -> Option<&mut Thread> {
        self.by_parent.get_mut(parent_id)
    }

    /// Returns the threads in which a user participates.
    pub(crate) fn of(&self, user_id: &str) -> impl Iterator<Item = &Thread> {
        self.of_user.get(user_id).into_iter().flatten().filter_map(|id| self.by_parent.get(id))
    }

    /// Adds a reply. The first one creates the thread.
    pub(super) fn add_reply(&mut self, parent: &Message, reply: &Message) {
        let thread = self.by_parent.entry(parent.id.clone()).or_insert_with(|| Thread {
            parent_id: parent.id.clone(),
            cid: parent.cid.clone(),
            title: String::new(),
            custom: Map::new(),
            created_by: reply.user_id.clone(),
            created_at: reply.created_at,
            updated_at: reply.created_at,
            participants: Vec::new(),
        });
        thread.updated_at = reply.created_at;
        thread.participant_mut(&parent.user_id, parent.created_at);
        if let Some(author) = thread.participant_mut(&reply.user_id, reply.created_at) {
            author.last_read = reply.created_at;
            author.last_read_message_id = Some(reply.id.clone());
            author.last_message_at = Some(reply.created_at);
        }
        for user_id in [&parent.user_id, &reply.user_id] {
            self.of_user.entry(user_id.clone()).or_default().insert(parent.id.clone());
        }
    }

    /// Adds a thread that was removed.
    pub(super) fn insert(&mut self, thread: Thread) {
        for participant in &thread.participants {
            let threads = self.of_user.entry(participant.user_id.clone()).or_default();
            threads.insert(thread.parent_id.clone());
        }
        self.by_parent.insert(thread.parent_id.clone(), thread);
    }

    /// Removes the thread of a message, if there is one.
    pub(super) fn remove(&mut self, parent_id: &str) -> Option<Thread> {
        let thread = self.by_parent.remove(parent_id)?;
        for participant in &thread.participants {
            if let Some(threads) = self.of_user.get_mut(&participant.user_id) {
                threads.remove(parent_id);
            }
        }
        Some(thread)
    }

    /// Sets up to when a participant has read a thread.
    pub(crate) fn mark(
        &mut self,
        user_id: &str,
        parent_id: &str,
        last_read: Timestamp,
        message_id: Option<String>,
    ) {
        let thread = self.by_parent.get_mut(parent_id);
        let participant = thread.and_then(|thread| {
            thread.participants.iter_mut().find(|participant| participant.user_id == user_id)
        });
        if let Some(participant) = participant {
            participant.last_read = last_read;
            participant.last_read_message_id = message_id;
        }
    }
}
