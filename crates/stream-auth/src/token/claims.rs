//! The claims of a token.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::de::{self, DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::time::from_unix;

/// The names of the claims that Stream defines, which custom claims must not use.
pub(super) const RESERVED_CLAIMS: [&str; 8] =
    ["user_id", "server", "iat", "exp", "nbf", "role", "channel_cids", "call_cids"];

/// The claims of a token.
///
/// A claim that is absent or `null` is `None`. Timestamps keep the precision of the token: mostly
/// whole seconds, but fractions are kept.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Claims {
    /// The user that the token is for (`user_id`); `None` in a server token.
    pub user_id: Option<String>,
    /// Whether this is a server token, which allows everything (`server`).
    pub server: bool,
    /// When the token was issued (`iat`). Revocation compares with it.
    pub issued_at: Option<SystemTime>,
    /// When the token expires (`exp`); `None` if it does not expire.
    pub expires_at: Option<SystemTime>,
    /// The timestamp before which the token is not valid (`nbf`).
    pub not_before: Option<SystemTime>,
    /// The role that the user acts with (`role`).
    pub role: Option<String>,
    /// The channels that the token is limited to (`channel_cids`). `None` means no limit; an
    /// empty list allows no channel.
    pub channel_cids: Option<Vec<String>>,
    /// The calls that the token is limited to (`call_cids`). `None` means no limit; an empty list
    /// allows no call.
    pub call_cids: Option<Vec<String>>,
    /// All other claims; [`Claims::get_as`] decodes one.
    pub custom: Map<String, Value>,
}

impl Claims {
    /// Decodes a claim of your own as any deserializable type; returns `None` if it is absent.
    ///
    #[cfg_attr(feature = "verify", doc = "```")]
    #[cfg_attr(not(feature = "verify"), doc = "```ignore")]
    /// use stream_auth::{ApiSecret, TokenSigner, TokenVerifier};
    ///
    /// let secret = ApiSecret::new("secret")?;
    /// let token = TokenSigner::new(&secret).user_token("john").claim("tenant", "acme").sign()?;
    /// let claims = TokenVerifier::new(&secret).verify(token.expose_secret())?;
    /// assert_eq!(claims.get_as::<String>("tenant")?.as_deref(), Some("acme"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The claim is present and cannot be decoded as a `T`.
    pub fn get_as<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, serde_json::Error> {
        self.custom.get(name).map(T::deserialize).transpose()
    }

    /// Returns whether a revocation of all tokens issued before `revoked_before` covers this one.
    ///
    /// It covers a user token that was issued earlier or has no `iat`. A revocation does not affect
    /// server tokens, which have no `iat`.
    #[must_use]
    pub fn is_revoked_by(&self, revoked_before: SystemTime) -> bool {
        !self.server && self.issued_at.is_none_or(|issued_at| issued_at < revoked_before)
    }
}

/// Written by hand because `#[serde(flatten)]` would buffer every claim, and because a duplicate
/// claim has to be refused.
impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ClaimsVisitor)
    }
}

/// The name of a claim.
enum Name {
    UserId,
    Server,
    IssuedAt,
    ExpiresAt,
    NotBefore,
    Role,
    ChannelCids,
    CallCids,
    Custom(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a claim")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(match name {
            "user_id" => Name::UserId,
            "server" => Name::Server,
            "iat" => Name::IssuedAt,
            "exp" => Name::ExpiresAt,
            "nbf" => Name::NotBefore,
            "role" => Name::Role,
            "channel_cids" => Name::ChannelCids,
            "call_cids" => Name::CallCids,
            _ => Name::Custom(name.to_owned()),
        })
    }
}

struct ClaimsVisitor;

impl<'de> Visitor<'de> for ClaimsVisitor {
    type Value = Claims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the claims of a token, a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut claims = Claims::default();
        let mut user_id = Claim::new("user_id");
        let mut server = Claim::new("server");
        let mut issued_at = Claim::<NumericDate>::new("iat");
        let mut expires_at = Claim::<NumericDate>::new("exp");
        let mut not_before = Claim::<NumericDate>::new("nbf");
        let mut role = Claim::new("role");
        let mut channel_cids = Claim::new("channel_cids");
        let mut call_cids = Claim::new("call_cids");
        while let Some(name) = map.next_key()? {
            match name {
                Name::UserId => user_id.read(&mut map)?,
                Name::Server => server.read(&mut map)?,
                Name::IssuedAt => issued_at.read(&mut map)?,
                Name::ExpiresAt => expires_at.read(&mut map)?,
                Name::NotBefore => not_before.read(&mut map)?,
                Name::Role => role.read(&mut map)?,
                Name::ChannelCids => channel_cids.read(&mut map)?,
                Name::CallCids => call_cids.read(&mut map)?,
                Name::Custom(name) => {
                    if claims.custom.contains_key(&name) {
                        return Err(de::Error::custom("a claim is given twice"));
                    }
                    claims.custom.insert(name, map.next_value()?);
                }
            }
        }
        claims.user_id = user_id.value;
        claims.server = server.value.unwrap_or(false);
        claims.issued_at = issued_at.value.map(NumericDate::into_inner);
        claims.expires_at = expires_at.value.map(NumericDate::into_inner);
        claims.not_before = not_before.value.map(NumericDate::into_inner);
        claims.role = role.value;
        claims.channel_cids = channel_cids.value;
        claims.call_cids = call_cids.value;
        Ok(claims)
    }
}

/// A claim that may occur once. `null` counts as an occurrence: otherwise parsers that skip `null`
/// and parsers that do not would see different users in one token.
struct Claim<T> {
    name: &'static str,
    is_given: bool,
    value: Option<T>,
}

impl<T> Claim<T> {
    fn new(name: &'static str) -> Self {
        Self { name, is_given: false, value: None }
    }

    fn read<'de, A>(&mut self, map: &mut A) -> Result<(), A::Error>
    where
        T: Deserialize<'de>,
        A: MapAccess<'de>,
    {
        if self.is_given {
            return Err(de::Error::duplicate_field(self.name));
        }
        self.is_given = true;
        self.value = map.next_value()?;
        Ok(())
    }
}

/// Seconds since the epoch as in RFC 7519: a number that need not be an integer.
struct NumericDate(SystemTime);

impl NumericDate {
    fn into_inner(self) -> SystemTime {
        self.0
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(NumericDateVisitor)
    }
}

struct NumericDateVisitor;

impl Visitor<'_> for NumericDateVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<NumericDate, E> {
        from_unix(Duration::from_secs(seconds)).map(NumericDate).ok_or_else(out_of_range)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<NumericDate, E> {
        let since = Duration::try_from_secs_f64(seconds).map_err(|_| out_of_range())?;
        from_unix(since).map(NumericDate).ok_or_else(out_of_range)
    }
}

fn out_of_range<E: de::Error>() -> E {
    E::custom("a timestamp is out of range")
}
