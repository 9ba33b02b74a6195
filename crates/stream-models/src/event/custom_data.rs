//! Brings the custom data in an event into the form that the types of this crate have.
//!
//! The API nests custom data under `custom`. Webhooks have been seen with the same data *flat*,
//! among the members of its object, and with `Custom` in place of `custom`. This pass rewrites the
//! JSON before it is decoded, so that decoders know one form only and no decoder is compiled twice.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The member that holds custom data, and the name that some bodies give it.
const CUSTOM: &str = "custom";
const CUSTOM_ALIAS: &str = "Custom";
/// What lies deeper is copied as it is; no type of an event reaches down there.
const MAX_DEPTH: usize = 128;

/// What the schema says about the objects of one kind.
pub(crate) struct Shape {
    /// The members that are not custom data, sorted; `None` for objects without custom data.
    pub(crate) known: Option<&'static [&'static str]>,
    /// The members that hold, or lead to, custom data, sorted by name.
    pub(crate) nested: &'static [(&'static str, Nested)],
    /// The member for which a string in place of the object stands.
    pub(crate) short_for: Option<&'static str>,
}

/// What a member holds, alone or in a list.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "the schema of an older version may have no events, or none with maps")]
pub(crate) enum Nested {
    Value(&'static Shape),
    /// An object whose keys are data and whose values have the shape.
    Map(&'static Shape),
}

impl Shape {
    fn nested(&self, name: &str) -> Option<Nested> {
        let found = self.nested.binary_search_by_key(&name, |(name, _)| name).ok()?;
        self.nested.get(found).map(|(_, nested)| *nested)
    }

    /// Whether a member is custom data in the flat form.
    fn is_custom_data(&self, name: &str) -> bool {
        self.known.is_some_and(|known| known.binary_search(&name).is_err())
    }
}

/// Nests the custom data in an object of the given shape. Borrows if there is nothing to change.
///
/// # Errors
/// The text is not JSON.
pub(super) fn nest<'j>(
    json: &'j [u8],
    shape: &'static Shape,
) -> Result<Cow<'j, [u8]>, serde_json::Error> {
    let text: &RawValue = serde_json::from_slice(json)?;
    let mut rewriter =
        Rewriter { out: String::with_capacity(json.len()), is_changed: false, depth: 0 };
    rewriter.write(text.get(), Nested::Value(shape))?;
    Ok(if rewriter.is_changed {
        Cow::Owned(rewriter.out.into_bytes())
    } else {
        Cow::Borrowed(json)
    })
}

struct Rewriter {
    out: String,
    is_changed: bool,
    depth: usize,
}

impl Rewriter {
    /// Writes a value, rewritten where it has custom data.
    fn write(&mut self, text: &str, nested: Nested) -> Result<(), serde_json::Error> {
        let first = text.as_bytes().first();
        if let (Nested::Value(Shape { short_for: Some(member), .. }), Some(b'"')) = (nested, first)
        {
            self.is_changed = true;
            self.out.extend(["{\"", *member, "\":", text, "}"]);
            return Ok(());
        }
        if !matches!(first, Some(b'{' | b'[')) || self.depth >= MAX_DEPTH {
            self.out.push_str(text);
            return Ok(());
        }
        self.depth += 1;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let result = Container { rewriter: self, nested }.deserialize(&mut deserializer);
        self.depth -= 1;
        result
    }

    /// Separates an element from the one before it.
    fn separate(&mut self, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.out.push(',');
        }
    }

    fn member(&mut self, is_first: &mut bool, key: &str, value: &str) {
        self.separate(is_first);
        self.out.extend([key, ":", value]);
    }
}

/// An object or a list, on its way to the output.
struct Container<'r> {
    rewriter: &'r mut Rewriter,
    nested: Nested,
}

impl<'de> DeserializeSeed<'de> for Container<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Container<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut is_first = true;
        self.rewriter.out.push('[');
        while let Some(element) = list.next_element::<&RawValue>()? {
            self.rewriter.separate(&mut is_first);
            self.rewriter.write(element.get(), self.nested).map_err(serde::de::Error::custom)?;
        }
        self.rewriter.out.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self { rewriter, nested } = self;
        let mut is_first = true;
        let mut custom = CustomData::default();
        rewriter.out.push('{');
        // Keys stay as they are written: most are compared, few are kept.
        while let Some(key) = object.next_key::<&RawValue>()? {
            let key = key.get();
            let value = object.next_value::<&RawValue>()?.get();
            let inner = match nested {
                Nested::Map(shape) => Some(Nested::Value(shape)),
                Nested::Value(shape) => {
                    let name = unquoted(key);
                    if shape.known.is_some() && custom.take(shape, &name, key, value) {
                        continue;
                    }
                    shape.nested(&name)
                }
            };
            match inner {
                None => rewriter.member(&mut is_first, key, value),
                Some(inner) => {
                    rewriter.separate(&mut is_first);
                    rewriter.out.extend([key, ":"]);
                    rewriter.write(value, inner).map_err(serde::de::Error::custom)?;
                }
            }
        }
        custom.write(rewriter, &mut is_first);
        rewriter.out.push('}');
        Ok(())
    }
}

