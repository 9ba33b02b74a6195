//! Users: the handle, tokens, and what a client does with many of them.

mod client;
mod handle;
mod token;

pub use handle::User;
pub use token::UserToken;
