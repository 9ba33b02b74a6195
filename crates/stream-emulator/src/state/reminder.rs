//! Reminders: messages that users want to be reminded of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Timestamp;

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
    /// Whether the user has been reminded.
    #[serde(default)]
    pub(crate) is_told: bool,
}

/// The reminders of all users, by user: for each, one of a message. An index knows which is due
/// next.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Vec<Reminder>>", into = "BTreeMap<String, Vec<Reminder>>")]
pub(crate) struct Reminders {
    by_user: BTreeMap<String, Vec<Reminder>>,
    /// When, whom, and of which message.
    due: BTreeSet<(Timestamp, String, String)>,
}

impl Reminders {
    /// How many a user may have.
    pub(crate) const MAX: usize = 250;

    /// Returns the reminders of a user in the order in which they were made.
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

    /// Sets when a user is reminded of a message, and returns the reminder, if there is one.
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

    /// Takes note that users are told of what is due, and returns it.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<Reminder> {
        let mut told = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            let Some((_, user_id, message_id)) = self.due.pop_first() else {
                break;
            };
            if let Some(reminder) = self.get_mut(&user_id, &message_id) {
                reminder.is_told = true;
                told.push(reminder.clone());
            }
        }
        told
    }

    /// Forgets the reminders of a user who is gone for good.
    pub(super) fn forget_user(&mut self, user_id: &str) {
        self.by_user.remove(user_id);
        self.due.retain(|(_, other, _)| other != user_id);
    }

    /// Forgets all reminders of messages that are gone for good.
    pub(super) fn forget_messages(&mut self, is_gone: impl Fn(&String) -> bool) {
        for reminders in self.by_user.values_mut() {
            reminders.retain(|reminder| !is_gone(&reminder.message_id));
        }
        self.due.retain(|(.., message_id)| !is_gone(message_id));
    }
}

/// What the index has of a reminder.
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
