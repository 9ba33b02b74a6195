//! What `tracing` shows of calls, and what nothing shows.
#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod events;
mod raw;
mod secrets;
mod tolerant;
