//! Replaces the parts of valid JSON that the decoder cannot represent.

/// The depth at which containers become `null`: the decoder accepts 128 levels, and custom data is
/// a few levels below the event.
const MAX_DEPTH: usize = 100;

/// Replaces deeper nesting than [`MAX_DEPTH`] and numbers beyond the range of a double by `null`,
/// and unpaired surrogates by U+FFFD. Users of the app can write all three, and must not be able to
/// hide an event from the backend.
pub(super) fn salvage(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '-' | '0'..='9' => number_length(rest),
            first => first.len_utf8(),
        };
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = tail;
        let is_closing = matches!(first, ']' | '}');
        if depth < MAX_DEPTH || (depth == MAX_DEPTH && is_closing) {
            match first {
                '"' => push_string(&mut out, token),
                '-' | '0'..='9' if token.parse::<f64>().is_ok_and(f64::is_infinite) => {
                    out.push_str("null");
                }
                '[' | '{' if depth + 1 == MAX_DEPTH => out.push_str("null"),
                ']' | '}' if depth == MAX_DEPTH => {}
                _ => out.push_str(token),
            }
        }
        match first {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    out
}

/// Returns the length of a string with its quotes.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    let inner = text.bytes().skip(1).position(|byte| {
        let closes = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        closes
    });
    inner.map_or(text.len(), |inner| inner + 2)
}

fn number_length(text: &str) -> usize {
    let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len())
}

/// Writes a string with unpaired surrogates replaced.
fn push_string(out: &mut String, token: &str) {
    let mut rest = token;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
        let escape_at = &rest[rest.len() - escape.len() - 1..];
        let (length, is_whole) = match unit(escape_at) {
            Some(0xd800..=0xdbff) => {
                let low = escape_at.get(6..).and_then(unit);
                let is_pair = matches!(low, Some(0xdc00..=0xdfff));
                (if is_pair { 12 } else { 6 }, is_pair)
            }
            Some(0xdc00..=0xdfff) => (6, false),
            // The escape and the character after it, which may be a backslash.
            _ => (1 + escape.chars().next().map_or(0, char::len_utf8), true),
        };
        let (text, tail) = escape_at.split_at_checked(length).unwrap_or((escape_at, ""));
        out.push_str(if is_whole { text } else { "\\ufffd" });
        rest = tail;
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::salvage;

    #[test]
    fn deep_values_become_null() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let deep = format!(r#"{{"a":{}1{},"b":[2]}}"#, open.repeat(5000), close.repeat(5000));
            let value: Value = serde_json::from_str(&salvage(&deep)).unwrap();
            assert_eq!(value["b"], json!([2]));
        }
    }

    #[test]
    fn numbers_and_surrogates_are_replaced() {
        let text = r#"{"a":[1e999,-1e999,1e3,-0.5],"b":"x\ud83d\u0041","c":"\ude00","d":"\ud83d\ude00\\ud83d","e\ud83d":1}"#;
        assert!(serde_json::from_str::<Value>(text).is_err());
        let value: Value = serde_json::from_str(&salvage(text)).unwrap();
        assert_eq!(
            value,
            json!({"a": [null, null, 1e3, -0.5], "b": "x\u{fffd}A", "c": "\u{fffd}", "d": "\u{1f600}\\ud83d", "e\u{fffd}": 1})
        );
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in ".{0,80}", json in r#"[\[\]{}:,"\\ud8c0-9e.+-]{0,60}"#) {
            let _ = salvage(&text);
            let _ = salvage(&json);
        }
    }
}
