//! The error of verifying a token.

use std::error::Error;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use stream_core::{ErrorClass, SdkError};

/// The reason why a token was refused.
///
/// No variant contains the token, its signature or the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The text is longer than the maximum length of a token.
    TooLong {
        /// The length of the text in bytes.
        length: usize,
        /// The maximum length in bytes.
        limit: usize,
    },
    /// The text is not three parts of base64url separated by dots, or the first is not a header.
    Malformed,
    /// The header does not name plain HS256, the only algorithm that Stream uses. `none`,
    /// RS256 and critical extensions (`crit`) cause this error.
    UnsupportedAlgorithm,
    /// The signature was not made with the secret, or the token was changed afterwards.
    InvalidSignature,
    /// The claims are not a JSON object, or a claim that Stream defines has a wrong type or occurs
    /// twice.
    InvalidClaims {
        /// What is wrong with them, and where.
        reason: String,
    },
    /// The timestamp in `exp` has passed.
    Expired {
        /// The timestamp in `exp`.
        expired_at: SystemTime,
    },
    /// The timestamp in `nbf` is in the future.
    NotYetValid {
        /// The timestamp in `nbf`.
        valid_from: SystemTime,
    },
    /// `iat` is in the future, most often because two clocks differ.
    IssuedInFuture {
        /// The timestamp in `iat`.
        issued_at: SystemTime,
    },
    /// The token was issued before a revocation, or has no `iat`.
    Revoked {
        /// The timestamp in `iat`, if the token has one.
        issued_at: Option<SystemTime>,
        /// The timestamp of the revocation.
        revoked_before: SystemTime,
    },
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length, limit } => {
                write!(f, "the token is {length} bytes long, more than the limit of {limit}")
            }
            Self::Malformed => f.write_str(
                "not a JSON Web Token: expected header.claims.signature, each in base64url without padding",
            ),
            Self::UnsupportedAlgorithm => f.write_str(
                "the token is not signed with HS256, the only algorithm that Stream uses",
            ),
            Self::InvalidSignature => f.write_str(
                "the signature of the token does not match: it was signed with another secret or changed afterwards",
            ),
            Self::InvalidClaims { reason } => {
                write!(f, "the claims of the token cannot be decoded: {reason}")
            }
            Self::Expired { expired_at } => {
                write!(f, "the token expired at {} (Unix seconds)", unix(*expired_at))
            }
            Self::NotYetValid { valid_from } => {
                write!(f, "the token is not valid before {} (Unix seconds)", unix(*valid_from))
            }
            Self::IssuedInFuture { issued_at } => write!(
                f,
                "the token was issued in the future, at {} (Unix seconds): check the clocks",
                unix(*issued_at)
            ),
            Self::Revoked { revoked_before, .. } => write!(
                f,
                "the token was revoked: all tokens issued before {} (Unix seconds) are",
                unix(*revoked_before)
            ),
        }
    }
}

impl Error for VerifyError {}

fn unix(timestamp: SystemTime) -> i128 {
    let seconds = |duration: std::time::Duration| i128::from(duration.as_secs());
    timestamp.duration_since(UNIX_EPOCH).map_or_else(|before| -seconds(before.duration()), seconds)
}

impl SdkError for VerifyError {
    fn class(&self) -> ErrorClass {
        ErrorClass::Unverified
    }
}
