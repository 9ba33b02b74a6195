//! The verifier of tokens.

use std::time::{Duration, SystemTime};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::{DecodeSliceError, Engine as _};
use jsonwebtoken::Algorithm;
use jsonwebtoken::errors::{Error as JwtError, ErrorKind as JwtErrorKind};

use super::claims::Claims;
use super::compact::{HEADER, Unverified};
use super::time::now;
use super::verify_error::VerifyError;
use crate::hmac::{HmacKey, TAG_LENGTH};
use crate::secret::ApiSecret;

/// Verifies tokens that were signed with the secret of an app.
///
/// It checks, in this order: the form (at most 64 KiB), that the header names HS256, the signature
/// in constant time, and only then the claims: `exp`, `nbf`, `iat` in the future, `iat` against a
/// revocation. An absent claim is not an error: a token without `exp` does not expire.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use stream_auth::{ApiSecret, TokenSigner, TokenVerifier, VerifyError};
///
/// let secret = ApiSecret::new("the secret of your app")?;
/// let verifier = TokenVerifier::new(&secret).leeway(Duration::from_secs(2));
/// let token = TokenSigner::new(&secret).user_token("john").expires_in(Duration::from_secs(60)).sign()?;
///
/// assert!(verifier.verify(token.expose_secret()).is_ok());
/// let later = SystemTime::now() + Duration::from_secs(63);
/// assert!(matches!(verifier.verify_at(token.expose_secret(), later), Err(VerifyError::Expired { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    keys: Vec<HmacKey>,
    leeway: Duration,
    revoked_before: Option<SystemTime>,
}

impl TokenVerifier {
    /// Creates a verifier for the app that `secret` belongs to, without leeway or revocation.
    #[must_use]
    pub fn new(secret: &ApiSecret) -> Self {
        Self { keys: vec![secret.key().clone()], leeway: Duration::ZERO, revoked_before: None }
    }

    /// Accepts the signatures of another secret as well, while a secret is being replaced.
    #[must_use]
    pub fn also_accept(mut self, secret: &ApiSecret) -> Self {
        self.keys.push(secret.key().clone());
        self
    }

    /// Sets the maximum difference between the clocks of the signer and of this machine, for `exp`,
    /// `nbf` and `iat`. Defaults to zero, because this crate backdates the tokens that it signs by
    /// 5 seconds.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Refuses user tokens that were issued before a timestamp, or that have no `iat`. Leeway does
    /// not apply. For revocations of single users, see [`Claims::is_revoked_by`].
    #[must_use]
    pub fn revoked_before(mut self, timestamp: SystemTime) -> Self {
        self.revoked_before = Some(timestamp);
        self
    }

    /// Verifies a token and returns its claims. `token` is the bare token, without `Bearer`.
    ///
    /// A server token passes too, with [`Claims::server`] set: where a user is expected, check
    /// [`Claims::user_id`].
    ///
    /// # Errors
    /// The first [`VerifyError`] that applies.
    pub fn verify(&self, token: &str) -> Result<Claims, VerifyError> {
        self.verify_at(token, now())
    }

    /// Verifies a token as if it were `now`, for a clock of your own and for tests.
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify).
    pub fn verify_at(&self, token: &str, now: SystemTime) -> Result<Claims, VerifyError> {
        let unverified = Unverified::split(token)?;
        unverified.check_header()?;
        unverified.check_signature(&self.keys)?;
        let claims = unverified.claims()?;
        self.check_times(&claims, now)?;
        Ok(claims)
    }

    fn check_times(&self, claims: &Claims, now: SystemTime) -> Result<(), VerifyError> {
        // A timestamp too far in the future for the platform's clock has not passed, so both
        // closures return `false` on overflow.
        let has_passed = |timestamp: SystemTime| {
            timestamp.checked_add(self.leeway).is_some_and(|end| end <= now)
        };
        let is_ahead = |timestamp: SystemTime| {
            now.checked_add(self.leeway).is_some_and(|latest| timestamp > latest)
        };

        if let Some(expired_at) = claims.expires_at.filter(|at| has_passed(*at)) {
            return Err(VerifyError::Expired { expired_at });
        }
        if let Some(valid_from) = claims.not_before.filter(|at| is_ahead(*at)) {
            return Err(VerifyError::NotYetValid { valid_from });
        }
        if let Some(issued_at) = claims.issued_at.filter(|at| is_ahead(*at)) {
            return Err(VerifyError::IssuedInFuture { issued_at });
        }
        if let Some(revoked_before) =
            self.revoked_before.filter(|timestamp| claims.is_revoked_by(*timestamp))
        {
            return Err(VerifyError::Revoked { issued_at: claims.issued_at, revoked_before });
        }
        Ok(())
    }
}

impl Unverified<'_> {
    /// Accepts only plain HS256. The verifier fixes the algorithm; the header must agree and never
    /// chooses it.
    fn check_header(&self) -> Result<(), VerifyError> {
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
    fn check_signature(&self, keys: &[HmacKey]) -> Result<(), VerifyError> {
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
}

/// Converts an error of decoding the header.
fn header_error(error: JwtError) -> VerifyError {
    match error.into_kind() {
        // Valid JSON, but `alg` is missing, unknown or not a string.
        JwtErrorKind::Json(json) if json.is_data() => VerifyError::UnsupportedAlgorithm,
        _ => VerifyError::Malformed,
    }
}
