//! Users: the handle, tokens, and batch operations.

mod channels;
mod client;
mod deletion;
mod devices;
mod existing;
mod handle;
#[cfg(feature = "moderation")]
mod moderation;
mod token;

pub use handle::User;
pub use token::UserTokenBuilder;
