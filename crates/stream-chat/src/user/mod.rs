//! Users: the handle, tokens, and what a client does with many of them.

#[cfg(feature = "admin")]
mod admin;
mod client;
mod handle;
#[cfg(feature = "moderation")]
mod moderation;
mod token;

pub use handle::User;
pub use token::UserToken;
