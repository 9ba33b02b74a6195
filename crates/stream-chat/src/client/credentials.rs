use super::Client;
use stream_auth::{ApiSecret, TokenSigner};
use stream_http::Error;

/// What a client of the app signs with.
pub(super) struct Credentials {
    signer: TokenSigner,
    #[cfg(feature = "webhooks")]
    secret: ApiSecret,
}

impl Credentials {
    pub(super) fn new(secret: ApiSecret) -> Self {
        Self {
            signer: TokenSigner::new(&secret),
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
