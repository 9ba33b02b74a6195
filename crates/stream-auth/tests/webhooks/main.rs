//! Webhooks are verified and unpacked as documented, and reveal no secret.

#![cfg(test)]

mod pack;
mod properties;
mod queue;
mod secrets;
mod verify;
