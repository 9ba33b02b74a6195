//! Receives events of Stream Chat from SQS, handles each once, and deletes it.
//!
//! Messages in a queue have no signature, so nothing is verified here: the permission to write to
//! the queue protects it. See the README.

mod worker;

pub use stream_chat::models::events::Event;
pub use stream_chat::webhook::Webhook;
pub use worker::{LEASE, VISIBILITY, Worker};
