use super::Client;
use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};
use stream_http::Error;

/// What a client of the app signs with.
pub(super) struct Credentials {
    signer: TokenSigner,
    secret: ApiSecret,
}

impl Credentials {
    pub(super) fn new(secret: ApiSecret) -> Self {
        Self { signer: TokenSigner::new(&secret), secret }
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

    /// Returns what verifies the tokens that this app has signed, such as one that a user sends
    /// along. This sends no request.
    ///
    /// ```
    /// # fn example() -> Result<(), stream_chat::Error> {
    /// # let client = stream_chat::Client::new("key", "secret")?;
    /// let token = client.user_token("john").sign()?;
    /// let claims = client.token_verifier()?.verify(token.expose_secret())?;
    /// assert_eq!(claims.user_id.as_deref(), Some("john"));
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    ///
    /// # Errors
    /// The client acts as a user and has no secret.
    pub fn token_verifier(&self) -> Result<TokenVerifier, Error> {
        let credentials = self.credentials("verify tokens")?;
        Ok(TokenVerifier::new(&credentials.secret))
    }

    fn credentials(&self, purpose: &str) -> Result<&Credentials, Error> {
        self.credentials.as_deref().ok_or_else(|| {
            Error::configuration(format!(
                "this client acts as a user and has no secret to {purpose} with: make one with the secret of the app"
            ))
        })
    }
}
