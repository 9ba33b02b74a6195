//! Webhooks, from their bytes to what a handler gets and answers.

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
