#[cfg(feature = "admin")]
mod admin;
mod handle;
#[cfg(feature = "moderation")]
mod moderation;
mod token;

pub use handle::User;
pub use token::UserToken;
