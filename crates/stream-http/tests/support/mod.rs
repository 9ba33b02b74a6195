//! What the tests share: operations, and a server that plays back a script of bytes.
#![allow(dead_code, unreachable_pub)]

pub mod identity;
pub mod operations;
pub mod server;
pub mod transport;
