//! The text of an error.

use std::fmt;
use std::time::Duration;

use super::{Cause, Error, ErrorCode, ErrorKind};

/// The maximum length of the server's text that is printed, in characters.
const MESSAGE_LIMIT: usize = 500;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(Cause::Around(outer)) = &inner.cause {
            return fmt::Display::fmt(outer, f);
        }
        if let Some(operation) = &inner.operation {
            let verb = match inner.kind {
                ErrorKind::InvalidRequest => "cannot be sent",
                _ => "failed",
            };
            write!(f, "{} {} {verb}: ", operation.method, operation.path)?;
        }
        match inner.kind {
            ErrorKind::Api | ErrorKind::RateLimited => self.fmt_response(f)?,
            kind => {
                if kind == ErrorKind::Configuration {
                    f.write_str("configuration: ")?;
                }
                if let Some(status) = inner.status {
                    write!(f, "{} but ", status.as_u16())?;
                }
                write!(f, "{}", Text(&inner.message))?;
                if let Some(path) = &inner.json_path {
                    write!(f, " at {path}")?;
                }
            }
        }
        if let Some(wait) = inner.retry_after {
            write!(f, ", retry after {}", Seconds(wait))?;
        }
        if inner.attempts > 1 {
            write!(f, ", {} attempts", inner.attempts)?;
        }
        if let Some(id) = &inner.request_id {
            // The first group of a UUID suffices to find a request in the logs; `request_id`
            // returns the whole ID.
            write!(f, ", request {}", id.split('-').next().unwrap_or(id))?;
        }
        Ok(())
    }
}

impl Error {
    fn fmt_response(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        let status = inner.status.unwrap_or_default();
        write!(f, "{}", status.as_u16())?;
        match self.code() {
            _ if inner.kind == ErrorKind::RateLimited => f.write_str(" rate limited")?,
            Some(code) => write!(f, " {code}")?,
            None => {
                let reason = status.canonical_reason().unwrap_or("error").to_ascii_lowercase();
                write!(f, " {reason}")?;
            }
        }
        if let Some(code) = self.code() {
            write!(f, " (code {})", code.as_i64())?;
        }
        if inner.kind != ErrorKind::RateLimited && !inner.message.is_empty() {
            write!(f, ": {}", Text(&inner.message))?;
        }
        match self.code().and_then(ErrorCode::advice) {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// A text from outside, printed on one line and with a bounded length.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        let mut characters = self.0.chars();
        for character in characters.by_ref().take(MESSAGE_LIMIT) {
            f.write_char(if is_shown(character) { character } else { ' ' })?;
        }
        if characters.next().is_some() {
            f.write_str("...")?;
        }
        Ok(())
    }
}

/// Returns whether a character is neither a control character nor one that reorders other
/// characters, with which one text could imitate another.
fn is_shown(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A duration in seconds, printed without a fraction if it is whole.
pub(super) struct Seconds(pub(super) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.subsec_nanos() == 0 {
            write!(f, "{} s", self.0.as_secs())
        } else {
            write!(f, "{:.3} s", self.0.as_secs_f64())
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::error::ApiError;
    use crate::rate_limit::RateLimit;
    use stream_models::{Method, OperationInfo};

    const UPDATE_USERS: OperationInfo =
        OperationInfo::new("UpdateUsers", Method::Post, "/api/v2/users");

    #[test]
    fn a_rate_limit_says_when_to_come_back() {
        let api = ApiError::parse(br#"{"code":9,"message":"Too many requests"}"#);
        let error = Error::status_error(StatusCode::TOO_MANY_REQUESTS, api)
            .with_operation(UPDATE_USERS)
            .with_limits(RateLimit::default(), Some(Duration::from_secs(12)))
            .with_call("0752cfad-1111-4222-8333-444444444444", 1);
        assert_eq!(
            error.to_string(),
            "POST /api/v2/users failed: 429 rate limited (code 9), retry after 12 s, request 0752cfad"
        );
    }

    #[test]
    fn other_responses_carry_the_text_of_the_server() {
        let api = ApiError::parse("{\"code\":4,\"message\":\"bad\\n\u{202e}name\"}".as_bytes());
        let error = Error::status_error(StatusCode::BAD_REQUEST, api)
            .with_operation(UPDATE_USERS)
            .with_call("0752cfad-1", 3);
        assert_eq!(
            error.to_string(),
            "POST /api/v2/users failed: 400 input error (code 4): bad  name, 3 attempts, request 0752cfad"
        );
        let error = Error::status_error(StatusCode::BAD_GATEWAY, None).with_operation(UPDATE_USERS);
        assert_eq!(error.to_string(), "POST /api/v2/users failed: 502 bad gateway");
    }

    #[test]
    fn errors_of_the_setup_say_what_to_check() {
        for (code, advice) in [
            (2, "access key error (code 2): no; check the API key"),
            (43, "(code 43): no; check the API secret, with which tokens are signed"),
            (42, "(code 42): no; check the clock of the machine that signs tokens"),
        ] {
            let body = format!("{{\"code\":{code},\"message\":\"no\"}}");
            let api = ApiError::parse(body.as_bytes());
            let error = Error::status_error(StatusCode::UNAUTHORIZED, api);
            assert!(error.to_string().ends_with(advice), "{error}");
        }
    }

    #[test]
    fn each_kind_of_error_has_its_own_text() {
        let error = Error::decode("invalid type: string, expected u32")
            .at_json_path("$.users[3].id".to_owned())
            .with_status(StatusCode::OK)
            .with_operation(UPDATE_USERS);
        assert_eq!(
            error.to_string(),
            "POST /api/v2/users failed: 200 but invalid type: string, expected u32 at $.users[3].id"
        );
        let error = Error::deadline(Duration::from_millis(1500)).with_operation(UPDATE_USERS);
        assert_eq!(
            error.to_string(),
            "POST /api/v2/users failed: no complete response within 1.500 s"
        );
        assert_eq!(Error::configuration("no key").to_string(), "configuration: no key");
        let error = Error::invalid_request("`id` is empty").with_operation(UPDATE_USERS);
        assert_eq!(error.to_string(), "POST /api/v2/users cannot be sent: `id` is empty");
    }

    #[test]
    fn a_long_text_is_cut() {
        let error = Error::configuration("é".repeat(10_000));
        assert!(error.to_string().chars().count() < 600);
    }
}
