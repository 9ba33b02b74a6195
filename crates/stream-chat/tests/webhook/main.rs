//! Webhooks, from their bytes to what a handler gets and answers.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests"
)]

mod duplicates;
mod endpoint;
mod events;
mod extract;
mod hooks;
mod pack;
mod properties;
mod queue;
mod receive;
mod secrets;
