//! The events of operations, and their receivers.

pub(crate) mod channels;
pub(crate) mod drafts;
mod event;
pub(crate) mod messages;
pub(crate) mod moderation;
pub(crate) mod polls;
pub(crate) mod presence;
pub(crate) mod read_state;
pub(crate) mod reminders;
mod table;
pub(crate) mod users;

pub(crate) use event::Event;
pub(crate) use table::{Audience, Counts, event_type, is_built_in, webhook_types};
