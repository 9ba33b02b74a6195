//! What the crates of the SDK for [Stream Chat](https://getstream.io/chat/) share.
//!
//! `stream-auth` signs tokens and `stream-http` sends them, and neither compiles the other: the
//! [`Token`] that both speak of is here. So is the mark of the errors that join the one error of the
//! SDK, [`SdkError`].
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.

mod error;
mod token;

pub use error::{ErrorClass, SdkError};
pub use token::Token;
