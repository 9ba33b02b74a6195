//! Messages and reactions as JSON.

use super::{Object, View};
use crate::state::{Message, Reaction};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How many reactions a message shows.
const LATEST_REACTIONS: usize = 10;

impl View<'_> {
    /// A message (`MessageResponse`). What a deleted message said is not shown.
    pub(crate) fn message(self, message: &Message) -> Value {
        self.message_fields(message, message.deleted_at.is_none()).into()
    }

    /// A message with the channel that it is in (`MessageWithChannelResponse`).
    pub(crate) fn message_with_channel(self, message: &Message, show_deleted: bool) -> Value {
        let is_shown = show_deleted || message.deleted_at.is_none();
        let channel = self.world.channels.get(&message.cid);
        self.message_fields(message, is_shown)
            .optional("channel", channel.map(|channel| self.channel(channel)))
            .into()
    }

    fn message_fields(self, message: &Message, is_shown: bool) -> Object {
        let content = &message.content;
        let users = |ids: &[String]| ids.iter().map(|id| self.user_by_id(id)).collect::<Value>();
        let (text, attachments) = if is_shown {
            (content.text.as_str(), Value::from(content.attachments.clone()))
        } else {
            ("", Value::Array(Vec::new()))
        };
        let kind = match (&message.deleted_at, &message.parent_id) {
            (Some(_), _) => "deleted",
            (None, Some(_)) if message.kind == "regular" => "reply",
            (None, _) => message.kind.as_str(),
        };
        let quoted = content.quoted_message_id.as_ref().and_then(|id| self.world.messages.get(id));
        let object = Object::new()
            .field("id", message.id.as_str())
            .field("cid", message.cid.as_str())
            .field("type", kind)
            .field("text", text)
            .field("html", html(text))
            .optional("mml", content.mml.as_deref().filter(|_| is_shown))
            .field("user", self.user_by_id(&message.user_id))
            .field("attachments", attachments)
            .field("mentioned_users", users(&content.mentioned_users))
            .field("mentioned_channel", content.mentioned_channel)
            .field("mentioned_here", content.mentioned_here)
            .non_empty("mentioned_roles", &content.mentioned_roles)
            .non_empty("mentioned_group_ids", &content.mentioned_group_ids)
            .optional("parent_id", message.parent_id.as_deref())
            .optional("show_in_channel", message.show_in_channel)
            .optional("quoted_message_id", content.quoted_message_id.as_deref())
            .optional("quoted_message", quoted.map(|quoted| self.quoted(quoted)))
            .field("custom", content.custom.clone())
            .field("restricted_visibility", content.restricted_visibility.clone())
            .field("silent", message.silent)
            .field("shadowed", false)
            .field("created_at", self.time(message.created_at))
            .field("updated_at", self.time(message.updated_at))
            .optional("message_text_updated_at", self.optional_time(message.text_updated_at))
            .optional("deleted_at", self.optional_time(message.deleted_at));
        self.with_pin(self.with_thread(self.with_reactions(object, message), message), message)
    }

    /// A quoted message does not show what it quotes itself: chains of quotes end here.
    fn quoted(self, message: &Message) -> Value {
        let mut message = message.clone();
        message.content.quoted_message_id = None;
        self.message(&message)
    }

    fn with_pin(self, object: Object, message: &Message) -> Object {
        let Some(pin) = &message.pin else {
            return object.field("pinned", false);
        };
        object
            .field("pinned", true)
            .field("pinned_at", self.time(pin.at))
            .field("pinned_by", self.user_by_id(&pin.by))
            .optional("pin_expires", self.optional_time(pin.expires))
    }

    fn with_thread(self, object: Object, message: &Message) -> Object {
        let (mut replies, mut deleted) = (0, 0);
        let mut participants: Vec<&str> = Vec::new();
        for reply in self.world.replies(message) {
            if reply.deleted_at.is_some() {
                deleted += 1;
                continue;
            }
            replies += 1;
            if !participants.contains(&reply.user_id.as_str()) {
                participants.push(&reply.user_id);
            }
        }
        let participants = (!participants.is_empty())
            .then(|| participants.into_iter().map(|id| self.user_by_id(id)).collect::<Value>());
        object
            .field("reply_count", replies)
            .field("deleted_reply_count", deleted)
            .optional("thread_participants", participants)
    }

    fn with_reactions(self, object: Object, message: &Message) -> Object {
        let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
        for reaction in &message.reactions {
            groups.entry(&reaction.kind).or_default().add(reaction);
        }
        let counts: Map<_, _> = groups
            .iter()
            .map(|(kind, group)| ((*kind).to_owned(), Value::from(group.reactions.len())))
            .collect();
        let scores: Map<_, _> = groups
            .iter()
            .map(|(kind, group)| ((*kind).to_owned(), Value::from(group.score)))
            .collect();
        let groups: Map<_, _> = groups
            .into_iter()
            .map(|(kind, group)| (kind.to_owned(), self.reaction_group(&group)))
            .collect();
        let latest: Value = message
            .reactions
            .iter()
            .rev()
            .take(LATEST_REACTIONS)
            .map(|reaction| self.reaction(message, reaction))
            .collect();
        let own: Value = message
            .reactions
            .iter()
            .filter(|reaction| self.viewer == Some(reaction.user_id.as_str()))
            .map(|reaction| self.reaction(message, reaction))
            .collect();
        object
            .field("latest_reactions", latest)
            .field("own_reactions", own)
            .field("reaction_counts", counts)
            .field("reaction_scores", scores)
            .field("reaction_groups", groups)
    }

    fn reaction_group(self, group: &Group<'_>) -> Value {
        let times = || group.reactions.iter().map(|reaction| reaction.created_at);
        let latest_by: Value = group
            .reactions
            .iter()
            .rev()
            .take(LATEST_REACTIONS)
            .map(|reaction| {
                json!({
                    "user_id": reaction.user_id,
                    "user": self.user_by_id(&reaction.user_id),
                    "created_at": self.time(reaction.created_at),
                })
            })
            .collect();
        Object::new()
            .field("count", group.reactions.len())
            .field("sum_scores", group.score)
            .optional("first_reaction_at", self.optional_time(times().min()))
            .optional("last_reaction_at", self.optional_time(times().max()))
            .field("latest_reactions_by", latest_by)
            .into()
    }

    /// A reaction (`ReactionResponse`).
    pub(crate) fn reaction(self, message: &Message, reaction: &Reaction) -> Value {
        Object::new()
            .field("message_id", message.id.as_str())
            .field("user_id", reaction.user_id.as_str())
            .field("user", self.user_by_id(&reaction.user_id))
            .field("type", reaction.kind.as_str())
            .field("score", reaction.score)
            .field("custom", reaction.custom.clone())
            .field("created_at", self.time(reaction.created_at))
            .field("updated_at", self.time(reaction.updated_at))
            .into()
    }
}

/// The reactions of one type to one message.
#[derive(Default)]
struct Group<'a> {
    reactions: Vec<&'a Reaction>,
    score: i64,
}

impl<'a> Group<'a> {
    fn add(&mut self, reaction: &'a Reaction) {
        self.score += i64::from(reaction.score);
        self.reactions.push(reaction);
    }
}

/// Stream renders Markdown; here a text is one paragraph.
fn html(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>{escaped}</p>\n")
}
