//! Why a token was not signed.

use thiserror::Error;

use stream_core::{ErrorClass, SdkError};

/// Why a token was not signed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignError {
    /// A user token names its user.
    #[error("cannot sign a user token: the user id is empty")]
    EmptyUserId,
    /// The token would have expired already. Tokens count in whole seconds, so a lifetime of less
    /// than one second is refused as well.
    #[error(
        "cannot sign a user token: it would expire at {expires_at} and it is {now} already (Unix seconds)"
    )]
    ExpiryInPast {
        /// When the token would expire, in Unix seconds.
        expires_at: u64,
        /// The time of signing, in Unix seconds.
        now: u64,
    },
    /// A timestamp lies before 1970 or too far ahead to be counted.
    #[error(
        "cannot sign a user token: the timestamp given for `{claim}` lies outside the range of a token"
    )]
    TimeOutOfRange {
        /// The claim that the timestamp was meant for.
        claim: &'static str,
    },
    /// A channel or call id is not of the form `type:id`.
    #[error("cannot sign a user token: `{cid}` in `{claim}` is not of the form type:id")]
    InvalidCid {
        /// `channel_cids` or `call_cids`.
        claim: &'static str,
        /// The id as it was given.
        cid: String,
    },
    /// A custom claim has the name of one that means something to Stream.
    #[error(
        "cannot sign a user token: `{name}` is reserved, a custom claim must have another name"
    )]
    ReservedClaim {
        /// The name of the claim.
        name: String,
    },
    /// A custom claim has no form in JSON, for example a map whose keys are not strings.
    #[error("cannot sign a user token: the claim `{name}` cannot be written as JSON")]
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
