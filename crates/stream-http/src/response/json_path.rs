//! Finds the JSON path at which a decoder stopped. It runs only after a failure, so that decoding
//! need not track the path.

use std::fmt::Write;

/// The maximum number of segments that are printed at the start and at the end of a path.
const SEGMENTS_AT_EACH_END: usize = 16;
/// The maximum number of characters that are printed of a key.
const KEY_LIMIT: usize = 64;

/// Returns the path, such as `$.users[3].name`, of the value at which the decoder stopped. `line`
/// and `column` count from 1, the column in bytes, as those of `serde_json` do.
pub(super) fn locate(json: &[u8], line: usize, column: usize) -> String {
    let end = offset(json, line, column);
    let mut scanner = Scanner { stack: Vec::new(), expects_key: false };
    scanner.scan(json.get(..end).unwrap_or(json));
    scanner.path()
}

/// Returns the number of bytes that the decoder read up to `line` and `column`.
fn offset(json: &[u8], line: usize, column: usize) -> usize {
    let lines_before = line.saturating_sub(1);
    let start = if lines_before == 0 {
        0
    } else {
        let mut newlines = json.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        newlines.nth(lines_before - 1).map_or(json.len(), |(index, _)| index + 1)
    };
    start.saturating_add(column).min(json.len())
}

enum Segment<'a> {
    /// The key with its escapes; `None` before the first key.
    Key(Option<&'a [u8]>),
    Index(usize),
}

struct Scanner<'a> {
    stack: Vec<Segment<'a>>,
    expects_key: bool,
}

impl<'a> Scanner<'a> {
    fn scan(&mut self, json: &'a [u8]) {
        let mut rest = json;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match byte {
                b'{' => {
                    self.stack.push(Segment::Key(None));
                    self.expects_key = true;
                }
                b'[' => {
                    self.stack.push(Segment::Index(0));
                    self.expects_key = false;
                }
                b'}' | b']' => {
                    self.stack.pop();
                    self.expects_key = false;
                }
                b',' => match self.stack.last_mut() {
                    Some(Segment::Index(index)) => *index += 1,
                    Some(Segment::Key(key)) => {
                        *key = None;
                        self.expects_key = true;
                    }
                    None => {}
                },
                b'"' => {
                    let length = string_length(rest);
                    let (text, tail) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                    rest = tail.get(1..).unwrap_or_default();
                    if self.expects_key
                        && let Some(Segment::Key(key)) = self.stack.last_mut()
                    {
                        *key = Some(text);
                        self.expects_key = false;
                    }
                }
                _ => {}
            }
        }
    }

    fn path(&self) -> String {
        let mut path = String::from("$");
        let depth = self.stack.len();
        for (position, segment) in self.stack.iter().enumerate() {
            if (SEGMENTS_AT_EACH_END..depth.saturating_sub(SEGMENTS_AT_EACH_END))
                .contains(&position)
            {
                if position == SEGMENTS_AT_EACH_END {
                    path.push_str("...");
                }
                continue;
            }
            match segment {
                Segment::Index(index) => {
                    let _ = write!(path, "[{index}]");
                }
                Segment::Key(None) => {}
                Segment::Key(Some(key)) => push_key(&mut path, key),
            }
        }
        path
    }
}

/// Returns the length of a string after its opening quote, without the closing quote.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    text.iter()
        .position(|&byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        })
        .unwrap_or(text.len())
}

