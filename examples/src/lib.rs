//! Small complete programs on the SDK, each on one topic and readable from top to bottom.
//!
//! `cargo run -p stream-examples -- PROGRAM` runs one, against a local emulator unless
//! `STREAM_API_KEY` and `STREAM_API_SECRET` are set.

pub mod campaign;
pub mod data_protection;
pub mod inbox;
pub mod marketplace;
pub mod migration;
pub mod moderation;
