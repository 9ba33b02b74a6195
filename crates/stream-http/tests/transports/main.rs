//! Transports send what the executor says, and return what arrives.
#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod custom_transport;
mod proxy;
mod timeout_signal;
mod tls;
mod tower_service;
mod wire;
