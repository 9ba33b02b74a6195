//! The builder of user tokens.

use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Map, Value};

use super::claims::RESERVED_CLAIMS;
use super::compact;
use super::sign_error::SignError;
use super::time::{now, to_unix_seconds};
use crate::hmac_key::HmacKey;
use stream_core::Token;

/// The server refuses a token from the future almost without leeway, so a backend whose clock is a
/// little fast would mint tokens that do not work yet.
const BACK_DATED_SECONDS: u64 = 5;

/// Builds a user token, which [`sign`](Self::sign) returns. Created by
/// [`TokenSigner::user_token`](crate::TokenSigner::user_token).
///
/// Nothing fails before `sign`, which returns the first thing that is wrong.
#[derive(Debug)]
#[must_use = "a builder does nothing until `sign` is called"]
pub struct TokenBuilder<'k> {
    key: &'k HmacKey,
    user_id: String,
    expiry: Option<Expiry>,
    issued_at: Option<SystemTime>,
    not_before: Option<SystemTime>,
    role: Option<String>,
    channel_cids: Option<Vec<String>>,
    call_cids: Option<Vec<String>>,
    custom: Map<String, Value>,
    first_error: Option<SignError>,
}

#[derive(Clone, Copy, Debug)]
enum Expiry {
    In(Duration),
    At(SystemTime),
}

/// The claims as they are written, in the order of the official SDKs.
#[derive(Serialize)]
struct Payload<'a> {
    user_id: &'a str,
    iat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_cids: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_cids: Option<&'a [String]>,
    #[serde(flatten)]
    custom: &'a Map<String, Value>,
}

impl<'k> TokenBuilder<'k> {
    pub(super) fn new(key: &'k HmacKey, user_id: String) -> Self {
        Self {
            key,
            user_id,
            expiry: None,
            issued_at: None,
            not_before: None,
            role: None,
            channel_cids: None,
            call_cids: None,
            custom: Map::new(),
            first_error: None,
        }
    }

    /// Lets the token expire this long after it is signed. Fractions of a second are dropped.
    ///
    /// Replaces an earlier [`expires_at`](Self::expires_at).
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expiry = Some(Expiry::In(lifetime));
        self
    }

    /// Lets the token expire at a timestamp. Fractions of a second are dropped.
    ///
    /// Replaces an earlier [`expires_in`](Self::expires_in).
    pub fn expires_at(mut self, timestamp: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(timestamp));
        self
    }

    /// Says when the token was issued (`iat`), to the second; 5 seconds before the signing by
    /// default.
    ///
    /// Revocation compares with this timestamp, so a token that is signed within 5 seconds after a
    /// revocation is refused unless its `iat` is set to the time of signing. A server refuses an
    /// `iat` that lies in its future.
    pub fn issued_at(mut self, timestamp: SystemTime) -> Self {
        self.issued_at = Some(timestamp);
        self
    }

    /// Makes the token valid only from a timestamp on (`nbf`), to the second.
    pub fn not_before(mut self, timestamp: SystemTime) -> Self {
        self.not_before = Some(timestamp);
        self
    }

    /// Sets the role that the user acts with, for example `admin` or `guest`.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Names the channels that the token is for, each `type:id`. Replaces an earlier list.
    ///
    /// An empty list is written as an empty list and not left out: a backend that found no channel
    /// for a user does not want a token without that limit.
    pub fn channel_cids<I>(mut self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.channel_cids = Some(cids.into_iter().map(Into::into).collect());
        self
    }

    /// Names the calls that the token is for, each `type:id`. Replaces an earlier list; an empty
    /// one is written as such.
    pub fn call_cids<I>(mut self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.call_cids = Some(cids.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a claim of your own. A second one of the same name replaces the first.
    ///
    /// The names `user_id`, `server`, `iat`, `exp`, `nbf`, `role`, `channel_cids` and `call_cids`
    /// are reserved; [`sign`](Self::sign) refuses them.
    pub fn claim(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        if RESERVED_CLAIMS.contains(&name.as_str()) {
            self.first_error.get_or_insert(SignError::ReservedClaim { name });
            return self;
        }
        match serde_json::to_value(value) {
            Ok(value) => {
                self.custom.insert(name, value);
            }
            Err(source) => {
                self.first_error.get_or_insert(SignError::UnserializableClaim { name, source });
            }
        }
        self
    }

    /// Signs the token now.
    ///
    /// # Errors
    /// [`SignError`]: an empty user id, an expiry that is not in the future, an timestamp before
    /// 1970, an id of a channel or call without its type, a custom claim with a reserved name or
    /// without a form in JSON.
    pub fn sign(self) -> Result<Token, SignError> {
        self.sign_at(now())
    }

    /// Signs the token as if it were `now`, for a clock of your own and for tests.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign).
    pub fn sign_at(mut self, now: SystemTime) -> Result<Token, SignError> {
        if let Some(error) = self.first_error.take() {
            return Err(error);
        }
        if self.user_id.is_empty() {
            return Err(SignError::EmptyUserId);
        }
        check_cids("channel_cids", self.channel_cids.as_deref())?;
        check_cids("call_cids", self.call_cids.as_deref())?;

        let now = seconds("iat", now)?;
        let payload = Payload {
            user_id: &self.user_id,
            iat: self
                .issued_at
                .map_or(Ok(now.saturating_sub(BACK_DATED_SECONDS)), |at| seconds("iat", at))?,
            exp: self.expiry.map(|expiry| expiry.seconds(now)).transpose()?,
            nbf: self.not_before.map(|at| seconds("nbf", at)).transpose()?,
            role: self.role.as_deref(),
            channel_cids: self.channel_cids.as_deref(),
            call_cids: self.call_cids.as_deref(),
            custom: &self.custom,
        };
        let claims = serde_json::to_vec(&payload).map_err(|source| {
            SignError::UnserializableClaim { name: "custom".to_owned(), source }
        })?;
        Ok(compact::sign(self.key, &claims))
    }
}

impl Expiry {
    fn seconds(self, now: u64) -> Result<u64, SignError> {
        let expires_at = match self {
            Self::In(lifetime) => now
                .checked_add(lifetime.as_secs())
                .ok_or(SignError::TimeOutOfRange { claim: "exp" })?,
            Self::At(timestamp) => seconds("exp", timestamp)?,
        };
        if expires_at <= now {
            return Err(SignError::ExpiryInPast { expires_at, now });
        }
        Ok(expires_at)
    }
}

fn seconds(claim: &'static str, timestamp: SystemTime) -> Result<u64, SignError> {
    to_unix_seconds(timestamp).ok_or(SignError::TimeOutOfRange { claim })
}

fn check_cids(claim: &'static str, cids: Option<&[String]>) -> Result<(), SignError> {
    for cid in cids.unwrap_or_default() {
        match cid.split_once(':') {
            Some((kind, id)) if !kind.is_empty() && !id.is_empty() => {}
            _ => {
                return Err(SignError::InvalidCid { claim, cid: cid.clone() });
            }
        }
    }
    Ok(())
}
