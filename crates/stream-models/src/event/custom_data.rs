//! Converts the custom data in an event to the form that the types of this crate have.
//!
//! The API nests custom data under `custom`. Webhooks also contain it *flat*, among the members of
//! its object, or under `Custom`. This pass rewrites the JSON before it is decoded, so that a
//! single decoder handles all forms. It scans the text once, and copies it only if something
//! changes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::scan::Scanner;

/// The member with custom data, and the name that some bodies give it.
const CUSTOM: &[u8] = b"custom";
const CUSTOM_ALIAS: &[u8] = b"Custom";
/// Deeper values are not changed; no type of an event has custom data there.
const MAX_DEPTH: usize = 128;

/// The schema's facts about the objects of one kind. Names are sorted by length and then
/// alphabetically, so that a search compares few of them byte by byte.
pub(crate) struct Shape {
    /// The members that are not custom data; `None` for objects without custom data.
    pub(crate) known: Option<&'static [&'static str]>,
    /// The members that contain custom data, at any depth.
    pub(crate) nested: &'static [(&'static str, Nested)],
    /// The member that a string in place of the object stands for.
    pub(crate) short_for: Option<&'static str>,
}

/// The content of a member, alone or in a list.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "which forms occur depends on the schema")]
pub(crate) enum Nested {
    Value(&'static Shape),
    /// An object with any keys, whose values have the shape.
    Map(&'static Shape),
}

impl Shape {
    fn nested(&self, name: &[u8]) -> Option<Nested> {
        let found = self.nested.binary_search_by(|(other, _)| order(other, name)).ok()?;
        self.nested.get(found).map(|(_, nested)| *nested)
    }

    /// Returns whether a member is custom data in the flat form.
    fn is_custom_data(&self, name: &[u8]) -> bool {
        let is_known = |known: &[&str]| known.binary_search_by(|other| order(other, name)).is_ok();
        self.known.is_some_and(|known| !is_known(known))
    }
}

fn order(listed: &str, name: &[u8]) -> Ordering {
    listed.len().cmp(&name.len()).then_with(|| listed.as_bytes().cmp(name))
}

/// Nests the custom data in an object of the given shape. Borrows if there is nothing to change.
/// Text that is not JSON is returned unchanged, so that the decoder reports the error.
pub(super) fn nest<'j>(json: &'j [u8], shape: &'static Shape) -> Cow<'j, [u8]> {
    let mut rewriter = Rewriter { scanner: Scanner::new(json), edits: Vec::new(), depth: 0 };
    match rewriter.value(Nested::Value(shape)) {
        Some(()) if !rewriter.edits.is_empty() => Cow::Owned(rewriter.apply(json)),
        _ => Cow::Borrowed(json),
    }
}

/// Scans a text, and records the changes.
struct Rewriter<'j> {
    scanner: Scanner<'j>,
    edits: Vec<Edit>,
    depth: usize,
}

/// A part of the text with its replacement.
struct Edit {
    range: Range<usize>,
    text: Vec<u8>,
}

impl<'j> Rewriter<'j> {
    /// Scans a value; `None` if the text is not JSON.
    fn value(&mut self, nested: Nested) -> Option<()> {
        let first = self.scanner.peek()?;
        if let (Nested::Value(Shape { short_for: Some(member), .. }), b'"') = (nested, first) {
            let range = self.scanner.value()?;
            let name = self.scanner.text(&range);
            let text = [b"{\"", member.as_bytes(), b"\":", name, b"}"].concat();
            self.edits.push(Edit { range, text });
            return Some(());
        }
        if !matches!(first, b'{' | b'[') || self.depth >= MAX_DEPTH {
            return self.scanner.value().map(drop);
        }
        self.depth += 1;
        let read = if first == b'{' { self.object(nested) } else { self.list(nested) };
        self.depth -= 1;
        read
    }

    fn list(&mut self, nested: Nested) -> Option<()> {
        self.scanner.take(b'[')?;
        if self.scanner.peek()? == b']' {
            return self.scanner.take(b']');
        }
        loop {
            self.value(nested)?;
            if self.scanner.peek()? != b',' {
                return self.scanner.take(b']');
            }
            self.scanner.take(b',')?;
        }
    }

