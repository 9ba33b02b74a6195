//! Reminders: messages that users want to be reminded of.

use super::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A message that a user wants to be reminded of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reminder {
    pub(crate) message_id: String,
    pub(crate) cid: String,
    pub(crate) user_id: String,
    /// When; a bookmark has none.
    pub(crate) remind_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The reminders of all users, by user: for each, one of a message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Reminders(BTreeMap<String, Vec<Reminder>>);

impl Reminders {
    /// How many a user may have.
    pub(crate) const MAX: usize = 250;

    /// The reminders of a user in the order in which they were made.
    pub(crate) fn of(&self, user_id: &str) -> &[Reminder] {
        self.0.get(user_id).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn get(&self, user_id: &str, message_id: &str) -> Option<&Reminder> {
        self.of(user_id).iter().find(|reminder| reminder.message_id == message_id)
    }

    pub(crate) fn get_mut(&mut self, user_id: &str, message_id: &str) -> Option<&mut Reminder> {
        let reminders = self.0.get_mut(user_id)?;
        reminders.iter_mut().find(|reminder| reminder.message_id == message_id)
    }

    pub(crate) fn add(&mut self, reminder: Reminder) {
        self.0.entry(reminder.user_id.clone()).or_default().push(reminder);
    }

    pub(crate) fn remove(&mut self, user_id: &str, message_id: &str) -> Option<Reminder> {
        let reminders = self.0.get_mut(user_id)?;
        let position = reminders.iter().position(|reminder| reminder.message_id == message_id)?;
        Some(reminders.remove(position))
    }

    /// Forgets the reminders of a user who is gone for good.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.0.remove(user_id);
    }

    /// Forgets all reminders of a message that is gone for good.
    pub(super) fn forget_message(&mut self, message_id: &str) {
        for reminders in self.0.values_mut() {
            reminders.retain(|reminder| reminder.message_id != message_id);
        }
    }
}
