//! Users: the handle, tokens, and what a client does with many of them.

mod channels;
mod client;
mod deletion;
mod existing;
mod handle;
#[cfg(feature = "moderation")]
mod moderation;
mod token;

pub use handle::User;
pub use token::UserTokenBuilder;
