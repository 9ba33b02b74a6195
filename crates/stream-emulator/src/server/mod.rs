//! The HTTP server: routes requests to operations, and encodes the responses.

mod accept;
mod body;
mod connection;
mod control;
mod cors;
mod dispatch;
mod files;
mod live;
mod service;

pub(crate) use accept::{HEAD_TIMEOUT, accept};
pub(crate) use connection::{Connections, Peer};
pub(crate) use service::service;
