//! The builder of user tokens.

use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::client::Client;
use stream_auth::{Token, TokenBuilder};
use stream_http::Error;
use stream_models::Timestamp;

/// Builds a token with which a user logs in. It is signed locally with the secret, without a
/// request.
///
/// ```
/// # let client = stream_chat::Client::new("key", "secret")?;
/// use std::time::Duration;
///
/// let token = client.user_token("john").expires_in(Duration::from_secs(3600)).sign()?;
/// println!("{}", token.expose_secret());
/// # Ok::<(), stream_chat::Error>(())
/// ```
#[must_use = "nothing is signed until `sign`"]
#[derive(Debug)]
pub struct UserTokenBuilder<'a> {
    builder: Result<TokenBuilder<'a>, Error>,
}

impl<'a> UserTokenBuilder<'a> {
    pub(crate) fn new(client: &'a Client, user_id: String) -> Self {
        Self { builder: client.signer().map(|signer| signer.user_token(user_id)) }
    }

    fn map(self, change: impl FnOnce(TokenBuilder<'a>) -> TokenBuilder<'a>) -> Self {
        Self { builder: self.builder.map(change) }
    }

    /// Sets the lifetime of the token, in whole seconds. Without an expiration, it is valid until
    /// it is revoked.
    pub fn expires_in(self, lifetime: Duration) -> Self {
        self.map(|builder| builder.expires_in(lifetime))
    }

    fn at(
        self,
        timestamp: impl Into<Timestamp>,
        set: fn(TokenBuilder<'a>, SystemTime) -> TokenBuilder<'a>,
    ) -> Self {
        let timestamp = timestamp.into();
        let set = |builder| Ok(set(builder, SystemTime::try_from(timestamp)?));
        Self { builder: self.builder.and_then(set) }
    }

    /// Sets the expiration of the token, in whole seconds.
    pub fn expires_at(self, timestamp: impl Into<Timestamp>) -> Self {
        self.at(timestamp, TokenBuilder::expires_at)
    }

    /// Sets the issue timestamp of the token; defaults to 5 seconds ago, because Stream refuses a
    /// token that was issued in the future.
    pub fn issued_at(self, timestamp: impl Into<Timestamp>) -> Self {
        self.at(timestamp, TokenBuilder::issued_at)
    }

    /// Sets the role that the user acts with.
    pub fn role(self, role: impl Into<String>) -> Self {
        self.map(|builder| builder.role(role))
    }

    /// Limits the token to these channels, each `type:id`.
    pub fn channel_cids<I>(self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.map(|builder| builder.channel_cids(cids))
    }

    /// Limits the token to these calls, each `type:id`.
    pub fn call_cids<I>(self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.map(|builder| builder.call_cids(cids))
    }

    /// Adds a custom claim. The claims that Stream reads cannot be overridden.
    pub fn claim(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.map(|builder| builder.claim(name, value))
    }

    /// Signs the token.
    ///
    /// # Errors
    /// The user ID is empty, the expiration has passed, a CID has no colon, a claim is reserved or
    /// cannot be serialized as JSON, the system's clock cannot hold a
    /// timestamp, or the client acts as a user and has no secret.
    pub fn sign(self) -> Result<Token, Error> {
        Ok(self.builder?.sign()?)
    }
}
