//! The HTTP server: routes requests to operations, and encodes the responses.

mod accept;
mod body;
mod connection;
mod control;
mod cors;
mod dispatch;
mod envelope;
mod fault;
mod files;
mod hosts;
mod live;
mod observer;
mod rate_limit;
mod record;
mod service;
mod shared;

pub use fault::Fault;
pub use observer::Exchange;
pub use record::ReceivedRequest;

pub(crate) use accept::{HEAD_TIMEOUT, accept};
pub(crate) use connection::{Connections, Peer};
pub(crate) use envelope::{Arrival, error as error_response, error_object};
pub(crate) use hosts::ControlHosts;
pub(crate) use observer::Observer;
pub(crate) use service::service;
pub(crate) use shared::{Settings, Shared};
