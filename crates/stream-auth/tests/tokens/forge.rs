//! Forged tokens, as an attacker or another implementation would write them.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use stream_auth::ApiSecret;

pub(crate) const SECRET: &str = "test-secret-for-vectors";
pub(crate) const NOW: u64 = 1_700_000_000;

pub(crate) fn secret() -> ApiSecret {
    ApiSecret::new(SECRET).unwrap()
}

pub(crate) fn at(unix_seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Header and claims as they are given, with an HS256 signature whatever the header says.
pub(crate) fn sign(header: &str, claims: &str) -> String {
    sign_parts(&base64url(header), &base64url(claims))
}

pub(crate) fn sign_parts(header: &str, claims: &str) -> String {
    let message = format!("{header}.{claims}");
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", base64url(mac.finalize().into_bytes()))
}

pub(crate) fn sign_claims(claims: &str) -> String {
    sign(r#"{"alg":"HS256","typ":"JWT"}"#, claims)
}
