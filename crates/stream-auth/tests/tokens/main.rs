//! Tokens are signed, verified and inspected as documented, and reveal no secret.

#![cfg(test)]

mod forge;
mod mint;
mod properties;
mod refuse;
mod secrets;
mod verify;
