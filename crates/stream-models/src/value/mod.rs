//! The types that fields are made of.

mod cid;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod convert;
mod custom;
mod optional;
mod secret;
mod timestamp;
pub mod units;

pub use cid::{Cid, InvalidCid};
pub use custom::Custom;
pub use optional::Optional;
pub use secret::Secret;
pub use timestamp::{InvalidTimestamp, Timestamp};
