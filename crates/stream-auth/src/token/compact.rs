//! The compact form of a signed token: `header.claims.signature`, each in base64url without
//! padding.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::claims::Claims;
use super::verify_error::VerifyError;
use crate::hmac::{HmacKey, TAG_LENGTH};
use stream_core::Token;

/// `{"alg":"HS256","typ":"JWT"}`, the header that every official SDK writes.
pub(super) const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// The length of 32 bytes in base64 without padding.
const SIGNATURE_TEXT_LENGTH: usize = (TAG_LENGTH * 4).div_ceil(3);

/// Signs claims that are already JSON.
pub(super) fn sign(key: &HmacKey, claims: &[u8]) -> Token {
    let claims_text_length = claims.len().div_ceil(3) * 4;
    let mut text =
        String::with_capacity(HEADER.len() + claims_text_length + SIGNATURE_TEXT_LENGTH + 2);
    text.push_str(HEADER);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut text);
    let signature = key.sign(text.as_bytes());
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Token::new(text)
}

/// The maximum length of a token, in bytes. A token has to fit into an HTTP header, for which
/// servers and proxies allow 8 to 64 KiB.
const MAX_LENGTH: usize = 64 * 1024;

/// A token split into its parts, which are not trusted yet.
///
/// Verification is in the verifier, which is compiled only with the feature `verify`.
#[cfg_attr(not(feature = "verify"), expect(dead_code, reason = "only the claims are read"))]
pub(super) struct Unverified<'t> {
    pub(super) token: &'t str,
    pub(super) header: &'t str,
    pub(super) claims: &'t str,
    pub(super) signing_input: &'t str,
    pub(super) signature: &'t str,
}

impl<'t> Unverified<'t> {
    pub(super) fn split(token: &'t str) -> Result<Self, VerifyError> {
        if token.len() > MAX_LENGTH {
            return Err(VerifyError::TooLong { length: token.len(), limit: MAX_LENGTH });
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, claims) = signing_input.split_once('.').ok_or(VerifyError::Malformed)?;
        if claims.contains('.') {
            return Err(VerifyError::Malformed);
        }
        Ok(Self { token, header, claims, signing_input, signature })
    }

    /// Decodes the claims, whether the signature was checked or not.
    pub(super) fn claims(&self) -> Result<Claims, VerifyError> {
        let json = URL_SAFE_NO_PAD.decode(self.claims).map_err(|_| VerifyError::Malformed)?;
        serde_json::from_slice(&json)
            .map_err(|error| VerifyError::InvalidClaims { reason: error.to_string() })
    }
}
