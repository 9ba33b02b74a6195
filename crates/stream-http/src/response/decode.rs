//! Decoding of a response's body.

use serde::de::DeserializeOwned;

use super::json_path;
use crate::error::Error;
use stream_models::tolerant::{self, DecodeFailure};

/// Decodes a body that `serde_json` refused with `error`: if `skipped` is given, values that cannot
/// be decoded are treated as absent and listed there.
#[cold]
pub(super) fn decode_tolerantly<T: DeserializeOwned>(
    body: &[u8],
    skipped: Option<&mut Vec<DecodeFailure>>,
    error: &serde_json::Error,
) -> Result<T, Error> {
    let Some(skipped) = skipped else { return Err(failure(body, error)) };
    let (value, places) = tolerant::from_slice(body).map_err(|error| failure(body, &error))?;
    *skipped = places;
    Ok(value)
}

#[cold]
fn failure(body: &[u8], error: &serde_json::Error) -> Error {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Error::decode("the body of the response is empty");
    }
    if let Some(what) = not_json(body) {
        return Error::decode(format!("the body is not JSON but {what}"));
    }
    let path = json_path::locate(body, error.line(), error.column());
    // The error itself is not kept as the cause, because it may print the value, which may be
    // secret.
    Error::decode(without_value(&error.to_string())).at_json_path(path)
}

/// Returns what a body seems to be instead of JSON.
fn not_json(body: &[u8]) -> Option<&'static str> {
    match body.trim_ascii_start() {
        [b'<', ..] => Some("HTML or XML: a proxy or another server responded; check the base URL"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{' | b'[', ..] | [b'{' | b'[', 0, ..] => {
            Some("UTF-16: a proxy may have changed it")
        }
        [0x1f, 0x8b, ..] => Some("gzip without the header `Content-Encoding`"),
        _ => None,
    }
}

/// Returns the text of an error without the value that errors of serde and of the models quote.
fn without_value(text: &str) -> String {
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    match (text.split_once('"'), text.rsplit_once('"')) {
        (Some(("", _)), Some((_, tail))) => format!("a text{tail}"),
        (Some((head, _)), Some((_, tail))) => format!("{}{tail}", head.trim_end()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use stream_models::Timestamp;

    fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(body).or_else(|error| decode_tolerantly(body, None, &error))
    }

    #[test]
    fn the_error_says_where_and_what_but_not_the_value() {
        let error = decode::<BTreeMap<String, u8>>(br#"{"a": "s3cret\", expected"}"#).unwrap_err();
        assert_eq!(error.json_path(), Some("$.a"));
        assert_eq!(error.message(), "invalid type: string, expected u8");
        assert!(!format!("{error:?} {error}").contains("s3cret"));
        let error = decode::<Vec<Timestamp>>(br#"["s3cret \" at line 1"]"#).unwrap_err();
        assert!(error.message().starts_with("a text is not an RFC 3339 time"), "{error}");
        assert!(!format!("{error:?} {error}").contains("s3cret"));
    }

    #[test]
    fn nesting_is_limited() {
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        let error = decode::<serde_json::Value>(&deep).unwrap_err();
        assert!(error.message().contains("recursion limit"), "{error}");
    }

    proptest! {
        #[test]
        fn damaged_json_decodes_or_says_where(
            json in r#"[\[\]{}:,"\\a-c0-9 tfn\n-]{0,60}"#,
            noise in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            for body in [json.as_bytes(), &noise] {
                if let Err(error) = decode::<serde_json::Value>(body) {
                    prop_assert!(error.json_path().is_none_or(|path| path.starts_with('$')));
                    prop_assert!(error.to_string().len() < 2000);
                }
                let _ = decode::<BTreeMap<String, Vec<u8>>>(body);
            }
        }

        #[test]
        fn a_cut_or_changed_response_decodes_or_names_the_place(at in 0usize..140, byte: u8, cut: bool) {
            let mut body = br#"{"users":[{"id":"john","created_at":1700000000000000000,"custom":{"a b":[null,true,"\u00e9\""]}}],"duration":"1.5ms"}"#.to_vec();
            let at = at.min(body.len() - 1);
            if cut { body.truncate(at) } else { body[at] = byte }
            if let Err(error) = decode::<serde_json::Value>(&body) {
                prop_assert!(error.json_path().is_none_or(|path| path.starts_with('$')));
            }
        }
    }

    #[test]
    fn a_body_that_is_not_json_is_named() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        for (body, what) in [
            (b"\n<!DOCTYPE html><title>Log in</title>".to_vec(), "base URL"),
            (utf16("{\"a\":1}"), "UTF-16"),
            (utf16("\u{feff}{\"a\":1}"), "UTF-16"),
            (vec![0, b'{', 0, b'}'], "UTF-16"),
            (vec![0x1f, 0x8b, 8, 0], "gzip"),
        ] {
            let error = decode::<BTreeMap<String, u8>>(&body).unwrap_err();
            assert!(error.message().contains(what), "{error}");
            assert_eq!(error.json_path(), None);
        }
        let error = decode::<BTreeMap<String, u8>>(b"no").unwrap_err();
        assert_eq!(error.json_path(), Some("$"));
    }

    #[test]
    fn an_empty_body_is_reported_as_empty() {
        assert!(decode::<u8>(b" \n").unwrap_err().message().contains("empty"));
    }
}