    fn object(&mut self, nested: Nested) -> Option<()> {
        self.scanner.take(b'{')?;
        let mut custom = CustomData::default();
        if self.scanner.peek()? != b'}' {
            loop {
                let key = self.scanner.string()?;
                let name = unquoted(self.scanner.text(&key), self.scanner.is_escaped());
                self.scanner.take(b':')?;
                self.scanner.peek()?;
                let is_custom_data = self.member(&key, &name, nested, &mut custom)?;
                let is_last = self.scanner.peek()? != b',';
                if !is_last {
                    self.scanner.take(b',')?;
                    self.scanner.peek()?;
                }
                // The comma after the custom data separates the remaining members from what is
                // appended.
                custom.ends_with_member_that_stays = !is_custom_data;
                if is_custom_data {
                    custom.remove(key.start..self.scanner.position());
                }
                if is_last {
                    break;
                }
            }
        }
        let end = self.scanner.position();
        if custom.is_to_be_rewritten() {
            self.edits.extend(custom.edits(&self.scanner, end));
        }
        self.scanner.take(b'}')
    }

    /// Scans the value of a member, and returns whether it is custom data or contains some.
    fn member(
        &mut self,
        key: &Range<usize>,
        name: &[u8],
        nested: Nested,
        custom: &mut CustomData,
    ) -> Option<bool> {
        let shape = match nested {
            Nested::Value(shape) => shape,
            Nested::Map(shape) => {
                self.value(Nested::Value(shape))?;
                return Some(false);
            }
        };
        if let Some(inner) = shape.nested(name) {
            self.value(inner)?;
            return Some(false);
        }
        let value = self.scanner.value()?;
        if shape.known.is_none() {
            return Some(false);
        }
        let text = self.scanner.text(&value);
        let is_object = text.starts_with(b"{") && text.ends_with(b"}");
        match name {
            CUSTOM | CUSTOM_ALIAS if text == b"null" => {}
            CUSTOM if is_object => custom.nested.push(value),
            CUSTOM_ALIAS if is_object => custom.alias.push(value),
            // Custom data may have a member of this name, too.
            name if name == CUSTOM || shape.is_custom_data(name) => {
                custom.flat.push(key.start..value.end);
            }
            _ => return Some(false),
        }
        Some(true)
    }

    fn apply(mut self, json: &[u8]) -> Vec<u8> {
        self.edits.sort_by_key(|edit| edit.range.start);
        let mut out = Vec::with_capacity(json.len() + 64);
        let mut copied = 0;
        for edit in &self.edits {
            out.extend_from_slice(json.get(copied..edit.range.start).unwrap_or_default());
            out.extend_from_slice(&edit.text);
            copied = edit.range.end;
        }
        out.extend_from_slice(json.get(copied..).unwrap_or_default());
        out
    }
}

/// Returns the name of a key without its quotes and escapes.
fn unquoted(key: &[u8], is_escaped: bool) -> Cow<'_, [u8]> {
    let bare = key.get(1..key.len().saturating_sub(1)).unwrap_or_default();
    if !is_escaped {
        return Cow::Borrowed(bare);
    }
    serde_json::from_slice::<String>(key)
        .map_or(Cow::Borrowed(bare), |name| Cow::Owned(name.into_bytes()))
}

/// The custom data of one object, in all its forms.
#[derive(Default)]
struct CustomData {
    /// The members with their keys.
    flat: Vec<Range<usize>>,
    /// The objects under the other name.
    alias: Vec<Range<usize>>,
    nested: Vec<Range<usize>>,
    /// The ranges of all of it in the text, with the following commas.
    removed: Vec<Range<usize>>,
    ends_with_member_that_stays: bool,
}

impl CustomData {
    /// Returns whether anything changes; an object with only `custom` has the right form.
    fn is_to_be_rewritten(&self) -> bool {
        !self.flat.is_empty() || !self.alias.is_empty()
    }

    /// Records a part that is written elsewhere.
    fn remove(&mut self, range: Range<usize>) {
        match self.removed.last_mut() {
            Some(before) if before.end == range.start => before.end = range.end,
            _ => self.removed.push(range),
        }
    }

