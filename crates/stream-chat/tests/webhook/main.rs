//! Webhooks are verified, parsed and handled once.

#![cfg(test)]

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
