//! Webhooks to the app's own servers.

mod allowed_hosts;
mod client;
mod delivery;
mod hook;
mod journal;
mod queue;
mod queued_event;
mod signature;

pub use delivery::WebhookDelivery;

pub(crate) use allowed_hosts::AllowedHosts;
pub(crate) use journal::{DeliveryRecord, DeliveryState};
pub(crate) use queue::Webhooks;
