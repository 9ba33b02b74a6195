//! Parses `multipart/form-data` bodies.

use bytes::Bytes;

use crate::error::ApiError;

/// A part of a body.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) bytes: Bytes,
}

/// The maximum length of a boundary by RFC 2046. A longer one would make the search slow.
const MAX_BOUNDARY: usize = 70;
/// The maximum number of parts of a body.
const MAX_PARTS: usize = 100;

/// Parses a body into its parts.
pub(super) fn parse(content_type: &str, body: &Bytes) -> Result<Vec<Part>, ApiError> {
    let malformed = || ApiError::input("the body is not multipart/form-data");
    if !content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Err(malformed());
    }
    let boundary =
        parameter(content_type, "boundary").filter(|text| (1..=MAX_BOUNDARY).contains(&text.len()));
    let boundary = boundary.ok_or_else(malformed)?;
    let first = format!("--{boundary}");
    let separator = format!("\r\n--{boundary}");
    let mut at = find(body, first.as_bytes(), 0).ok_or_else(malformed)? + first.len();
    let mut parts = Vec::new();
    loop {
        match body.get(at..at + 2) {
            Some(b"--") => return Ok(parts),
            Some(b"\r\n") => at += 2,
            _ => return Err(malformed()),
        }
        let end = find(body, separator.as_bytes(), at).ok_or_else(malformed)?;
        let head_end = find(body, b"\r\n\r\n", at).filter(|head| *head < end);
        let head_end = head_end.ok_or_else(malformed)?;
        let head = String::from_utf8_lossy(body.get(at..head_end).unwrap_or_default()).into_owned();
        parts.push(part(&head, body.slice(head_end + 4..end)).ok_or_else(malformed)?);
        if parts.len() > MAX_PARTS {
            return Err(ApiError::input(format!("the body has more than {MAX_PARTS} parts")));
        }
        at = end + separator.len();
    }
}

fn part(head: &str, bytes: Bytes) -> Option<Part> {
    let header = |name: &str| {
        head.split("\r\n").find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file_name: parameter(&disposition, "filename").filter(|name| !name.is_empty()),
        content_type: header("content-type"),
        bytes,
    })
}

/// Returns a parameter of a header, quoted or not.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header;
    loop {
        let (_, after) = rest.split_once(';')?;
        let (found, after) = after.trim_start().split_once('=')?;
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted_end(quoted)?;
                (quoted.get(..end)?.replace("\\\"", "\""), quoted.get(end + 1..)?)
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after.get(..end)?.trim().to_owned(), after.get(end..)?)
            }
        };
        if found.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = left;
    }
}

/// Returns the position of the first quote that is not escaped.
fn quoted_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !is_escaped => return Some(at),
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

fn find(bytes: &[u8], sought: &[u8], from: usize) -> Option<usize> {
    let found = bytes.get(from..)?.windows(sought.len()).position(|window| window == sought)?;
    Some(from + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"xyz\"";

    fn parsed(body: &str) -> Result<Vec<Part>, ApiError> {
        parse(TYPE, &Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn parts_are_found() {
        let body = "--xyz\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n{}\r\n\
             --xyz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".txt\"\r\n\
             Content-Type: text/plain\r\n\r\nhel\r\nlo--xy\r\n--xyz--\r\n";
        let parts = parsed(body).unwrap();
        assert_eq!((parts[0].name.as_str(), &parts[0].bytes[..]), ("user", &b"{}"[..]));
        assert_eq!(parts[1].file_name.as_deref(), Some("a \"b\".txt"));
        assert_eq!(parts[1].content_type.as_deref(), Some("text/plain"));
        assert_eq!(&parts[1].bytes[..], b"hel\r\nlo--xy");
    }

    #[test]
    fn malformed_bodies_are_refused() {
        for body in [
            "",
            "--xyz",
            "--xyz\r\n",
            "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end",
            "--xyz\r\nno head\r\n--xyz--",
            "--xyz\r\nContent-Disposition: form-data\r\n\r\n\r\n--xyz--",
            "--xyz\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--xyz--",
        ] {
            assert!(parsed(body).is_err(), "{body:?}");
        }
        assert!(parse("text/plain", &Bytes::new()).is_err());
        let long = "x".repeat(MAX_BOUNDARY + 1);
        let body = Bytes::from(format!("--{long}--"));
        assert!(parse(&format!("multipart/form-data; boundary={long}"), &body).is_err());
        let part = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n";
        assert!(parsed(&format!("{}--xyz--\r\n", part.repeat(MAX_PARTS))).is_ok());
        assert!(parsed(&format!("{}--xyz--\r\n", part.repeat(MAX_PARTS + 1))).is_err());
        assert!(parse("multipart/form-data", &Bytes::from_static(b"--")).is_err());
    }
}
