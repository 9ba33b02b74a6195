//! A local server that speaks the Stream Chat API, for tests and for trying things with no
//! account.
//!
//! ```
//! use stream_emulator::Emulator;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! // Point a client at `emulator.base_url()`, with `emulator.api_key()` and
//! // `emulator.api_secret()`; what it does is kept until the emulator is dropped.
//! # Ok(())
//! # }
//! ```
//!
//! Users, channels with their members, messages, reactions and the app's settings are kept in
//! memory and follow the API's rules: keys and tokens are checked, what a request refers to must
//! exist, errors come in Stream's envelope with Stream's codes, and events go out as signed
//! webhooks and over live connections, so that Stream's clients for front ends work, too. An operation that is not emulated answers 501 and says so; it never makes a success
//! up. [`emulated_operations`] lists the others.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream, and how Stream's own service
//! behaves in every detail is not documented: where the two differ, Stream is right.

mod auth;
mod catalogue;
mod compression;
mod data_file;
mod document;
mod emulator;
mod error;
mod events;
mod feed;
mod inspector;
mod links;
mod live;
mod lock;
mod operations;
mod parameters;
mod query;
mod seed;
mod server;
mod snapshot;
mod state;
mod view;
mod webhooks;
mod wire;

pub use emulator::{Emulator, EmulatorBuilder, StartError};
pub use seed::SeedError;
pub use server::{Exchange, Fault, ReceivedRequest};
pub use snapshot::Snapshot;
pub use webhooks::WebhookDelivery;

/// The ids of the operations that are emulated, such as `SendMessage`.
pub fn emulated_operations() -> impl Iterator<Item = &'static str> {
    catalogue::operations()
        .iter()
        .filter(|operation| operation.is_listed && operation.entry.is_some())
        .map(|operation| operation.id)
}

/// The ids of all operations of the API, emulated or not.
pub fn all_operations() -> impl Iterator<Item = &'static str> {
    catalogue::operations()
        .iter()
        .filter(|operation| operation.is_listed)
        .map(|operation| operation.id)
}

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
