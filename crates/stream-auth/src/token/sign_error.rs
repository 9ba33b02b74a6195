//! The error of signing a token.

use std::error::Error;
use std::fmt;

use stream_core::{ErrorClass, SdkError};

/// The reason why a token was not signed.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignError {
    /// The user ID is empty.
    EmptyUserId,
    /// The token would already be expired. Tokens count whole seconds, so a lifetime of less
    /// than one second is refused as well.
    ExpiryInPast {
        /// When the token would expire, in Unix seconds.
        expires_at: u64,
        /// The time of signing, in Unix seconds.
        now: u64,
    },
    /// A timestamp is before 1970 or too far in the future.
    TimeOutOfRange {
        /// The claim with the timestamp.
        claim: &'static str,
    },
    /// A channel or call ID is not of the form `type:id`.
    InvalidCid {
        /// `channel_cids` or `call_cids`.
        claim: &'static str,
        /// The invalid ID.
        cid: String,
    },
    /// A custom claim has the name of one that Stream defines.
    ReservedClaim {
        /// The name of the claim.
        name: String,
    },
    /// A custom claim cannot be serialized as JSON, for example a map whose keys are not strings.
    UnserializableClaim {
        /// The name of the claim.
        name: String,
        /// The error of serde.
        source: serde_json::Error,
    },
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot sign a user token: ")?;
        match self {
            Self::EmptyUserId => f.write_str("the user ID is empty"),
            Self::ExpiryInPast { expires_at, now } => {
                write!(f, "it would expire at {expires_at}, but it is already {now} (Unix seconds)")
            }
            Self::TimeOutOfRange { claim } => {
                write!(f, "the timestamp of `{claim}` is before 1970 or too far in the future")
            }
            Self::InvalidCid { claim, cid } => {
                write!(f, "`{cid}` in `{claim}` is not of the form `type:id`")
            }
            Self::ReservedClaim { name } => {
                write!(f, "the claim name `{name}` is reserved: give the custom claim another name")
            }
            Self::UnserializableClaim { name, .. } => {
                write!(f, "the claim `{name}` cannot be serialized as JSON")
            }
        }
    }
}

impl Error for SignError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::UnserializableClaim { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl SdkError for SignError {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}
