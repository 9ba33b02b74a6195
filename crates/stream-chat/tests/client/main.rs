//! What a client does with its default features, against the emulator and with scripts.

#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(all(feature = "hyper", feature = "webhooks"))]
mod auto_traits;
#[cfg(feature = "full")]
mod channels;
mod testing;
mod token_source;
mod users_and_app;
mod wire;
