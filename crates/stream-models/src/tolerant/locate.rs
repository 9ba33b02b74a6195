//! Finds the value at which a decoder stopped. Runs once, after a failure, so that decoding itself
//! need not keep track of where it is.

use std::fmt::{self, Write};
use std::ops::Range;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The maximum length of a path, in bytes.
const MAX_PATH_LENGTH: usize = 512;
/// The maximum length of a key in a path, in characters.
const MAX_KEY_LENGTH: usize = 64;

/// A value of a document: its path, and the range of its bytes.
pub(super) struct Place {
    pub(super) path: String,
    pub(super) range: Range<usize>,
}

/// Returns the values that the decoder was in when it failed, from the whole document to the
/// innermost.
pub(super) fn locate(json: &[u8], error: &serde_json::Error) -> Vec<Place> {
    let end = offset(json, error.line(), error.column());
    let mut places = enclosing(json, end);
    // A decoder that refuses a whole list or object has consumed its bracket, and so has one that
    // refuses its first element; the error distinguishes them.
    let met = match error.to_string().strip_prefix("invalid type: ") {
        Some(text) if text.starts_with("sequence") => Some(b'['),
        Some(text) if text.starts_with("map") => Some(b'{'),
        _ => None,
    };
    let byte_of = |place: &Place| json.get(place.range.start).copied();
    if let (Some(met), [.., outer, inner]) = (met, &places[..])
        && outer.range.start + 1 == end
        && byte_of(outer) == Some(met)
        && byte_of(inner) != Some(met)
    {
        places.pop();
    }
    places
}

fn enclosing(json: &[u8], end: usize) -> Vec<Place> {
    let mut path = String::from("$");
    let mut range = 0..json.len();
    let mut places = vec![Place { path: path.clone(), range: range.clone() }];
    // A value that begins where the decoder stopped was only peeked at, and one that ends there
    // was consumed completely.
    while range.start < end && end < range.end && path.len() < MAX_PATH_LENGTH {
        let inner = json.get(range.clone()).and_then(|text| child(text, end - range.start));
        let Some((segment, inner)) = inner else { break };
        segment.push_to(&mut path);
        range = range.start + inner.start..range.start + inner.end;
        places.push(Place { path: path.clone(), range: range.clone() });
    }
    places
}

/// Returns how many bytes the decoder had consumed.
fn offset(json: &[u8], line: usize, column: usize) -> usize {
    let newlines = json.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let ends_of_lines = newlines.map(|(index, _)| index + 1);
    let start = std::iter::once(0).chain(ends_of_lines).nth(line.saturating_sub(1));
    start.unwrap_or(json.len()).saturating_add(column).min(json.len())
}

enum Segment {
    Key(String),
    Index(usize),
}

impl Segment {
    fn push_to(&self, path: &mut String) {
        // Writing to a string does not fail.
        let _ = match self {
            Self::Index(index) => write!(path, "[{index}]"),
            Self::Key(key) => {
                let is_part =
                    |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
                let is_plain = !key.is_empty() && key.chars().all(is_part);
                // On one line, like every part of an error's text.
                let mut characters = key.chars().map(|c| if c.is_control() { ' ' } else { c });
                let short: String = characters.by_ref().take(MAX_KEY_LENGTH).collect();
                let dots = if characters.next().is_some() { "..." } else { "" };
                if is_plain {
                    write!(path, ".{short}{dots}")
                } else {
                    write!(path, "[\"{short}{dots}\"]")
                }
            }
        };
    }
}

/// Returns the element of an object or list that the decoder was in, or was about to enter, when it
/// had consumed `end` bytes.
fn child(text: &[u8], end: usize) -> Option<(Segment, Range<usize>)> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    // It fails where the JSON is not valid, or when the element is found.
    let mut found = None;
    let finder = Finder { text, end, found: &mut found };
    let _ = deserializer.deserialize_any(finder);
    found
}

