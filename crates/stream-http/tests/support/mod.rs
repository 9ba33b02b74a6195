//! Operations and servers that the tests share.
#![allow(dead_code, unreachable_pub)]

pub mod identity;
pub mod operations;
pub mod server;
pub mod transport;
