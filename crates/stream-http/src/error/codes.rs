//! Stream's error codes.

use std::fmt;

/// Declares each code once, with its number, its meaning in a few words and its documentation.
/// Everything else derives from this list.
macro_rules! error_codes {
    ($($name:ident = $number:literal, $meaning:literal, $doc:literal;)+) => {
        /// A code of Stream's error envelope.
        ///
        /// The list grows: a code that this version does not know is kept as its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!(stringify!($number), ": ", $doc)] $name,)+
            /// A code that this version does not know.
            Other(i64),
        }

        impl ErrorCode {
            /// The codes that this version knows, in ascending order of their numbers.
            pub const NAMED: &[Self] = &[$(Self::$name),+];

            /// Returns the code as the server sent it.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                match self {
                    $(Self::$name => $number,)+
                    Self::Other(code) => code,
                }
            }

            /// Returns the meaning of the code in a few words.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)+
                    Self::Other(_) => "error",
                }
            }
        }

        impl From<i64> for ErrorCode {
            fn from(code: i64) -> Self {
                match code {
                    $($number => Self::$name,)+
                    other => Self::Other(other),
                }
            }
        }
    };
}

error_codes! {
    Internal = -1, "internal error", "The server failed (500).";
    AccessKey = 2, "access key error", "The API key is missing or unknown (401).";
    Input = 4, "input error", "The request is not valid (400).";
    Authentication = 5, "authentication failed", "The token is missing or not valid (401).";
    DuplicateUsername = 6, "duplicate username", "The user name is taken (400).";
    RateLimited = 9, "rate limited", "Too many requests were sent (429).";
    NotFound = 16, "does not exist", "Something that the request refers to does not exist (404).";
    NotAllowed = 17, "not allowed", "The permissions do not allow the operation (403).";
    EventNotSupported = 18, "event not supported", "The channel type does not support this event (400).";
    ChannelFeatureNotSupported = 19, "channel feature not supported",
        "The channel type has this feature turned off (400).";
    MessageTooLong = 20, "message too long", "The message is longer than its channel type allows (400).";
    MultipleNestingLevel = 21, "multiple nesting level", "The message replies to a reply (400).";
    PayloadTooBig = 22, "payload too big", "The body is too large (413).";
    RequestTimeout = 23, "request timeout", "The server gave up on the request (408).";
    MaxHeaderSizeExceeded = 24, "max header size exceeded", "The headers are too large (431).";
    TokenExpired = 40, "token expired", "The token has expired (401).";
    TokenNotValidYet = 41, "token not valid yet", "The token is not valid yet (401).";
    TokenUsedBeforeIssued = 42, "token used before issued",
        "The token's `iat` lies in the future (401): compare the clocks.";
    TokenSignature = 43, "token signature invalid", "The token was signed with another secret (401).";
    CustomCommandEndpointMissing = 44, "custom command endpoint missing",
        "No endpoint is set for the custom command (400).";
    CustomCommandEndpointCall = 45, "custom command endpoint call failed",
        "The endpoint of the custom command failed (400).";
    ConnectionIdNotFound = 46, "connection id not found", "The connection id is unknown (400).";
    Cooldown = 60, "cooldown", "The channel is in slow mode and the user wrote too recently (403).";
    WrongRegion = 69, "wrong region", "The app is in a different region than the host.";
    QueryChannelsPermissions = 70, "query channels permissions",
        "The user may not see some of the channels asked for (403).";
    TooManyConnections = 71, "too many connections", "The user has too many connections.";
    ModerationFailed = 73, "message did not pass moderation", "Moderation rejected the message (400).";
    AppSuspended = 99, "app suspended", "The app is suspended (403).";
}

impl ErrorCode {
    /// Returns what to check, for codes whose cause is the setup of the client.
    pub(super) const fn advice(self) -> Option<&'static str> {
        match self {
            Self::AccessKey => Some("check the API key"),
            Self::Authentication | Self::TokenSignature => {
                Some("check the API secret, with which tokens are signed")
            }
            Self::TokenExpired => Some("sign a new token"),
            Self::TokenNotValidYet | Self::TokenUsedBeforeIssued => {
                Some("check the clock of the machine that signs tokens")
            }
            Self::WrongRegion => Some("check the base URL"),
            _ => None,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_numbers_agree() {
        for number in -200..200 {
            assert_eq!(ErrorCode::from(number).as_i64(), number);
        }
        assert_eq!(ErrorCode::from(9), ErrorCode::RateLimited);
        assert_eq!(ErrorCode::from(1234), ErrorCode::Other(1234));
    }

    #[test]
    fn each_named_code_comes_back_from_its_number() {
        for code in ErrorCode::NAMED {
            assert_eq!(ErrorCode::from(code.as_i64()), *code);
        }
        assert!(ErrorCode::NAMED.is_sorted_by_key(|code| code.as_i64()));
    }
}