struct Finder<'j, 'f> {
    text: &'j [u8],
    end: usize,
    found: &'f mut Option<(Segment, Range<usize>)>,
}

impl<'j> Finder<'j, '_> {
    /// Visits an element. Returns an error once the element is found.
    fn look<E: Error>(
        &mut self,
        segment: impl FnOnce() -> Segment,
        value: &'j RawValue,
    ) -> Result<(), E> {
        let start = value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let range = start..start + value.get().len();
        if range.end >= self.end {
            *self.found = Some((segment(), range));
            return Err(E::custom("found"));
        }
        Ok(())
    }
}

impl<'j> Visitor<'j> for Finder<'j, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'j>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            let value = object.next_value()?;
            self.look(|| Segment::Key(key), value)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'j>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(value) = list.next_element()? {
            self.look(|| Segment::Index(index), value)?;
            index += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn path_of<T: serde::de::DeserializeOwned>(json: &str) -> (String, &str) {
        let error = serde_json::from_str::<T>(json).err().expect("it fails");
        let Place { path, range } = locate(json.as_bytes(), &error).pop().unwrap();
        (path, &json[range])
    }

    type Users = BTreeMap<String, Vec<BTreeMap<String, u8>>>;

    #[test]
    fn a_value_of_the_wrong_type_is_found() {
        for (json, path, value) in [
            (r#"{"users":[{"a":1},{"a":1,"b":"x"}]}"#, "$.users[1].b", r#""x""#),
            (r#"{"users":[{"a":1}, {"a" : 300 }]}"#, "$.users[1].a", "300"),
            (r#"{"users":[{"a":{"a":1}}]}"#, "$.users[0].a", r#"{"a":1}"#),
            (r#"{"users":[[[1]], 1]}"#, "$.users[0]", "[[1]]"),
            (r#"{"u":[], "users": {"a":1}}"#, "$.users", r#"{"a":1}"#),
            (r#"[{}]"#, "$", "[{}]"),
            (
                "{\n \"users\": [\n  {\"a\": 1},\n  {\"a b\":\n true}\n ]\n}",
                "$.users[1][\"a b\"]",
                "true",
            ),
            (r#"{"é\n":[{"":true}]}"#, r#"$["é "][0][""]"#, "true"),
        ] {
            assert_eq!(path_of::<Users>(json), (path.to_owned(), value), "{json}");
        }
    }

    #[test]
    fn deep_and_long_paths_stay_short() {
        let deep = format!(r#"{}"x"{}"#, r#"{"key":["#.repeat(1000), "]}".repeat(1000));
        let Place { path, .. } = enclosing(deep.as_bytes(), deep.len() / 2).pop().unwrap();
        assert!(path.len() < 600, "{path}");
        let long = format!(r#"{{"{}":1}}"#, "k".repeat(100_000));
        assert!(path_of::<BTreeMap<String, String>>(&long).0.len() < 100);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_path(json in r#"[\[\]{}:,"\\a-c0-9 tfn-]{0,60}"#, line in 0usize..3, column in 0usize..80) {
            let end = offset(json.as_bytes(), line, column);
            let Place { path, range } = enclosing(json.as_bytes(), end).pop().unwrap();
            prop_assert!(path.starts_with('$') && json.as_bytes().get(range).is_some());
        }

        #[test]
        fn the_path_leads_to_the_value(before in 0usize..4, depth in 0usize..5) {
            let open = format!(r#"{{"x":[{{"y":1}}],"k":[{}"#, "[],".repeat(before));
            let json = format!("{}0{}", open.repeat(depth), "]}".repeat(depth));
            let at = json.rfind('0').map_or(0, |at| at + 1);
            let Place { path, range } = enclosing(json.as_bytes(), at).pop().unwrap();
            prop_assert_eq!(path, format!("${}", format!(".k[{before}]").repeat(depth)));
            prop_assert_eq!(&json[range], "0");
            prop_assert!(serde_json::from_str::<Value>(&json).is_ok());
        }
    }
}
