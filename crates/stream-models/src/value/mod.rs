//! The types that fields are made of.

mod custom;
mod optional;
mod secret;
mod timestamp;

pub use custom::Custom;
pub use optional::Optional;
pub use secret::Secret;
pub use timestamp::{InvalidTimestamp, Timestamp};
