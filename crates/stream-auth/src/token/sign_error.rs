//! The error of signing a token.

use thiserror::Error;

use stream_core::{ErrorClass, SdkError};

/// The reason why a token was not signed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The user ID is empty.
    #[error("cannot sign a user token: the user ID is empty")]
    EmptyUserId,
    /// The token would already be expired. Tokens count whole seconds, so a lifetime of less
    /// than one second is refused as well.
    #[error(
        "cannot sign a user token: it would expire at {expires_at}, but it is already {now} (Unix seconds)"
    )]
    ExpiryInPast {
        /// When the token would expire, in Unix seconds.
        expires_at: u64,
        /// The time of signing, in Unix seconds.
        now: u64,
    },
    /// A timestamp is before 1970 or too far in the future.
    #[error(
        "cannot sign a user token: the timestamp of `{claim}` is out of range: use one after 1970"
    )]
    TimeOutOfRange {
        /// The claim with the timestamp.
        claim: &'static str,
    },
    /// A channel or call ID is not of the form `type:id`.
    #[error("cannot sign a user token: `{cid}` in `{claim}` is not of the form `type:id`")]
    InvalidCid {
        /// `channel_cids` or `call_cids`.
        claim: &'static str,
        /// The invalid ID.
        cid: String,
    },
    /// A custom claim has the name of one that Stream defines.
    #[error(
        "cannot sign a user token: the claim name `{name}` is reserved: give the custom claim another name"
    )]
    ReservedClaim {
        /// The name of the claim.
        name: String,
    },
    /// A custom claim cannot be serialized as JSON, for example a map whose keys are not strings.
    #[error("cannot sign a user token: the claim `{name}` cannot be serialized as JSON")]
    UnserializableClaim {
        /// The name of the claim.
        name: String,
        /// The error of serde.
        source: serde_json::Error,
    },
}

impl SdkError for SignError {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}
