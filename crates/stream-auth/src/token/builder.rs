//! The builder of user tokens.

use std::time::{Duration, SystemTime};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::claims::RESERVED_CLAIMS;
use super::compact;
use super::sign_error::SignError;
use super::time::{now, to_unix_seconds};
use crate::hmac::HmacKey;
use stream_core::Token;

/// The number of seconds by which tokens are backdated. The server refuses tokens issued in the
/// future almost without leeway, so tokens of a backend whose clock is slightly fast would not be
/// valid yet.
const BACK_DATED_SECONDS: u64 = 5;

/// Builds a user token, which [`sign`](Self::sign) returns. Created by
/// [`TokenSigner::user_token`](crate::TokenSigner::user_token).
///
/// The setters do not fail; `sign` returns the first error.
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

/// The claims in the order in which the official SDKs write them.
struct Payload<'a> {
    user_id: &'a str,
    iat: u64,
    exp: Option<u64>,
    nbf: Option<u64>,
    role: Option<&'a str>,
    channel_cids: Option<&'a [String]>,
    call_cids: Option<&'a [String]>,
    custom: &'a Map<String, Value>,
}

impl Serialize for Payload<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut claims = serializer.serialize_map(None)?;
        claims.serialize_entry("user_id", self.user_id)?;
        claims.serialize_entry("iat", &self.iat)?;
        for (name, seconds) in [("exp", self.exp), ("nbf", self.nbf)] {
            if let Some(seconds) = seconds {
                claims.serialize_entry(name, &seconds)?;
            }
        }
        if let Some(role) = self.role {
            claims.serialize_entry("role", role)?;
        }
        for (name, cids) in [("channel_cids", self.channel_cids), ("call_cids", self.call_cids)] {
            if let Some(cids) = cids {
                claims.serialize_entry(name, cids)?;
            }
        }
        for (name, value) in self.custom {
            claims.serialize_entry(name, value)?;
        }
        claims.end()
    }
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

    /// Sets how long after signing the token expires, in whole seconds; by default it does not
    /// expire.
    ///
    /// Replaces an earlier [`expires_at`](Self::expires_at).
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expiry = Some(Expiry::In(lifetime));
        self
    }

    /// Sets the timestamp at which the token expires (`exp`), in whole seconds.
    ///
    /// Replaces an earlier [`expires_in`](Self::expires_in).
    pub fn expires_at(mut self, timestamp: SystemTime) -> Self {
        self.expiry = Some(Expiry::At(timestamp));
        self
    }

    /// Sets the timestamp at which the token was issued (`iat`), in whole seconds; defaults to 5
    /// seconds before signing.
    ///
    /// A revocation compares with this timestamp, so a token that is signed within 5 seconds after
    /// a revocation is refused unless its `iat` is set to the time of signing. The server refuses
    /// an `iat` in the future.
    pub fn issued_at(mut self, timestamp: SystemTime) -> Self {
        self.issued_at = Some(timestamp);
        self
    }

    /// Sets the timestamp before which the token is not valid (`nbf`), in whole seconds.
    pub fn not_before(mut self, timestamp: SystemTime) -> Self {
        self.not_before = Some(timestamp);
        self
    }

    /// Sets the role that the user acts with, for example `admin` or `guest`.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Limits the token to these channels, each `type:id`. Replaces an earlier list.
    ///
    /// An empty list is written as an empty list and not left out: a backend that found no channel
    /// for a user does not want a token without the limit.
    pub fn channel_cids<I>(mut self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.channel_cids = Some(cids.into_iter().map(Into::into).collect());
        self
    }

    /// Limits the token to these calls, each `type:id`. Replaces an earlier list; an empty list is
    /// written as an empty list.
    pub fn call_cids<I>(mut self, cids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.call_cids = Some(cids.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a custom claim. A second claim with the same name replaces the first.
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
    /// [`SignError`]: an empty user ID, an expiry that is not in the future, a timestamp before
    /// 1970, a channel or call ID that is not `type:id`, a custom claim with a reserved name or
    /// one that cannot be serialized as JSON.
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
