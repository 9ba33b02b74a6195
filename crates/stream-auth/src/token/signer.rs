//! The signer of tokens.

use super::builder::TokenBuilder;
use super::compact;
use crate::hmac::HmacKey;
use crate::secret::ApiSecret;
use stream_core::Token;

/// The user ID of a viewer without an identity.
const ANONYMOUS_USER_ID: &str = "!anon";
const GUEST_ROLE: &str = "guest";

/// Signs tokens with the secret of an app.
///
/// Create it once and keep it, because creating it prepares the key. It is cheap to clone and can
/// be shared between threads.
///
/// ```
/// use std::time::Duration;
/// use stream_auth::{ApiSecret, TokenSigner};
///
/// let signer = TokenSigner::new(&ApiSecret::new("the secret of your app")?);
/// let token = signer
///     .user_token("john")
///     .expires_in(Duration::from_secs(3600))
///     .role("user")
///     .channel_cids(["messaging:general"])
///     .claim("team", "red")
///     .sign()?;
/// println!("{}", token.expose_secret());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenSigner {
    key: HmacKey,
}

impl TokenSigner {
    /// Creates a signer for the app that `secret` belongs to.
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self { key: secret.key().clone() }
    }

    /// Returns the token with which a backend calls the API: `{"server": true}`.
    ///
    /// It allows everything and never expires, because it has neither `iat` nor `exp`. It must not
    /// leave the backend.
    #[must_use]
    pub fn server_token(&self) -> Token {
        compact::sign(&self.key, br#"{"server":true}"#)
    }

    /// Returns a builder of a token for one user, which a login endpoint returns to that user.
    ///
    /// Without [`expires_in`](TokenBuilder::expires_in) or
    /// [`expires_at`](TokenBuilder::expires_at), the token is valid until it is revoked.
    pub fn user_token(&self, user_id: impl Into<String>) -> TokenBuilder<'_> {
        TokenBuilder::new(&self.key, user_id.into())
    }

    /// Returns a builder of a user token that is limited to some calls, each `type:id`, with the
    /// same setters as [`user_token`](Self::user_token).
    pub fn call_token<I>(&self, user_id: impl Into<String>, call_cids: I) -> TokenBuilder<'_>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.user_token(user_id).call_cids(call_cids)
    }

    /// Returns a builder of a user token with the role `guest`.
    ///
    /// The guest must exist: `POST /api/v2/guest` creates one and returns its first token. This
    /// renews that token, for the ID that the server gave to the guest.
    pub fn guest_token(&self, user_id: impl Into<String>) -> TokenBuilder<'_> {
        self.user_token(user_id).role(GUEST_ROLE)
    }

    /// Returns a builder of a token for a viewer without an identity (the user ID `!anon`); limit
    /// it with [`call_cids`](TokenBuilder::call_cids).
    ///
    /// It is for calls. In chat, an anonymous user needs no token: the client sends
    /// `stream-auth-type: anonymous`.
    pub fn anonymous_token(&self) -> TokenBuilder<'_> {
        self.user_token(ANONYMOUS_USER_ID)
    }
}
