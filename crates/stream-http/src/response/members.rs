//! The check that a body is one of the operation's responses.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::error::Error;
use stream_models::ResponseMembers;

/// The maximum number of names that an error lists.
const NAMED: usize = 5;

/// Checks that a body is the expected response, and not a document without any known member, which
/// would decode to an empty value.
///
/// A body that is not an object, or not JSON, is left to the decoder.
pub(super) fn check(body: &[u8], expected: ResponseMembers) -> Result<(), Error> {
    let (names, is_required) = match expected {
        ResponseMembers::Required(names) => (names, true),
        ResponseMembers::Optional(names) => (names, false),
        _ => return Ok(()),
    };
    if begins_with(body, names) {
        return Ok(());
    }
    let mut seen = Seen::default();
    // The visitor stops at the first known member, which the parser reports as an error.
    let _ = serde_json::Deserializer::from_slice(body)
        .deserialize_any(Members { names, seen: &mut seen });
    let is_foreign = match seen {
        Seen { other: true, .. } | Seen { known: true, .. } => false,
        _ if is_required => true,
        Seen { duration, unknown, .. } => unknown && !duration,
    };
    if is_foreign { Err(foreign(names)) } else { Ok(()) }
}

/// Returns whether a body begins with one of the members. Members before it may be strings: most
/// bodies begin like `{"duration":"1ms","message":`, for which this needs no parser.
fn begins_with(body: &[u8], names: &[&str]) -> bool {
    let mut rest = body.strip_prefix(b"{\"");
    while let Some((name, value)) = rest.and_then(|rest| split_text(rest, b"\":")) {
        if names.iter().any(|known| known.as_bytes() == name) {
            return true;
        }
        let text = value.strip_prefix(b"\"");
        rest = text.and_then(|text| split_text(text, b"\",\"")).map(|(_, rest)| rest);
    }
    false
}

/// Splits at the end of a text, which must be `end`. A text with escapes is not split.
fn split_text<'a>(text: &'a [u8], end: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (text, rest) = text.split_at(at);
    Some((text, rest.strip_prefix(end)?))
}

#[cold]
fn foreign(names: &[&str]) -> Error {
    let mut list: Vec<_> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    if names.len() > NAMED {
        list.push("...".to_owned());
    }
    let what = if list.is_empty() {
        "the body is not that of a response: it has no `duration`".to_owned()
    } else {
        format!("the body has none of the members of the response: {}", list.join(", "))
    };
    Error::decode(what).at_json_path("$".to_owned())
}

/// The members found in a body.
#[derive(Default)]
struct Seen {
    known: bool,
    duration: bool,
    unknown: bool,
    /// The body is neither an object nor `null`.
    other: bool,
}

struct Members<'a> {
    names: &'a [&'a str],
    seen: &'a mut Seen,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a response")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(is_known) = map.next_key_seed(Name(&mut self))? {
            if is_known {
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.seen.other = true;
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.seen.other = true;
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.seen.other = true;
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.seen.other = true;
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.seen.other = true;
        Ok(())
    }

    fn visit_seq<A>(self, _: A) -> Result<(), A::Error>
    where
        A: serde::de::SeqAccess<'de>,
    {
        self.seen.other = true;
        Ok(())
    }
}

/// Deserializes the name of a member without an allocation. Returns whether the name is known.
struct Name<'a, 'm>(&'a mut Members<'m>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        let Members { names, seen } = self.0;
        if names.contains(&name) {
            seen.known = true;
        } else if name == "duration" {
            seen.duration = true;
        } else {
            seen.unknown = true;
        }
        Ok(seen.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_recognized(body: &str, expected: ResponseMembers) -> bool {
        check(body.as_bytes(), expected).is_ok()
    }

    #[test]
    fn a_required_member_or_any_other_of_the_response_tells() {
        let message = ResponseMembers::Required(&["message", "pending_message_metadata"]);
        for body in [
            r#"{"message":{},"duration":"1ms"}"#,
            r#"{"duration":"1ms","new":[{"a":1}],"message":null}"#,
            r#"{"pending_message_metadata":{}}"#,
            r#" {"\u006dessage":1}"#,
            r#"{"duration":"1ms","hint":"a \"quote\"","message":{}}"#,
            r#"{"duration" : "1ms", "message": {}}"#,
        ] {
            assert!(is_recognized(body, message), "{body}");
        }
        for body in [
            "null",
            " null\n",
            "{}",
            r#"{"duration":"1ms"}"#,
            r#"{"duration":"1ms","reminder":{"message":1}}"#,
            r#"{"login":"required"}"#,
            r#"{"login":"message","duration":"\",\"message\":"}"#,
            r#"{"duration":"message"}"#,
        ] {
            assert!(!is_recognized(body, message), "{body}");
        }
        let error = check(b"{}", message).unwrap_err();
        assert!(error.message().ends_with("`message`, `pending_message_metadata`"), "{error}");
    }

    #[test]
    fn a_response_whose_members_are_all_optional_may_be_empty() {
        for names in [&["event"][..], &[]] {
            let expected = ResponseMembers::Optional(names);
            for body in ["{}", "null", r#"{"duration":"1ms"}"#, r#"{"duration":"1ms","new":1}"#] {
                assert!(is_recognized(body, expected), "{body}");
            }
            assert!(!is_recognized(r#"{"login":"required"}"#, expected));
        }
        assert!(is_recognized(r#"{"event":null}"#, ResponseMembers::Optional(&["event"])));
    }

    #[test]
    fn what_is_not_an_object_is_left_to_the_decoder() {
        for body in ["[]", "1", "-1", "1.5", "true", "\"text\""] {
            assert!(is_recognized(body, ResponseMembers::Required(&["message"])), "{body}");
        }
        assert!(is_recognized("{}", ResponseMembers::Any));
    }
}
