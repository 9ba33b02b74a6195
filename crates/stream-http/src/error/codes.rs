use std::fmt;

/// A code of Stream's error envelope.
///
/// The list grows: a code that this version does not know is kept as its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// -1: An error inside the server (500).
    Internal,
    /// 2: The API key is missing or unknown (401).
    AccessKey,
    /// 4: The request was not valid (400).
    Input,
    /// 5: The token is missing or of no use (401).
    Authentication,
    /// 6: The user name is taken (400).
    DuplicateUsername,
    /// 9: Too many requests (429).
    RateLimited,
    /// 16: What the request names does not exist (404).
    NotFound,
    /// 17: The permissions do not allow it (403).
    NotAllowed,
    /// 18: The channel type does not support this event.
    EventNotSupported,
    /// 19: The channel type has this feature turned off.
    ChannelFeatureNotSupported,
    /// 20: The message is longer than its channel type allows.
    MessageTooLong,
    /// 21: A reply to a reply (400).
    MultipleNestingLevel,
    /// 22: The body is too large (413).
    PayloadTooBig,
    /// 23: The server gave up on the request (408).
    RequestTimeout,
    /// 24: The headers are too large (431).
    MaxHeaderSizeExceeded,
    /// 40: The token has expired (401).
    TokenExpired,
    /// 41: The token is not valid yet (401).
    TokenNotValidYet,
    /// 42: The token's `iat` lies in the future (401): compare the clocks.
    TokenUsedBeforeIssued,
    /// 43: The token was signed with another secret (401).
    TokenSignature,
    /// 44: No endpoint is set for the custom command.
    CustomCommandEndpointMissing,
    /// 45: The endpoint of the custom command failed (400).
    CustomCommandEndpointCall,
    /// 46: The connection id is unknown.
    ConnectionIdNotFound,
    /// 60: The channel is in slow mode and the user wrote too recently (403).
    Cooldown,
    /// 69: The app lives in another region than the host.
    WrongRegion,
    /// 70: The user may not see some of the channels asked for.
    QueryChannelsPermissions,
    /// 71: The user has too many connections.
    TooManyConnections,
    /// 99: The app is suspended (403).
    AppSuspended,
    /// A code without a name here.
    Other(i64),
}

impl ErrorCode {
    /// The code as the server sent it.
    #[must_use]
    pub const fn as_i64(self) -> i64 {
        match self {
            Self::Internal => -1,
            Self::AccessKey => 2,
            Self::Input => 4,
            Self::Authentication => 5,
            Self::DuplicateUsername => 6,
            Self::RateLimited => 9,
            Self::NotFound => 16,
            Self::NotAllowed => 17,
            Self::EventNotSupported => 18,
            Self::ChannelFeatureNotSupported => 19,
            Self::MessageTooLong => 20,
            Self::MultipleNestingLevel => 21,
            Self::PayloadTooBig => 22,
            Self::RequestTimeout => 23,
            Self::MaxHeaderSizeExceeded => 24,
            Self::TokenExpired => 40,
            Self::TokenNotValidYet => 41,
            Self::TokenUsedBeforeIssued => 42,
            Self::TokenSignature => 43,
            Self::CustomCommandEndpointMissing => 44,
            Self::CustomCommandEndpointCall => 45,
            Self::ConnectionIdNotFound => 46,
            Self::Cooldown => 60,
            Self::WrongRegion => 69,
            Self::QueryChannelsPermissions => 70,
            Self::TooManyConnections => 71,
            Self::AppSuspended => 99,
            Self::Other(code) => code,
        }
    }

    /// What the code means, in a few words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal error",
            Self::AccessKey => "access key error",
            Self::Input => "input error",
            Self::Authentication => "authentication failed",
            Self::DuplicateUsername => "duplicate username",
            Self::RateLimited => "rate limited",
            Self::NotFound => "does not exist",
            Self::NotAllowed => "not allowed",
            Self::EventNotSupported => "event not supported",
            Self::ChannelFeatureNotSupported => "channel feature not supported",
            Self::MessageTooLong => "message too long",
            Self::MultipleNestingLevel => "multiple nesting level",
            Self::PayloadTooBig => "payload too big",
            Self::RequestTimeout => "request timeout",
            Self::MaxHeaderSizeExceeded => "max header size exceeded",
            Self::TokenExpired => "token expired",
            Self::TokenNotValidYet => "token not valid yet",
            Self::TokenUsedBeforeIssued => "token used before issued",
            Self::TokenSignature => "token signature invalid",
            Self::CustomCommandEndpointMissing => "custom command endpoint missing",
            Self::CustomCommandEndpointCall => "custom command endpoint call failed",
            Self::ConnectionIdNotFound => "connection id not found",
            Self::Cooldown => "cooldown",
            Self::WrongRegion => "wrong region",
            Self::QueryChannelsPermissions => "query channels permissions",
            Self::TooManyConnections => "too many connections",
            Self::AppSuspended => "app suspended",
            Self::Other(_) => "error",
        }
    }
}

impl From<i64> for ErrorCode {
    fn from(code: i64) -> Self {
        match code {
            -1 => Self::Internal,
            2 => Self::AccessKey,
            4 => Self::Input,
            5 => Self::Authentication,
            6 => Self::DuplicateUsername,
            9 => Self::RateLimited,
            16 => Self::NotFound,
            17 => Self::NotAllowed,
            18 => Self::EventNotSupported,
            19 => Self::ChannelFeatureNotSupported,
            20 => Self::MessageTooLong,
            21 => Self::MultipleNestingLevel,
            22 => Self::PayloadTooBig,
            23 => Self::RequestTimeout,
            24 => Self::MaxHeaderSizeExceeded,
            40 => Self::TokenExpired,
            41 => Self::TokenNotValidYet,
            42 => Self::TokenUsedBeforeIssued,
            43 => Self::TokenSignature,
            44 => Self::CustomCommandEndpointMissing,
            45 => Self::CustomCommandEndpointCall,
            46 => Self::ConnectionIdNotFound,
            60 => Self::Cooldown,
            69 => Self::WrongRegion,
            70 => Self::QueryChannelsPermissions,
            71 => Self::TooManyConnections,
            99 => Self::AppSuspended,
            other => Self::Other(other),
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
}
