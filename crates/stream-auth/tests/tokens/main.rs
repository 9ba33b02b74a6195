//! Tokens: minting, verifying, inspecting.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod forge;
mod mint;
mod properties;
mod refuse;
mod secrets;
mod verify;