/// The name that a key in its quotes stands for.
fn unquoted(key: &str) -> Cow<'_, str> {
    let bare = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    if !bare.contains('\\') {
        return Cow::Borrowed(bare);
    }
    serde_json::from_str(key).map_or(Cow::Borrowed(bare), Cow::Owned)
}

/// The custom data of one object, in all forms that it came in.
#[derive(Default)]
struct CustomData<'j> {
    flat: Vec<(&'j str, &'j str)>,
    alias: Vec<&'j str>,
    nested: Vec<&'j str>,
}

impl<'j> CustomData<'j> {
    /// Takes a member that is custom data or holds some.
    fn take(&mut self, shape: &Shape, name: &str, key: &'j str, value: &'j str) -> bool {
        let is_object = value.starts_with('{');
        match name {
            CUSTOM | CUSTOM_ALIAS if value == "null" => true,
            CUSTOM if is_object => {
                self.nested.push(value);
                true
            }
            CUSTOM_ALIAS if is_object => {
                self.alias.push(value);
                true
            }
            // Data of the app's own that happens to have this name.
            name if name == CUSTOM || shape.is_custom_data(name) => {
                self.flat.push((key, value));
                true
            }
            _ => false,
        }
    }

    /// Writes it as one object. Of members of the same name the decoder keeps the last, so the
    /// nested form wins.
    fn write(self, rewriter: &mut Rewriter, is_first: &mut bool) {
        if self.flat.is_empty() && self.alias.is_empty() {
            for object in self.nested {
                rewriter.member(is_first, "\"custom\"", object);
            }
            return;
        }
        rewriter.is_changed = true;
        rewriter.separate(is_first);
        rewriter.out.push_str("\"custom\":{");
        let mut is_first = true;
        for (key, value) in self.flat {
            rewriter.member(&mut is_first, key, value);
        }
        for object in self.alias.into_iter().chain(self.nested) {
            let members = object.strip_prefix('{').and_then(|object| object.strip_suffix('}'));
            let members = members.unwrap_or_default().trim();
            if !members.is_empty() {
                rewriter.separate(&mut is_first);
                rewriter.out.push_str(members);
            }
        }
        rewriter.out.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::custom_data::EVENT;
    use serde_json::{Value, json};

    fn nested(event: &Value) -> Value {
        let text = event.to_string();
        serde_json::from_slice(&nest(text.as_bytes(), &EVENT).unwrap()).unwrap()
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
        // The order in which they stand does not matter.
        let text = br#"{"user":{"custom":{"a":2},"a":1,"Custom":null}}"#;
        let read: Value = serde_json::from_slice(&nest(text, &EVENT).unwrap()).unwrap();
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
        // Declared by other views of a user and by other events.
        for event in [
            json!({"user": {"id": "j", "privacy_settings": {}, "total_unread_count": 1, "channel_unread_count": 2}}),
            json!({"type": "user.updated", "watcher_count": 1, "channel_unread_count": 1, "soft_delete": true}),
            json!({"message": {"args": "hi", "command_info": {"name": "giphy"}}}),
        ] {
            assert_eq!(nested(&event), event);
            assert!(matches!(nest(event.to_string().as_bytes(), &EVENT), Ok(Cow::Borrowed(_))));
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
        let read: Value = serde_json::from_slice(&nest(text, &EVENT).unwrap()).unwrap();
        assert_eq!(read, json!({"user": {"id": "j", "custom": {"mood": "x", "a": 1}}}));
    }

    #[test]
    fn depth_is_no_danger() {
        let depth = 100_000;
        let deep = format!("{}1{}", r#"{"quoted_message":"#.repeat(depth), "}".repeat(depth));
        assert!(nest(format!(r#"{{"message":{deep}}}"#).as_bytes(), &EVENT).is_ok());
        let lists = format!(r#"{{"user":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(nest(lists.as_bytes(), &EVENT).is_ok());
    }
}
