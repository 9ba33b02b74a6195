//! Guides to what a chat backend has to do, with code that is compiled and run as a test.

#[doc = include_str!("../docs/login.md")]
pub mod login {}

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/webhooks.md")]
pub mod webhooks {}
