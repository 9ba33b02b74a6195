use crate::client::Client;
use serde::Serialize;
use std::time::{Duration, SystemTime};
use stream_auth::{Token, UserTokenBuilder};
use stream_http::Error;

/// A token in the making, with which a user logs in. Nothing is sent: the secret signs it here.
///
/// Its `iat` lies 5 s in the past, because Stream refuses one in the future.
///
/// ```
/// # let client = stream_chat::Client::new("key", "secret")?;
/// use std::time::Duration;
///
/// let token = client.user_token("john").expires_in(Duration::from_secs(3600)).sign()?;
/// println!("{}", token.as_str());
/// # Ok::<(), stream_chat::Error>(())
/// ```
#[must_use = "nothing is signed until `sign`"]
#[derive(Debug)]
pub struct UserToken<'a> {
    builder: Result<UserTokenBuilder<'a>, Error>,
}

impl<'a> UserToken<'a> {
    pub(crate) fn new(client: &'a Client, user_id: String) -> Self {
        Self { builder: client.signer().map(|signer| signer.user_token(user_id)) }
    }

    fn map(self, change: impl FnOnce(UserTokenBuilder<'a>) -> UserTokenBuilder<'a>) -> Self {
        Self { builder: self.builder.map(change) }
    }

    /// Ends the token's life this long after now. Without an expiry it lives until it is revoked.
    pub fn expires_in(self, lifetime: Duration) -> Self {
        self.map(|builder| builder.expires_in(lifetime))
    }

    /// Ends the token's life at this moment.
    pub fn expires_at(self, moment: SystemTime) -> Self {
        self.map(|builder| builder.expires_at(moment))
    }

    /// When the token was issued, in the place of 5 s before now.
    pub fn issued_at(self, moment: SystemTime) -> Self {
        self.map(|builder| builder.issued_at(moment))
    }

    /// The role that the user has with this token.
    pub fn role(self, role: impl Into<String>) -> Self {
        self.map(|builder| builder.role(role))
    }

    /// Limits the token to these channels.
    pub fn channel_cids<I>(self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.map(|builder| builder.channel_cids(cids))
    }

    /// Limits the token to these calls.
    pub fn call_cids<I>(self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.map(|builder| builder.call_cids(cids))
    }

    /// A claim of your own. Those that Stream reads cannot be overridden.
    pub fn claim(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.map(|builder| builder.claim(name, value))
    }

    /// Signs the token.
    ///
    /// # Errors
    /// The user id is empty, the expiry has passed, a cid has no colon, a claim is reserved or
    /// cannot be JSON, or the client acts as a user and has no secret.
    pub fn sign(self) -> Result<Token, Error> {
        self.builder?.sign().map_err(|error| {
            Error::invalid_request(format!("the user token: {error}")).caused_by(error)
        })
    }
}