    /// Writes the custom data as one object at the end. The decoder keeps the last of members with
    /// the same name, so the nested form takes precedence.
    fn edits(self, scanner: &Scanner<'_>, end: usize) -> Vec<Edit> {
        let mut text = Vec::new();
        if self.ends_with_member_that_stays {
            text.push(b',');
        }
        text.extend_from_slice(b"\"custom\":{");
        let inner = |object: Range<usize>| object.start + 1..object.end.saturating_sub(1);
        let nested = self.alias.into_iter().chain(self.nested).map(inner);
        let mut is_first = true;
        for part in self.flat.into_iter().chain(nested) {
            let part = scanner.text(&part).trim_ascii();
            if part.is_empty() {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                text.push(b',');
            }
            text.extend_from_slice(part);
        }
        text.push(b'}');
        let mut edits: Vec<Edit> =
            self.removed.into_iter().map(|range| Edit { range, text: Vec::new() }).collect();
        edits.push(Edit { range: end..end, text });
        edits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::generated::custom_data::EVENT;

    fn nested(event: &Value) -> Value {
        let text = event.to_string();
        serde_json::from_slice(&nest(text.as_bytes(), &EVENT)).unwrap()
    }

    #[test]
    fn flat_custom_data_is_nested_at_every_level() {
        let event = json!({
            "type": "message.new",
            "app_level": 1,
            "channel": {"id": "general", "name": "General", "image": "a.png", "created_by": {"id": "j", "first_name": "J"}},
            "message": {
                "id": "m", "mood": "happy",
                "user": {"id": "j", "first_name": "J", "Custom": {"last_name": "K"}},
                "attachments": [{"type": "image", "file_size": 3}],
                "latest_reactions": [{"type": "like", "emoji": "+", "user": {"id": "j", "x": null}}],
                "quoted_message": {"id": "q", "mood": "sad"},
                "reaction_groups": {"like": {"count": 1, "latest_reactions_by": [{"user": {"id": "j", "x": 1}}]}},
            },
            "request_info": {"ip": "127.0.0.1"},
            "channel_custom": {"name": "General"},
        });
        assert_eq!(
            nested(&event),
            json!({
                "type": "message.new",
                "custom": {"app_level": 1},
                "channel": {
                    "id": "general",
                    "created_by": {"id": "j", "custom": {"first_name": "J"}},
                    "custom": {"name": "General", "image": "a.png"},
                },
                "message": {
                    "id": "m", "custom": {"mood": "happy"},
                    "user": {"id": "j", "custom": {"first_name": "J", "last_name": "K"}},
                    "attachments": [{"type": "image", "custom": {"file_size": 3}}],
                    "latest_reactions": [{"type": "like", "custom": {"emoji": "+"}, "user": {"id": "j", "custom": {"x": null}}}],
                    "quoted_message": {"id": "q", "custom": {"mood": "sad"}},
                    "reaction_groups": {"like": {"count": 1, "latest_reactions_by": [{"user": {"id": "j", "custom": {"x": 1}}}]}},
                },
                "request_info": {"ip": "127.0.0.1"},
                "channel_custom": {"name": "General"},
            })
        );
    }

    #[test]
    fn what_is_nested_wins_over_what_is_flat() {
        let event = json!({"user": {"a": 1, "b": 1, "c": 1, "Custom": {"b": 2, "c": 2}, "custom": {"c": 3}}});
        assert_eq!(nested(&event), json!({"user": {"custom": {"a": 1, "b": 2, "c": 3}}}));
        // The order of the members does not matter.
        let text = br#"{"user":{"custom":{"a":2},"a":1,"Custom":null}}"#;
        let read: Value = serde_json::from_slice(&nest(text, &EVENT)).unwrap();
        assert_eq!(read, json!({"user": {"custom": {"a": 2}}}));
    }

    #[test]
    fn data_that_is_called_custom_is_data() {
        let event =
            json!({"user": {"custom": "made"}, "channel": {"Custom": 1, "custom": {"a": 1}}});
        assert_eq!(
            nested(&event),
            json!({"user": {"custom": {"custom": "made"}}, "channel": {"custom": {"Custom": 1, "a": 1}}})
        );
    }

    #[test]
    fn a_name_of_the_schema_is_never_custom_data() {
        // Other views of a user, or other events, declare these.
        for event in [
            json!({"user": {"id": "j", "privacy_settings": {}, "total_unread_count": 1, "channel_unread_count": 2}}),
            json!({"type": "user.updated", "watcher_count": 1, "channel_unread_count": 1, "soft_delete": true}),
            json!({"message": {"args": "hi", "command_info": {"name": "giphy"}}}),
        ] {
            assert_eq!(nested(&event), event);
            assert!(matches!(nest(event.to_string().as_bytes(), &EVENT), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn old_names_of_commands_become_commands() {
        let event = json!({"channel": {"config": {"commands": ["giphy", {"name": "flag"}]}}});
        assert_eq!(
            nested(&event)["channel"]["config"]["commands"],
            json!([{"name": "giphy"}, {"name": "flag"}])
        );
    }

    #[test]
    fn escaped_keys_count_as_what_they_stand_for() {
        let text = br#"{"\u0075ser":{"\u0069d":"j","m\u006fod":"x","cust\u006fm":{"a":1}}}"#;
        let read: Value = serde_json::from_slice(&nest(text, &EVENT)).unwrap();
        assert_eq!(read, json!({"user": {"id": "j", "custom": {"mood": "x", "a": 1}}}));
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let depth = 100_000;
        let deep = format!("{}1{}", r#"{"quoted_message":"#.repeat(depth), "}".repeat(depth));
        nest(format!(r#"{{"message":{deep}}}"#).as_bytes(), &EVENT);
        let lists = format!(r#"{{"user":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        nest(lists.as_bytes(), &EVENT);
    }

    #[test]
    fn white_space_and_the_order_of_members_do_not_matter() {
        let members = [
            r#""id" : "j""#,
            r#""mood": [1 , {"a" : "}]\\\""}]"#,
            r#""x":null"#,
            r#""custom" : { "y":1 }"#,
            r#""name":"J""#,
        ];
        for first in 0..members.len() {
            let mut members = members.to_vec();
            members.rotate_left(first);
            let text =
                format!("\n{{ \"user\" : {{ {} }} ,\"type\":\"a\"}} ", members.join(" ,\n "));
            let read: Value = serde_json::from_slice(&nest(text.as_bytes(), &EVENT)).unwrap();
            let custom = json!({"mood": [1, {"a": "}]\\\""}], "x": null, "y": 1});
            let expected = json!({"type": "a", "user": {"id": "j", "name": "J", "custom": custom}});
            assert_eq!(read, expected, "{text}");
        }
    }

    /// Generates JSON with the relevant names.
    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            "[a-z\"\\\\{}\\[\\],: é]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn name() -> impl Strategy<Value = String> {
        let names = [
            "custom",
            "Custom",
            "user",
            "message",
            "channel",
            "members",
            "commands",
            "config",
            "id",
            "quoted_message",
            "attachments",
            "mood",
            "reaction_groups",
            "a\"b",
        ];
        prop::sample::select(names.to_vec()).prop_map(str::to_owned)
    }

    proptest! {
        #[test]
        fn nesting_twice_changes_nothing_more(json in value()) {
            let text = json.to_string();
            let once = nest(text.as_bytes(), &EVENT).into_owned();
            let read: Value = serde_json::from_slice(&once).unwrap();
            prop_assert!(matches!(nest(&once, &EVENT), Cow::Borrowed(_)), "{}", read);
            let pretty = serde_json::to_string_pretty(&json).unwrap();
            let again: Value = serde_json::from_slice(&nest(pretty.as_bytes(), &EVENT)).unwrap();
            prop_assert_eq!(again, read);
        }

        #[test]
        fn what_is_not_json_does_not_become_json(json in value(), at in any::<usize>(), byte in prop::sample::select(b"[]{}:,\"\\a0 -".to_vec())) {
            let mut text = json.to_string().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            let is_json = |text: &[u8]| serde_json::from_slice::<Value>(text).is_ok();
            let nested = nest(&text, &EVENT);
            prop_assert_eq!(is_json(&nested), is_json(&text), "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn broken_text_is_not_mended() {
        for text in [
            r#"{"user":{"id":"j","Custom":{"a":1]}}"#,
            r#"{"type":"*","crd_at":campaign":{"id":"c"},"thread":c"},"flags":2}"#,
        ] {
            let nested = nest(text.as_bytes(), &EVENT);
            assert!(serde_json::from_slice::<Value>(&nested).is_err(), "{text}");
        }
    }
}
