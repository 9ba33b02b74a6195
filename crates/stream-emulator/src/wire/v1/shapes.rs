//! The places of custom data in the bodies of v1, for nesting it as in v2.

use serde_json::{Map, Value};

/// An object in a body: its known fields, and the shapes of the objects in them.
#[derive(Debug)]
pub(super) struct Shape {
    /// The known fields; `None` if the object has no custom data.
    fields: Option<&'static [&'static str]>,
    inner: &'static [(&'static str, Inner)],
}

/// The content of a field.
#[derive(Debug, Clone, Copy)]
enum Inner {
    One(&'static Shape),
    /// A list of objects. A string stands for an object with only this field.
    Many(&'static Shape, Option<&'static str>),
    /// A map with any keys, or a list.
    Each(&'static Shape),
}

/// A user.
pub(super) const USER: Shape = Shape {
    fields: Some(&[
        "id",
        "name",
        "image",
        "role",
        "language",
        "invisible",
        "teams",
        "teams_role",
        "privacy_settings",
        "push_notifications",
        // Only the server sets these; SDKs send back what they received.
        "created_at",
        "updated_at",
        "deleted_at",
        "deactivated_at",
        "last_active",
        "online",
        "banned",
        "ban_expires",
        "shadow_banned",
        "blocked_user_ids",
        "devices",
        "mutes",
        "channel_mutes",
        "unread_count",
        "unread_channels",
        "unread_threads",
        "total_unread_count",
        "revoke_tokens_issued_before",
    ]),
    inner: &[],
};

/// A channel, as requests describe it.
pub(super) const CHANNEL: Shape = Shape {
    fields: Some(&[
        "auto_translation_enabled",
        "auto_translation_language",
        "config_overrides",
        "created_by",
        "created_by_id",
        "disabled",
        "filter_tags",
        "frozen",
        "invites",
        "members",
        "team",
        "truncated_by_id",
        // Only the server sets these; SDKs send back what they received.
        "id",
        "cid",
        "type",
        "config",
        "cooldown",
        "created_at",
        "updated_at",
        "deleted_at",
        "truncated_at",
        "truncated_by",
        "last_message_at",
        "member_count",
        "message_count",
        "hidden",
        "blocked",
        "muted",
        "mute_expires_at",
        "hide_messages_before",
        "own_capabilities",
    ]),
    inner: &[
        ("created_by", Inner::One(&USER)),
        ("members", Inner::Many(&MEMBER, Some("user_id"))),
        ("invites", Inner::Many(&MEMBER, Some("user_id"))),
    ],
};

/// A member.
pub(super) const MEMBER: Shape = Shape {
    fields: Some(&["user_id", "user", "channel_role"]),
    inner: &[("user", Inner::One(&USER))],
};

/// A message.
pub(super) const MESSAGE: Shape = Shape {
    fields: Some(&[
        "attachments",
        "html",
        "id",
        "mentioned_channel",
        "mentioned_group_ids",
        "mentioned_here",
        "mentioned_roles",
        "mentioned_users",
        "mml",
        "parent_id",
        "pin_expires",
        "pinned",
        "pinned_at",
        "poll_id",
        "quoted_message_id",
        "restricted_visibility",
        "shared_location",
        "show_in_channel",
        "silent",
        "text",
        "type",
        "user",
        "user_id",
        // Only the server sets these; SDKs send back what they received.
        "cid",
        "created_at",
        "updated_at",
        "deleted_at",
        "message_text_updated_at",
        "latest_reactions",
        "own_reactions",
        "reaction_counts",
        "reaction_scores",
        "reaction_groups",
        "reply_count",
        "deleted_reply_count",
        "thread_participants",
        "quoted_message",
        "pinned_by",
        "shadowed",
        "i18n",
        "command",
        "args",
        "member",
        "moderation",
        "poll",
    ]),
    inner: &[("attachments", Inner::Many(&ATTACHMENT, None)), ("user", Inner::One(&USER))],
};

/// An attachment.
const ATTACHMENT: Shape = Shape {
    fields: Some(&[
        "actions",
        "asset_url",
        "author_icon",
        "author_link",
        "author_name",
        "color",
        "fallback",
        "fields",
        "footer",
        "footer_icon",
        "giphy",
        "image_url",
        "og_scrape_url",
        "original_height",
        "original_width",
        "pretext",
        "text",
        "thumb_url",
        "title",
        "title_link",
        "type",
    ]),
    inner: &[],
};

/// A reaction.
const REACTION: Shape = Shape {
    fields: Some(&["type", "score", "user", "user_id", "message_id", "created_at", "updated_at"]),
    inner: &[("user", Inner::One(&USER))],
};

/// An event.
const EVENT: Shape = Shape {
    fields: Some(&["type", "user", "user_id", "parent_id", "created_at"]),
    inner: &[("user", Inner::One(&USER))],
};

/// A poll.
pub(super) const POLL: Shape = Shape {
    fields: Some(&[
        "allow_answers",
        "allow_user_suggested_options",
        "description",
        "enforce_unique_vote",
        "id",
        "is_closed",
        "max_votes_allowed",
        "name",
        "options",
        "user",
        "user_id",
        "voting_visibility",
    ]),
    inner: &[("options", Inner::Many(&POLL_OPTION, None)), ("user", Inner::One(&USER))],
};

/// An option of a poll.
pub(super) const POLL_OPTION: Shape = Shape {
    fields: Some(&["id", "text", "user", "user_id", "position"]),
    inner: &[("user", Inner::One(&USER))],
};

/// The body of a request that is not a shape itself, by the names of the fields with custom data.
pub(super) const BODY: Shape = Shape {
    fields: None,
    inner: &[
        ("message", Inner::One(&MESSAGE)),
        ("data", Inner::One(&CHANNEL)),
        ("user", Inner::One(&USER)),
        ("created_by", Inner::One(&USER)),
        ("users", Inner::Each(&USER)),
        ("reaction", Inner::One(&REACTION)),
        ("event", Inner::One(&EVENT)),
        ("members", Inner::Many(&MEMBER, Some("user_id"))),
        ("add_members", Inner::Many(&MEMBER, Some("user_id"))),
        ("invites", Inner::Many(&MEMBER, Some("user_id"))),
        ("assign_roles", Inner::Many(&MEMBER, Some("user_id"))),
    ],
};

impl Shape {
    /// Returns whether the shape has a field of this name.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.fields.is_some_and(|fields| fields.contains(&name))
            || self.inner.iter().any(|(other, _)| *other == name)
    }

    /// Nests the custom data of an object and of the objects in it.
    pub(super) fn nest(&self, object: &mut Map<String, Value>) {
        for (name, inner) in self.inner {
            if let Some(value) = object.get_mut(*name) {
                inner.nest(value);
            }
        }
        let Some(fields) = self.fields else {
            return;
        };
        let (known, mut custom): (Map<_, _>, Map<_, _>) = std::mem::take(object)
            .into_iter()
            .partition(|(name, _)| fields.contains(&name.as_str()));
        *object = known;
        // Data in `custom` is custom data, too.
        if let Some(Value::Object(nested)) = custom.remove("custom") {
            custom.extend(nested);
        }
        object.insert("custom".to_owned(), custom.into());
    }
}

impl Inner {
    fn nest(self, value: &mut Value) {
        match (self, value) {
            (Self::One(shape), Value::Object(object)) => shape.nest(object),
            (Self::Many(shape, plain), Value::Array(items)) => {
                for item in items {
                    match (item, plain) {
                        (Value::Object(object), _) => shape.nest(object),
                        (item @ Value::String(_), Some(field)) => {
                            let text = item.take();
                            *item = Value::Object(Map::from_iter([(field.to_owned(), text)]));
                        }
                        _ => {}
                    }
                }
            }
            (Self::Each(shape), Value::Object(by_key)) => {
                for object in by_key.values_mut().filter_map(Value::as_object_mut) {
                    // `PATCH /users` lists the fields to set, and has no custom data of its own.
                    shape.nest(object);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn custom_data_is_nested_at_each_depth() {
        let mut body = json!({
            "message": {
                "text": "hi",
                "color": "red",
                "user": {"id": "jane", "name": "Jane", "level": 3},
                "attachments": [{"type": "image", "mine": 1}],
            },
            "add_members": ["bob", {"user_id": "kate", "since": 2026}],
        });
        BODY.nest(body.as_object_mut().unwrap());
        assert_eq!(
            body,
            json!({
                "message": {
                    "text": "hi",
                    "custom": {"color": "red"},
                    "user": {"id": "jane", "name": "Jane", "custom": {"level": 3}},
                    "attachments": [{"type": "image", "custom": {"mine": 1}}],
                },
                "add_members": [
                    {"user_id": "bob"},
                    {"user_id": "kate", "custom": {"since": 2026}},
                ],
            })
        );
    }
}
