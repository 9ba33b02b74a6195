//! Decoding that tolerates values whose type differs from the schema.

mod locate;

use std::fmt;

use serde::de::DeserializeOwned;

use crate::codec::decode::OVER_BUDGET;
use locate::{Place, locate};

/// The maximum number of places in one document that are skipped before decoding fails.
pub const MAX_SKIPPED: usize = 16;

/// The place at which a document could not be decoded, and the reason. It contains nothing of the
/// value, which may be user content or a credential, so it can be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeFailure {
    /// The path of the place, such as `$.message.attachments[3].type`.
    pub path: String,
    /// The reason, such as `invalid type: map, expected a string`.
    pub reason: String,
}

impl DecodeFailure {
    /// Finds the place in `json` at which decoding failed with `error`.
    #[must_use]
    pub fn new(json: &[u8], error: &serde_json::Error) -> Self {
        let innermost = locate(json, error).pop();
        let path = innermost.map_or_else(|| "$".to_owned(), |place| place.path);
        Self { path, reason: without_value(&error.to_string()) }
    }
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at `{}`", self.reason, self.path)
    }
}

impl std::error::Error for DecodeFailure {}

/// Decodes a document, and skips places that cannot be decoded as if they were absent.
///
/// Returns the value and the places that were skipped, in the order in which they were found. The
/// list is empty if the whole document could be decoded, which costs no more than plain decoding.
///
/// ```
/// use stream_models::tolerant;
/// use stream_models::users::UserResponse;
///
/// let json = br#"{"id":"john","teams":[1,"red"],"name":{"first":"John"}}"#;
/// let (user, skipped) = tolerant::from_slice::<UserResponse>(json)?;
/// assert_eq!((user.id.as_str(), user.name, user.teams), ("john", None, vec!["red".to_owned()]));
/// assert_eq!(skipped[0].path, "$.teams[0]");
/// assert_eq!(skipped[1].path, "$.name");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// The text is not JSON, the document as a whole has another type, or more than [`MAX_SKIPPED`]
/// places cannot be decoded. The error is that of the first place.
pub fn from_slice<T: DeserializeOwned>(
    json: &[u8],
) -> Result<(T, Vec<DecodeFailure>), serde_json::Error> {
    decode(json, |json| serde_json::from_slice(json))
}

/// Decodes like [`from_slice`], with the caller's decoder.
pub(crate) fn decode<T>(
    json: &[u8],
    decode: impl Fn(&[u8]) -> Result<T, serde_json::Error>,
) -> Result<(T, Vec<DecodeFailure>), serde_json::Error> {
    let first = match decode(json) {
        Ok(value) => return Ok((value, Vec::new())),
        Err(error) => error,
    };
    let mut json = json.to_vec();
    let mut skipped = Vec::new();
    let mut attempts = 0;
    let mut failed = skip(&mut json, &first, &mut skipped);
    while failed.is_some() && attempts < 2 * MAX_SKIPPED && skipped.len() <= MAX_SKIPPED {
        match decode(&json) {
            Ok(value) => return Ok((value, skipped)),
            Err(error) => failed = skip(&mut json, &error, &mut skipped),
        }
        attempts += 1;
    }
    Err(first)
}

/// Replaces the value at which decoding failed with `null`, or the value around it if it is already
/// `null`. Returns `None` if only the whole document is left.
fn skip(
    json: &mut Vec<u8>,
    error: &serde_json::Error,
    skipped: &mut Vec<DecodeFailure>,
) -> Option<()> {
    if !error.is_data() || error.to_string().starts_with(OVER_BUDGET) {
        return None;
    }
    let is_null = |place: &Place| json.get(place.range.clone()) == Some(b"null");
    let mut places = locate(json, error).into_iter().skip(1).rev();
    let place = places.find(|place| !is_null(place))?;
    json.splice(place.range, *b"null");
    let is_inside = |path: &str| {
        path.strip_prefix(&place.path).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    skipped.retain(|failure| !is_inside(&failure.path));
    skipped.push(DecodeFailure { path: place.path, reason: without_value(&error.to_string()) });
    Some(())
}

/// Returns the text of an error without the value, which errors of serde and of the models quote.
fn without_value(text: &str) -> String {
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    match (text.split_once('"'), text.rsplit_once('"')) {
        (Some(("", _)), Some((_, tail))) => format!("the string{tail}"),
        (Some((head, _)), Some((_, tail))) => format!("{}{tail}", head.trim_end()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Numbers = BTreeMap<String, Vec<Option<u8>>>;

    #[test]
    fn what_cannot_be_read_is_absent_and_listed() {
        let json = r#"{"a":[1,"x",{"b":[]}, 300 ,2],"c":[-1]}"#;
        let (numbers, skipped) = from_slice::<Numbers>(json.as_bytes()).unwrap();
        assert_eq!(numbers["a"], [Some(1), None, None, None, Some(2)]);
        let paths: Vec<&str> = skipped.iter().map(|failure| failure.path.as_str()).collect();
        assert_eq!(paths, ["$.a[1]", "$.a[2]", "$.a[3]", "$.c[0]"]);
        assert_eq!(from_slice::<Numbers>(b"{}").unwrap(), (Numbers::new(), Vec::new()));
    }

    #[test]
    fn a_document_that_is_odd_throughout_is_refused() {
        let list = |entries: usize| format!(r#"{{"a":[{}1]}}"#, r#""x","#.repeat(entries));
        assert!(from_slice::<Numbers>(list(MAX_SKIPPED).as_bytes()).is_ok());
        assert!(from_slice::<Numbers>(list(MAX_SKIPPED + 1).as_bytes()).is_err());
        for json in ["[]", "{", "null", "1", r#"{"a":null}"#, ""] {
            assert!(from_slice::<Numbers>(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn no_value_is_quoted() {
        let json = br#"{"a":["s3cret \" at line 1, expected x"]}"#;
        let error = serde_json::from_slice::<Numbers>(json).unwrap_err();
        let failure = DecodeFailure::new(json, &error);
        assert_eq!(failure.to_string(), "invalid type: string, expected u8 at `$.a[0]`");
    }
}
