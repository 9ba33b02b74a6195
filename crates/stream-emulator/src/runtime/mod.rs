//! What all requests to an emulator share: its state, settings, records and queues.

mod fault;
mod hosts;
mod hub;
mod observer;
mod rate_limit;
mod record;
mod shared;

pub use fault::Fault;
pub use observer::Exchange;
pub use record::ReceivedRequest;

pub(crate) use hosts::ControlHosts;
pub(crate) use hub::{End, Frame, Hub, Inbox};
pub(crate) use observer::Observer;
pub(crate) use shared::{Settings, Shared};
