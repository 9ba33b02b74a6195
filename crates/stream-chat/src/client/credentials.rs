//! The credentials with which a client signs and verifies.

use super::Client;
use stream_auth::{ApiSecret, TokenSigner};
#[cfg(feature = "verify")]
use stream_auth::{Claims, Token, TokenVerifier};
use stream_http::Error;

/// The credentials with which a client of the app signs.
pub(super) struct Credentials {
    signer: TokenSigner,
    #[cfg(feature = "verify")]
    verifier: TokenVerifier,
    #[cfg(feature = "webhooks")]
    secret: ApiSecret,
}

impl Credentials {
    pub(super) fn new(secret: ApiSecret) -> Self {
        Self {
            signer: TokenSigner::new(&secret),
            #[cfg(feature = "verify")]
            verifier: TokenVerifier::new(&secret),
            #[cfg(feature = "webhooks")]
            secret,
        }
    }

    pub(super) const fn signer(&self) -> &TokenSigner {
        &self.signer
    }
}

impl Client {
    pub(crate) fn signer(&self) -> Result<&TokenSigner, Error> {
        self.credentials("sign tokens").map(Credentials::signer)
    }

    #[cfg(feature = "webhooks")]
    pub(crate) fn secret(&self) -> Result<&ApiSecret, Error> {
        self.credentials("verify webhooks").map(|credentials| &credentials.secret)
    }

    fn credentials(&self, purpose: &str) -> Result<&Credentials, Error> {
        self.credentials.as_deref().ok_or_else(|| {
            Error::configuration(format!(
                "this client acts as a user and has no secret to {purpose} with: make one with the secret of the app"
            ))
        })
    }
}

/// # Token verification
#[cfg(feature = "verify")]
impl Client {
    /// Verifies a token that this app has signed, such as one that a user sends, and returns its
    /// claims. This sends no request.
    ///
    /// ```
    /// # fn example() -> Result<(), stream_chat::Error> {
    /// # let client = stream_chat::Client::new("key", "secret")?;
    /// let token = client.user_token("john").sign()?;
    /// let claims = client.verify_token(token)?;
    /// assert_eq!(claims.user_id.as_deref(), Some("john"));
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    ///
    /// # Errors
    /// The token is not valid: an error of the kind
    /// [`ErrorKind::Unverified`](crate::ErrorKind::Unverified), from which [`Error::downcast_ref`]
    /// returns the [`VerifyError`](stream_auth::VerifyError). Or the client acts as a user and has
    /// no secret.
    pub fn verify_token(&self, token: impl Into<Token>) -> Result<Claims, Error> {
        let credentials = self.credentials("verify tokens")?;
        Ok(credentials.verifier.verify(token.into().expose_secret())?)
    }

    /// Returns a verifier of the tokens that this app has signed, for options other than those of
    /// [`Client::verify_token`]. This sends no request.
    ///
    /// # Errors
    /// The client acts as a user and has no secret.
    pub fn token_verifier(&self) -> Result<TokenVerifier, Error> {
        Ok(self.credentials("verify tokens")?.verifier.clone())
    }
}
