//! Webhooks: signatures, gzip, queues.

#![cfg(test)]

mod pack;
mod properties;
mod queue;
mod secrets;
mod verify;