fn push_key(path: &mut String, key: &[u8]) {
    let text = String::from_utf8_lossy(key);
    let plain = !text.is_empty()
        && text.chars().all(|character| {
            character.is_ascii_alphanumeric() || character == '_' || character == '-'
        });
    // Control characters are replaced, because errors are printed on one line.
    let mut characters = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let short: String = characters.by_ref().take(KEY_LIMIT).collect();
    let dots = if characters.next().is_some() { "..." } else { "" };
    let _ =
        if plain { write!(path, ".{short}{dots}") } else { write!(path, "[\"{short}{dots}\"]") };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn path_of<T: serde::de::DeserializeOwned>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json).err().expect("it fails");
        locate(json.as_bytes(), error.line(), error.column())
    }

    type Users = BTreeMap<String, Vec<BTreeMap<String, u8>>>;

    #[test]
    fn a_value_of_the_wrong_type_is_found() {
        assert_eq!(path_of::<Users>(r#"{"users":[{"a":1},{"a":1,"b":"x"}]}"#), "$.users[1].b");
        assert_eq!(path_of::<Users>(r#"{"users":[{"a":1},{"a":300}]}"#), "$.users[1].a");
        assert_eq!(path_of::<Users>(r#"{"users":[{"a":-1 , "b": 3}]}"#), "$.users[0].a");
        assert_eq!(path_of::<Users>(r#"{"users":[[]]}"#), "$.users[0]");
        assert_eq!(path_of::<Users>(r#"{"users":{}}"#), "$.users");
        assert_eq!(path_of::<Users>(r#"[]"#), "$");
        assert_eq!(path_of::<u8>(r#""x""#), "$");
    }

    #[test]
    fn paths_survive_line_breaks_and_odd_keys() {
        assert_eq!(
            path_of::<Users>("{\n \"users\": [\n  {\"a\": 1},\n  {\"a b\":\n null}\n ]\n}"),
            "$.users[1][\"a b\"]"
        );
        assert_eq!(path_of::<Users>(r#"{"{[,\"":[{"\\":true}]}"#), r#"$["{[,\""][0]["\\"]"#);
        assert_eq!(path_of::<Users>(r#"{"é":[{"":true}]}"#), r#"$["é"][0][""]"#);
    }

    #[test]
    fn a_path_stays_on_one_line() {
        assert_eq!(path_of::<Users>("{\"a\u{85}b\":1}"), "$[\"a b\"]");
        assert_eq!(path_of::<Users>("{\"a\nb\":[]}"), "$[\"a \"]");
    }

    #[test]
    fn a_cut_text_ends_where_it_ends() {
        assert_eq!(path_of::<Value>(r#"{"users":[{"a":1},{"b":"abc"#), "$.users[1].b");
        assert_eq!(path_of::<Value>(r#"{"users":[1,"#), "$.users[1]");
        assert_eq!(path_of::<Value>(""), "$");
        assert_eq!(path_of::<Value>("<html>"), "$");
    }

    #[test]
    fn the_path_of_a_missing_field_is_that_of_its_object() {
        let json = r#"{"a":{"b":1},"c":2}"#;
        // A decoder that reports a missing field has already read the closing brace.
        assert_eq!(locate(json.as_bytes(), 1, 12), "$.a");
    }

    #[test]
    fn deep_and_long_paths_stay_short() {
        let deep = "[".repeat(100_000);
        let path = locate(deep.as_bytes(), 1, deep.len());
        assert!(path.len() < 200, "{path}");
        let long = format!("{{\"{}\":x", "k".repeat(100_000));
        assert!(locate(long.as_bytes(), 1, long.len()).len() < 100);
    }

    /// Returns a JSON value with a marker in one place, and the path of that place.
    fn marked() -> impl Strategy<Value = (String, String)> {
        let leaf = Just((r#""MARK""#.to_owned(), String::new()));
        leaf.prop_recursive(6, 32, 4, |inner| {
            prop_oneof![
                (inner.clone(), 0usize..4).prop_map(|((json, path), before)| {
                    (
                        format!(
                            "[{}{json}, {{\"z\":[1]}}]",
                            "{\"q\": [2, \"],\"]},".repeat(before)
                        ),
                        format!("[{before}]{path}"),
                    )
                }),
                (inner, "[a-z]{1,5}").prop_map(|((json, path), key)| {
                    (
                        format!("{{\"x\": [1,\n2], \"{key}\" : {json} ,\"y\":{{}}}}"),
                        format!(".{key}{path}"),
                    )
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_path_leads_to_the_mark((json, path) in marked()) {
            let end = json.find("MARK\"").unwrap() + 5;
            let before = &json[..end];
            let line = before.matches('\n').count() + 1;
            let column = end - before.rfind('\n').map_or(0, |index| index + 1);
            prop_assert_eq!(locate(json.as_bytes(), line, column), format!("${path}"));
        }

        #[test]
        fn any_bytes_have_a_path(json in proptest::collection::vec(any::<u8>(), 0..300), line in 0usize..5, column in 0usize..400) {
            prop_assert!(locate(&json, line, column).starts_with('$'));
        }
    }
}
