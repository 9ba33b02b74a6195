//! Reminders of messages.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A reminder of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reminder {
    pub(crate) message_id: String,
    pub(crate) cid: String,
    pub(crate) user_id: String,
    /// The time of the reminder; `None` for a bookmark.
    pub(crate) remind_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Whether the user has been reminded.
    #[serde(default)]
    pub(crate) is_told: bool,
}

/// The reminders of all users; a user has at most one per message. An index orders them by time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Vec<Reminder>>", into = "BTreeMap<String, Vec<Reminder>>")]
pub(crate) struct Reminders {
    by_user: BTreeMap<String, Vec<Reminder>>,
    /// The time, the user and the message of each pending reminder.
    due: BTreeSet<(Timestamp, String, String)>,
}

impl Reminders {
    /// The maximum number of reminders of a user.
    pub(crate) const MAX: usize = 250;

    /// Returns the reminders of a user in the order in which they were created.
    pub(crate) fn of(&self, user_id: &str) -> &[Reminder] {
        self.by_user.get(user_id).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn get(&self, user_id: &str, message_id: &str) -> Option<&Reminder> {
        self.of(user_id).iter().find(|reminder| reminder.message_id == message_id)
    }

    fn get_mut(&mut self, user_id: &str, message_id: &str) -> Option<&mut Reminder> {
        let reminders = self.by_user.get_mut(user_id)?;
        reminders.iter_mut().find(|reminder| reminder.message_id == message_id)
    }

    pub(crate) fn add(&mut self, reminder: Reminder) {
        self.due.extend(entry(&reminder));
        self.by_user.entry(reminder.user_id.clone()).or_default().push(reminder);
    }

    /// Sets the time of a reminder, and returns the reminder if it exists.
    pub(crate) fn change(
        &mut self,
        user_id: &str,
        message_id: &str,
        remind_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Reminder> {
        let reminder = self.get_mut(user_id, message_id)?;
        let before = entry(reminder);
        reminder.remind_at = remind_at;
        reminder.is_told = false;
        reminder.updated_at = now;
        let reminder = reminder.clone();
        if let Some(before) = before {
            self.due.remove(&before);
        }
        self.due.extend(entry(&reminder));
        Some(reminder)
    }

    pub(crate) fn remove(&mut self, user_id: &str, message_id: &str) -> Option<Reminder> {
        let reminders = self.by_user.get_mut(user_id)?;
        let position = reminders.iter().position(|reminder| reminder.message_id == message_id)?;
        let reminder = reminders.remove(position);
        if let Some(entry) = entry(&reminder) {
            self.due.remove(&entry);
        }
        Some(reminder)
    }

    /// Returns when the next reminder is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, ..)| *at)
    }

    /// Marks the reminders that are due as sent, and returns them.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<Reminder> {
        let mut due = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            let Some((_, user_id, message_id)) = self.due.pop_first() else {
                break;
            };
            if let Some(reminder) = self.get_mut(&user_id, &message_id) {
                reminder.is_told = true;
                due.push(reminder.clone());
            }
        }
        due
    }

    /// Removes the reminders of a permanently deleted user.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.by_user.remove(user_id);
        self.due.retain(|(_, other, _)| other != user_id);
    }

    /// Removes all reminders of permanently deleted messages.
    pub(super) fn forget_messages(&mut self, is_gone: impl Fn(&String) -> bool) {
        for reminders in self.by_user.values_mut() {
            reminders.retain(|reminder| !is_gone(&reminder.message_id));
        }
        self.due.retain(|(.., message_id)| !is_gone(message_id));
    }
}

/// Returns the index entry of a reminder.
fn entry(reminder: &Reminder) -> Option<(Timestamp, String, String)> {
    let at = reminder.remind_at.filter(|_| !reminder.is_told)?;
    Some((at, reminder.user_id.clone(), reminder.message_id.clone()))
}

impl From<BTreeMap<String, Vec<Reminder>>> for Reminders {
    fn from(by_user: BTreeMap<String, Vec<Reminder>>) -> Self {
        let due = by_user.values().flatten().filter_map(entry).collect();
        Self { by_user, due }
    }
}

impl From<Reminders> for BTreeMap<String, Vec<Reminder>> {
    fn from(reminders: Reminders) -> Self {
        reminders.by_user
    }
}
