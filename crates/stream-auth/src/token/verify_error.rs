//! The error of verifying a token.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::{Error as JwtError, ErrorKind as JwtErrorKind};
use thiserror::Error;

use stream_core::{ErrorClass, SdkError};

/// The reason why a token was refused.
///
/// No variant contains the token, its signature or the secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The text is longer than the maximum length of a token.
    #[error("the token is {length} bytes long, more than the limit of {limit}")]
    TooLong {
        /// The length of the text in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The text is not three parts of base64url separated by dots, or the first is not a header.
    #[error(
        "not a JSON Web Token: expected header.claims.signature, each in base64url without padding"
    )]
    Malformed,
    /// The header does not name plain HS256, the only algorithm that Stream uses. `none`,
    /// RS256 and critical extensions (`crit`) cause this error.
    #[error("the token is not signed with HS256, the only algorithm that Stream uses")]
    UnsupportedAlgorithm,
    /// The signature was not made with the secret, or the token was changed afterwards.
    #[error(
        "the signature of the token does not match: it was signed with another secret or changed afterwards"
    )]
    InvalidSignature,
    /// The claims are not a JSON object, or a claim that Stream defines has a wrong type or occurs
    /// twice.
    #[error("the claims of the token cannot be decoded: {reason}")]
    InvalidClaims {
        /// What is wrong with them, and where.
        reason: String,
    },
    /// The timestamp in `exp` has passed.
    #[error("the token expired at {} (Unix seconds)", unix(*.expired_at))]
    Expired {
        /// The timestamp in `exp`.
        expired_at: SystemTime,
    },
    /// The timestamp in `nbf` is in the future.
    #[error("the token is not valid before {} (Unix seconds)", unix(*.valid_from))]
    NotYetValid {
        /// The timestamp in `nbf`.
        valid_from: SystemTime,
    },
    /// `iat` is in the future, most often because two clocks differ.
    #[error("the token was issued in the future, at {} (Unix seconds): check the clocks", unix(*.issued_at))]
    IssuedInFuture {
        /// The timestamp in `iat`.
        issued_at: SystemTime,
    },
    /// The token was issued before a revocation, or has no `iat`.
    #[error("the token was revoked: all tokens issued before {} (Unix seconds) are", unix(*.revoked_before))]
    Revoked {
        /// The timestamp in `iat`, if the token has one.
        issued_at: Option<SystemTime>,
        /// The timestamp of the revocation.
        revoked_before: SystemTime,
    },
}

fn unix(timestamp: SystemTime) -> i128 {
    let seconds = |duration: std::time::Duration| i128::from(duration.as_secs());
    timestamp.duration_since(UNIX_EPOCH).map_or_else(|before| -seconds(before.duration()), seconds)
}

/// Converts an error of decoding the header.
pub(super) fn header_error(error: JwtError) -> VerifyError {
    match error.into_kind() {
        // Valid JSON, but `alg` is missing, unknown or not a string.
        JwtErrorKind::Json(json) if json.is_data() => VerifyError::UnsupportedAlgorithm,
        _ => VerifyError::Malformed,
    }
}

/// Converts an error of decoding the claims.
pub(super) fn claims_error(error: JwtError) -> VerifyError {
    match error.into_kind() {
        JwtErrorKind::Json(json) => VerifyError::InvalidClaims { reason: json.to_string() },
        _ => VerifyError::Malformed,
    }
}

impl SdkError for VerifyError {
    fn class(&self) -> ErrorClass {
        ErrorClass::Unverified
    }
}
