//! Events about reminders.

use super::Event;
use crate::state::Reminder;
use crate::view::View;

/// Creates `reminder.created`, `reminder.updated`, `reminder.deleted` or
/// `notification.reminder_due`.
pub(crate) fn reminder(view: View<'_>, kind: &'static str, reminder: &Reminder) -> Event {
    let message = view.world.messages.get(&reminder.message_id);
    Event::new(kind, view)
        .with("cid", reminder.cid.as_str())
        .with("message_id", reminder.message_id.as_str())
        .maybe("parent_id", message.and_then(|message| message.parent_id.as_deref()))
        .with("reminder", view.reminder(reminder))
        .with("user_id", reminder.user_id.as_str())
        .about(&reminder.user_id)
}
