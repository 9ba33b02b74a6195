//! Reminders of a message.

use std::time::Duration;

use crate::request::Request;
use stream_models::Timestamp;
use stream_models::reminders::{CreateReminder, UpdateReminder};

/// Sets how long from now the user is reminded; without it, the message is only saved for later.
///
/// ```no_run
/// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
/// use std::time::Duration;
///
/// client.message("id").create_reminder("john").remind_in(Duration::from_secs(3600)).await?;
/// # Ok(())
/// # }
/// ```
impl Request<CreateReminder> {
    /// Reminds the user this long from now. A duration beyond the range of timestamps sets no
    /// reminder.
    pub fn remind_in(self, duration: Duration) -> Self {
        match Timestamp::now().checked_add(duration) {
            Some(moment) => self.remind_at(moment),
            None => self,
        }
    }
}

/// Sets how long from now the user is reminded.
impl Request<UpdateReminder> {
    /// Reminds the user this long from now. A duration beyond the range of timestamps clears
    /// the timestamp.
    pub fn remind_in(self, duration: Duration) -> Self {
        match Timestamp::now().checked_add(duration) {
            Some(moment) => self.remind_at(moment),
            None => self.clear_remind_at(),
        }
    }
}
