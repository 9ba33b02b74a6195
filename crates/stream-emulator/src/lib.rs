//! A local server that speaks the Stream Chat API, for tests and for experiments without an
//! account.
//!
//! ```
//! use stream_emulator::Emulator;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! // Point a client at `emulator.base_url()`, with `emulator.api_key()` and
//! // `emulator.api_secret()`; the state is kept until the emulator is dropped.
//! # Ok(())
//! # }
//! ```
//!
//! Users, channels with their members, messages, reactions and the app's settings are kept in
//! memory and follow the API's rules: keys and tokens are checked, the objects that a request
//! refers to must exist, errors have Stream's envelope and Stream's codes, and events are sent as
//! signed webhooks and over live connections, so that Stream's clients for front ends work, too.
//! The response to an operation that is not emulated is 501, never a made-up success.
//! [`emulated_operations`] lists the operations that are emulated.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream, whose service is not
//! documented in every detail: where the two differ, Stream is right.

mod auth;
mod catalogue;
mod compression;
mod data_file;
mod document;
mod emulator;
mod envelope;
mod error;
mod events;
mod feed;
mod inspector;
mod json;
mod links;
mod live;
mod lock;
mod operations;
mod parameters;
mod query;
mod redaction;
mod runtime;
mod seed;
mod server;
mod snapshot;
mod state;
mod timestamp;
mod view;
mod webhooks;
mod wire;

pub use emulator::{Emulator, EmulatorBuilder, StartError};
pub use runtime::{Exchange, Fault, ReceivedRequest};
pub use seed::SeedError;
pub use snapshot::Snapshot;
pub use webhooks::WebhookDelivery;

/// Returns the IDs of the operations that are emulated, such as `SendMessage`.
pub fn emulated_operations() -> impl Iterator<Item = &'static str> {
    catalogue::operations()
        .iter()
        .filter(|operation| operation.is_listed && operation.entry.is_some())
        .map(|operation| operation.id)
}

/// Returns the IDs of all operations of the API, emulated or not.
pub fn all_operations() -> impl Iterator<Item = &'static str> {
    catalogue::operations()
        .iter()
        .filter(|operation| operation.is_listed)
        .map(|operation| operation.id)
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
