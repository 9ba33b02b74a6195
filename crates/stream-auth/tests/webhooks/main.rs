//! Webhooks: signatures, gzip, queues.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod pack;
mod properties;
mod queue;
mod secrets;
mod verify;
