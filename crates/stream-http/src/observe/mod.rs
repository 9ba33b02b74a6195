//! What can be seen of the calls: spans and events of `tracing`, without secrets.

mod events;
pub(crate) mod redact;

pub(crate) use events::{failed, finish, held_back, initialized, received, retried, sent, span};
