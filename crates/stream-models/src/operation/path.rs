//! The path of an operation.

use memchr::memchr;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::InvalidRequest;

/// All characters except the unreserved ones of RFC 3986.
pub(super) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Replaces the parameters of `template` with `segments`, in order and percent-encoded.
///
/// ```
/// let path = stream_models::expand_path("/channels/{type}/{id}", &["messaging", "kung fu/é"])?;
/// assert_eq!(path, "/channels/messaging/kung%20fu%2F%C3%A9");
/// # Ok::<(), stream_models::InvalidRequest>(())
/// ```
///
/// # Errors
/// A segment is empty, `.` or `..`, or their number is not that of the parameters.
pub fn expand(template: &str, segments: &[&str]) -> Result<String, InvalidRequest> {
    let mut path = String::with_capacity(template.len() + 96);
    let mut segments = segments.iter();
    let mut rest = template;
    while let Some((literal, parameter)) = split_at_byte(rest, b'{') {
        let (name, tail) = split_at_byte(parameter, b'}').unwrap_or((parameter, ""));
        rest = tail;
        let segment = *segments
            .next()
            .ok_or_else(|| InvalidRequest::new(format!("{template}: no value for `{name}`")))?;
        if matches!(segment, "" | "." | "..") {
            return Err(InvalidRequest::new(format!(
                "path parameter `{name}` of {template} is {segment:?}: it must be a name, not empty and not a dot segment"
            )));
        }
        path.push_str(literal);
        path.extend(utf8_percent_encode(segment, RESERVED));
    }
    path.push_str(rest);
    match segments.next() {
        None => Ok(path),
        Some(_) => Err(InvalidRequest::new(format!("{template}: more values than parameters"))),
    }
}

/// Splits a text at an ASCII byte, without it.
fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = memchr(byte, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "/api/v2/chat/channels/{type}/{id}/message";

    #[test]
    fn reserved_and_non_ascii_bytes_are_encoded() {
        assert_eq!(
            expand(TEMPLATE, &["messaging", "a b+c?d#e%f&g:h!*'()"]).unwrap(),
            "/api/v2/chat/channels/messaging/a%20b%2Bc%3Fd%23e%25f%26g%3Ah%21%2A%27%28%29/message"
        );
        assert_eq!(
            expand(TEMPLATE, &["m-._~", "é"]).unwrap(),
            "/api/v2/chat/channels/m-._~/%C3%A9/message"
        );
    }

    #[test]
    fn segments_that_would_change_the_endpoint_are_refused() {
        for segment in ["", ".", ".."] {
            let error = expand(TEMPLATE, &["messaging", segment]).unwrap_err();
            assert!(error.to_string().contains("`id`"), "{error}");
        }
        assert!(expand(TEMPLATE, &["messaging", "..."]).is_ok());
    }

    #[test]
    fn the_number_of_segments_must_fit() {
        assert!(expand(TEMPLATE, &["messaging"]).is_err());
        assert!(expand(TEMPLATE, &["messaging", "a", "b"]).is_err());
        assert_eq!(expand("/api/v2/app", &[]).unwrap(), "/api/v2/app");
    }
}
