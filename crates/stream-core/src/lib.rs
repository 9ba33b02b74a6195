//! The types that the crates of the SDK for [Stream Chat](https://getstream.io/chat/) share.
//!
//! `stream-auth` signs tokens and `stream-http` sends them, and neither compiles the other. So the
//! [`Token`] that both use is here, and so is [`SdkError`], the trait of the errors that convert
//! into the one error of the SDK.
//!
//! This is an unofficial crate. It is not made or endorsed by Stream.

mod error;
mod token;

pub use error::{ErrorClass, SdkError};
pub use token::Token;
