//! Tokens for a client that acts as a user: renewed before they expire.
//!
//! A client of the app signs its own calls, and needs none of this. A client that acts as one user
//! (see [`Client::as_user`](crate::Client::as_user)) sends a token of that user, and there are three
//! ways to come by it:
//!
//! | the token | source |
//! |---|---|
//! | is at hand and lives long enough | [`Token`] |
//! | is signed here, with the secret | [`UserTokenSource`], made by [`User::token_source`](crate::User::token_source) |
//! | comes from elsewhere, such as a login endpoint | [`CachedTokenSource`] over a function or source of your own |

mod cached;
mod signing;
mod validity;

pub use cached::{CachedTokenSource, RefreshError, TokenFunction};
pub use signing::UserTokenSource;

pub use stream_http::{Token, TokenSource};
