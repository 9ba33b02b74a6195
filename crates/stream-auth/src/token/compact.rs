//! The compact form of a signed token: `header.claims.signature`, each in base64url without
//! padding.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeSliceError, Engine as _};
use jsonwebtoken::Algorithm;

use super::claims::Claims;
use super::verify_error::{VerifyError, claims_error, header_error};
use crate::hmac_key::{HmacKey, TAG_LENGTH};
use stream_core::Token;

/// `{"alg":"HS256","typ":"JWT"}`, the header that every official SDK writes.
pub(super) const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// 32 bytes in base64 without padding.
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

/// A token split into its parts, none of which is trusted yet.
pub(super) struct Unverified<'t> {
    token: &'t str,
    header: &'t str,
    signing_input: &'t str,
    signature: &'t str,
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
        Ok(Self { token, header, signing_input, signature })
    }

    /// Accepts only plain HS256. The verifier fixes the algorithm; the header must agree and never
    /// chooses it.
    pub(super) fn check_header(&self) -> Result<(), VerifyError> {
        if self.header == HEADER {
            return Ok(());
        }
        let header = jsonwebtoken::decode_header(self.token).map_err(header_error)?;
        if header.alg != Algorithm::HS256 || header.crit.is_some() {
            return Err(VerifyError::UnsupportedAlgorithm);
        }
        Ok(())
    }

    /// Checks that one of the keys made the signature. Each comparison takes constant time.
    pub(super) fn check_signature(&self, keys: &[HmacKey]) -> Result<(), VerifyError> {
        // One byte more than the signature, because the decoder rounds the length of 43 digits up.
        let mut buffer = [0; TAG_LENGTH + 1];
        let length = match URL_SAFE_NO_PAD.decode_slice(self.signature, &mut buffer) {
            Ok(length) => length,
            Err(DecodeSliceError::OutputSliceTooSmall) => {
                return Err(VerifyError::InvalidSignature);
            }
            Err(DecodeSliceError::DecodeError(_)) => return Err(VerifyError::Malformed),
        };
        let signature =
            buffer.get(..length).and_then(|bytes| <&[u8; TAG_LENGTH]>::try_from(bytes).ok());
        let signature = signature.ok_or(VerifyError::InvalidSignature)?;
        if keys.iter().any(|key| key.verify(self.signing_input.as_bytes(), signature)) {
            Ok(())
        } else {
            Err(VerifyError::InvalidSignature)
        }
    }

    /// Decodes the claims without checking the signature.
    pub(super) fn claims(&self) -> Result<Claims, VerifyError> {
        jsonwebtoken::dangerous::insecure_decode_claims(self.token).map_err(claims_error)
    }
}
