//! Reading a token without trusting it.

use super::claims::Claims;
use super::compact::Unverified;
use super::verify_error::VerifyError;

/// Reads the claims of a token **without checking who wrote them**, whatever algorithm its header
/// names.
///
/// Anyone can write such a token. Use this only in tools and log lines ("when would this one have
/// expired?"), or in a process that does not have the secret. To decide about access, use
/// [`TokenVerifier::verify`](crate::TokenVerifier::verify).
///
/// # Errors
/// [`VerifyError::TooLong`], [`VerifyError::Malformed`] and [`VerifyError::InvalidClaims`].
///
/// ```
/// use stream_auth::{ApiSecret, TokenSigner, token::dangerous_decode_unverified};
///
/// let token = TokenSigner::new(&ApiSecret::new("a secret")?).user_token("john").sign()?;
/// assert_eq!(dangerous_decode_unverified(token.expose_secret())?.user_id.as_deref(), Some("john"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dangerous_decode_unverified(token: &str) -> Result<Claims, VerifyError> {
    Unverified::split(token)?.claims()
}
