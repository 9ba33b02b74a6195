//! Renders reminders.

use super::View;
use crate::document::Object;
use crate::state::{Message, Reminder};

impl View<'_> {
    /// Renders a reminder with its message (`ReminderResponseData`).
    pub(crate) fn reminder(self, reminder: &Reminder) -> Object {
        // Without a viewer, the message does not contain the reminder again.
        let view = Self { viewer: None, ..self };
        let message = self.world.messages.get(&reminder.message_id);
        let channel = self.world.channels.get(&reminder.cid);
        self.reminder_fields(reminder)
            .optional("message", message.map(|message| view.message(message)))
            .optional("channel", channel.map(|channel| self.channel(channel)))
    }

    /// Renders the viewer's reminder of a message.
    pub(super) fn own_reminder(self, message: &Message) -> Option<Object> {
        let reminder = self.world.reminders.get(self.viewer?, &message.id)?;
        Some(self.reminder_fields(reminder))
    }

    fn reminder_fields(self, reminder: &Reminder) -> Object {
        Object::new()
            .field("message_id", reminder.message_id.as_str())
            .field("channel_cid", reminder.cid.as_str())
            .field("user_id", reminder.user_id.as_str())
            .field("user", self.user_by_id(&reminder.user_id))
            .optional("remind_at", reminder.remind_at)
            .field("created_at", reminder.created_at)
            .field("updated_at", reminder.updated_at)
    }
}
