//! Tokens of a client that acts as a user, renewed before they expire.
//!
//! A client of the app signs its own requests, and needs no source. A client that acts as one user
//! (see [`Client::as_user`](crate::Client::as_user)) sends a token of that user, which has one of
//! three sources:
//!
//! | the token | source |
//! |---|---|
//! | is available and lives long enough | [`Token`] |
//! | is signed locally, with the secret | [`UserTokenSource`], created by [`User::token_source`](crate::User::token_source) |
//! | comes from elsewhere, such as a login endpoint | [`CachedTokenSource`] over a function or source of your own |

mod cached;
mod signing;
mod validity;

pub use cached::{CachedTokenSource, RefreshError, TokenFunction};
pub use signing::UserTokenSource;

pub use stream_http::{Token, TokenSource};
