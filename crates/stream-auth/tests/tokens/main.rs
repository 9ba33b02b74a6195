//! Tokens: minting, verifying, inspecting.

#![cfg(test)]

mod forge;
mod mint;
mod properties;
mod refuse;
mod secrets;
mod verify;
