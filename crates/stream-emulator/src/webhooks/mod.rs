//! Webhooks: telling the app's own servers what happens.

mod before_send;
mod client;
mod delivery;
mod event;
pub(crate) mod events;
mod hook;
mod queue;
mod signature;

pub use delivery::WebhookDelivery;

pub(crate) use before_send::before_message_send;
pub(crate) use event::Event;
pub(crate) use hook::has_hooks;
pub(crate) use queue::Webhooks;
