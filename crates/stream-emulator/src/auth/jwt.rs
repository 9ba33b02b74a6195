//! Verifies and signs JSON Web Tokens with HS256.
//!
//! It shares no code with the crate that signs tokens for the SDK, so that each checks the other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use crate::state::Timestamp;

/// The maximum length of a token, in bytes.
const MAX_TOKEN_LENGTH: usize = 16 * 1024;

/// The reason why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    #[error("the token is not a JSON Web Token")]
    Malformed,
    #[error("the token is not signed with HS256")]
    Algorithm,
    #[error("the token's signature is not valid")]
    Signature,
    #[error("the token has expired (exp)")]
    Expired,
    #[error("the token is not valid yet (nbf)")]
    NotYetValid,
    #[error("the token was used before it was issued (iat)")]
    IssuedInFuture,
}

/// The claims of a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) server: bool,
    pub(crate) user_id: Option<String>,
    /// In seconds since the Unix epoch.
    pub(crate) issued_at: Option<i64>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct RawClaims {
    server: Option<bool>,
    user_id: Option<String>,
    iat: Option<f64>,
    exp: Option<f64>,
    nbf: Option<f64>,
}

/// Verifies a token at a point in time. Without a secret, the signature is not checked.
pub(crate) fn verify(
    token: &str,
    secret: Option<&[u8]>,
    now: Timestamp,
) -> Result<Claims, TokenError> {
    if token.len() > MAX_TOKEN_LENGTH {
        return Err(TokenError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: Header = part(header)?;
    if header.alg != "HS256" {
        return Err(TokenError::Algorithm);
    }
    if let Some(secret) = secret {
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Signature)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).map_err(|_| TokenError::Signature)?;
        mac.update(signed.as_bytes());
        mac.verify_slice(&signature).map_err(|_| TokenError::Signature)?;
    }
    check_times(part(claims)?, now)
}

/// Signs a token for a user.
pub(super) fn sign(secret: &str, user_id: &str, now: Timestamp) -> String {
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = serde_json::json!({"user_id": user_id, "iat": now.seconds()});
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn part<T: for<'de> Deserialize<'de>>(encoded: &str) -> Result<T, TokenError> {
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| TokenError::Malformed)
}

fn check_times(claims: RawClaims, now: Timestamp) -> Result<Claims, TokenError> {
    // A claim may be a fraction; only its whole seconds count.
    let second = |claim: Option<f64>| claim.map(|seconds| seconds.floor() as i64);
    let issued_at = second(claims.iat);
    let now = now.seconds();
    if issued_at.is_some_and(|iat| iat > now) {
        return Err(TokenError::IssuedInFuture);
    }
    if second(claims.nbf).is_some_and(|nbf| nbf > now) {
        return Err(TokenError::NotYetValid);
    }
    if second(claims.exp).is_some_and(|exp| exp <= now) {
        return Err(TokenError::Expired);
    }
    Ok(Claims { server: claims.server.unwrap_or_default(), user_id: claims.user_id, issued_at })
}
