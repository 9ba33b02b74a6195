//! Takes events of Stream Chat from SQS, handles each once, and deletes it.
//!
//! What stands in a queue has no signature, so nothing is verified here: who may write to the queue
//! is what vouches for its messages. See the README.

mod worker;

pub use stream_chat::models::events::Event;
pub use stream_chat::webhook::Webhook;
pub use worker::{LEASE, VISIBILITY, Worker};
