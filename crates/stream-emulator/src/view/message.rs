//! Renders messages and reactions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::View;
use crate::document::{Node, Object};
use crate::state::{Message, Reaction, Version};

/// The approximate number of fields of a message.
const MESSAGE_FIELDS: usize = 40;
/// The maximum number of reactions in a message.
const LATEST_REACTIONS: usize = 10;

impl View<'_> {
    /// Returns whether the viewer may see a message: some are restricted to some users, and
    /// backends see all. Shadowed messages are only marked, and clients do not show them.
    pub(crate) fn may_see(self, message: &Message) -> bool {
        let visible_to = &message.content.restricted_visibility;
        let is_sent = message.pending.is_none() && message.kind != "ephemeral";
        self.viewer.is_none_or(|viewer| {
            message.user_id == viewer
                || is_sent && (visible_to.is_empty() || visible_to.iter().any(|id| id == viewer))
        })
    }

    /// Returns whether a message may be shown as a part of another one. Events show that to everyone
    /// in the channel.
    fn shares(self, message: &Message) -> bool {
        match self.viewer {
            Some(_) => self.may_see(message),
            None => message.content.restricted_visibility.is_empty(),
        }
    }

    /// Returns whether the viewer is the author, who does not learn that the message is shadowed.
    fn is_author(self, message: &Message) -> bool {
        self.viewer.is_some_and(|viewer| message.user_id == viewer)
    }

    /// Renders a message (`MessageResponse`). The content of a deleted message is omitted.
    pub(crate) fn message(self, message: &Message) -> Object {
        self.message_fields(message, message.deleted_at.is_none())
    }

    /// Renders a message with its channel (`MessageWithChannelResponse`).
    pub(crate) fn message_with_channel(self, message: &Message, show_deleted: bool) -> Object {
        let is_shown = show_deleted || message.deleted_at.is_none();
        let channel = self.world.channels.get(&message.cid);
        self.message_fields(message, is_shown)
            .optional("channel", channel.map(|channel| self.channel(channel)))
    }

    fn message_fields(self, message: &Message, is_shown: bool) -> Object {
        let content = &message.content;
        let is_deleted_for_me =
            self.viewer.is_some_and(|viewer| message.deleted_for.iter().any(|id| id == viewer));
        let is_shown = is_shown && !is_deleted_for_me;
        let users = |ids: &[String]| ids.iter().map(|id| self.user_by_id(id)).collect::<Node>();
        let (text, attachments) = if is_shown {
            (content.text.as_str(), content.attachments.iter().map(attachment).collect())
        } else {
            ("", Node::empty_list())
        };
        let kind = match &message.parent_id {
            _ if message.deleted_at.is_some() || is_deleted_for_me => "deleted",
            Some(_) if message.kind == "regular" => "reply",
            _ => message.kind.as_str(),
        };
        let quoted = content.quoted_message_id.as_ref().and_then(|id| self.world.messages.get(id));
        let quoted = quoted.filter(|quoted| quoted.cid == message.cid && self.shares(quoted));
        let translations = (is_shown && !message.translations.is_empty()).then(|| {
            let texts = message.translations.iter();
            let texts = texts.map(|(name, text)| (format!("{name}_text"), text.as_str()));
            let original = [("language".to_owned(), "en"), ("en_text".to_owned(), text)];
            let is_new = |name: &str| name != "en_text";
            original.into_iter().chain(texts.filter(|(name, _)| is_new(name))).collect::<Object>()
        });
        let poll = content.poll_id.as_ref().and_then(|id| self.world.polls.get(id));
        let object = Object::with_capacity(MESSAGE_FIELDS)
            .field("id", message.id.as_str())
            .field("cid", message.cid.as_str())
            .field("type", kind)
            .field("text", text)
            .field("html", html(text))
            .optional("mml", content.mml.as_deref().filter(|_| is_shown))
            .optional("i18n", translations)
            .field("user", self.user_by_id(&message.user_id))
            .optional("member", self.author_as_member(message))
            .field("attachments", attachments)
            .field("mentioned_users", users(&content.mentioned_users))
            .field("mentioned_channel", content.mentioned_channel)
            .field("mentioned_here", content.mentioned_here)
            .non_empty("mentioned_roles", &content.mentioned_roles)
            .non_empty("mentioned_group_ids", &content.mentioned_group_ids)
            .optional("parent_id", message.parent_id.as_deref())
            .optional("show_in_channel", message.show_in_channel)
            .optional("command", message.command.as_ref().map(|(name, _)| name.as_str()))
            .optional("quoted_message_id", content.quoted_message_id.as_deref())
            .optional("quoted_message", quoted.map(|quoted| self.quoted(quoted)))
            .optional("poll_id", content.poll_id.as_deref())
            .optional("shared_location", self.location(message))
            .custom(&content.custom)
            .field("restricted_visibility", content.restricted_visibility.clone())
            .field("silent", message.silent)
            .field("shadowed", message.shadowed && !self.is_author(message))
            .field("created_at", message.created_at)
            .field("updated_at", message.updated_at)
            .optional("message_text_updated_at", message.text_updated_at)
            .optional("deleted_at", message.deleted_at)
            .optional("deleted_for_me", is_deleted_for_me.then_some(true))
            .optional("reminder", self.own_reminder(message));
        // A poll that was deleted is null.
        let object = match &content.poll_id {
            Some(_) => object.nullable("poll", poll.map(|poll| self.poll(poll))),
            None => object,
        };
        let object = match &message.command {
            Some((name, args)) => object
                .only_v1("args", args.as_str())
                .only_v1("command_info", Object::new().field("name", name.as_str())),
            None => object,
        };
        self.with_pin(self.with_thread(self.with_reactions(object, message), message), message)
    }

    /// Renders the author's membership in the channel (`ChannelMemberPartialResponse`).
    fn author_as_member(self, message: &Message) -> Option<Object> {
        let channel = self.world.channels.get(&message.cid)?;
        let member = channel.member(&message.user_id)?;
        let is_muted = channel.mute_of(&member.user_id, self.now).is_some();
        let object = Object::new()
            .field("channel_role", member.channel_role.as_str())
            .field("notifications_muted", is_muted);
        if self.member_custom.is_empty() {
            return Some(object);
        }
        let custom = self.member_custom.iter();
        let custom =
            custom.filter_map(|name| Some((name.clone(), member.custom.get(name)?.clone())));
        Some(object.custom(&custom.collect()))
    }

    /// Renders a quoted message without the message that it quotes itself.
    fn quoted(self, message: &Message) -> Object {
        let mut object = self.message(message);
        object.remove("quoted_message");
        object
    }

    /// Renders a previous version of a message (`MessageHistoryEntryResponse`).
    pub(crate) fn version(self, message_id: &str, version: &Version) -> Object {
        Object::new()
            .field("message_id", message_id)
            .field("text", version.text.as_str())
            .field("attachments", version.attachments.iter().map(attachment).collect::<Node>())
            .custom(&version.custom)
            .field("is_deleted", version.is_deleted)
            .field("message_updated_at", version.at)
            .field("message_updated_by_id", version.by.as_str())
    }

    fn with_pin(self, object: Object, message: &Message) -> Object {
        let Some(pin) = message.pin_at(self.now) else {
            return object
                .field("pinned", false)
                .only_v1("pinned_at", Node::Null)
                .only_v1("pinned_by", Node::Null)
                .only_v1("pin_expires", Node::Null);
        };
        object
            .field("pinned", true)
            .field("pinned_at", pin.at)
            .field("pinned_by", self.user_by_id(&pin.by))
            .nullable("pin_expires", pin.expires)
    }

    fn with_thread(self, object: Object, message: &Message) -> Object {
        let deleted =
            self.world.replies(message).filter(|reply| reply.deleted_at.is_some()).count();
        let replies = message.replies.len() - deleted;
        let participants = self.world.repliers(message);
        let participants = (!participants.is_empty())
            .then(|| participants.into_iter().map(|id| self.user_by_id(id)).collect::<Node>());
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
        let counts: Object = groups
            .iter()
            .map(|(kind, group)| ((*kind).to_owned(), group.reactions.len()))
            .collect();
        let scores: Object =
            groups.iter().map(|(kind, group)| ((*kind).to_owned(), group.score)).collect();
        let groups: Object = groups
            .into_iter()
            .map(|(kind, group)| (kind.to_owned(), self.reaction_group(&group)))
            .collect();
        let latest: Node = message
            .reactions
            .iter()
            .rev()
            .take(LATEST_REACTIONS)
            .map(|reaction| self.reaction(message, reaction))
            .collect();
        let own: Node = message
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

    fn reaction_group(self, group: &Group<'_>) -> Object {
        let times = || group.reactions.iter().map(|reaction| reaction.created_at);
        let latest_by: Node = group
            .reactions
            .iter()
            .rev()
            .take(LATEST_REACTIONS)
            .map(|reaction| {
                Object::new()
                    .field("user_id", reaction.user_id.as_str())
                    .field("user", self.user_by_id(&reaction.user_id))
                    .field("created_at", reaction.created_at)
            })
            .collect();
        Object::new()
            .field("count", group.reactions.len())
            .field("sum_scores", group.score)
            .optional("first_reaction_at", times().min())
            .optional("last_reaction_at", times().max())
            .field("latest_reactions_by", latest_by)
    }

    /// Renders a reaction (`ReactionResponse`).
    pub(crate) fn reaction(self, message: &Message, reaction: &Reaction) -> Object {
        Object::new()
            .field("message_id", message.id.as_str())
            .field("user_id", reaction.user_id.as_str())
            .field("user", self.user_by_id(&reaction.user_id))
            .field("type", reaction.kind.as_str())
            .field("score", reaction.score)
            .custom(&reaction.custom)
            .field("created_at", reaction.created_at)
            .field("updated_at", reaction.updated_at)
    }
}

/// The reactions of one type to a message.
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

/// Renders an attachment (`Attachment`), with its custom data separated.
pub(crate) fn attachment(fields: &Map<String, Value>) -> Object {
    let known = fields.iter().filter(|(name, _)| *name != "custom");
    let object: Object = known.map(|(name, value)| (name.clone(), value.clone())).collect();
    match fields.get("custom") {
        Some(Value::Object(custom)) => object.custom(custom),
        _ => object.custom(&Map::new()),
    }
}

/// Returns the text as HTML: one paragraph with links. Unlike Stream, this does not render
/// Markdown.
fn html(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut html = String::with_capacity(text.len() + 16);
    html.push_str("<p>");
    let has_links = text.contains("http://") || text.contains("https://");
    match has_links {
        false => escape(text, &mut html),
        true => {
            for (index, word) in text.split(' ').enumerate() {
                if index > 0 {
                    html.push(' ');
                }
                link(word, &mut html);
            }
        }
    }
    html.push_str("</p>\n");
    html
}

/// Writes a word, as a link if it is a URL.
fn link(word: &str, html: &mut String) {
    let is_url = word.starts_with("https://") || word.starts_with("http://");
    if !is_url || word.contains(|c: char| c.is_whitespace() || c.is_control()) {
        escape(word, html);
        return;
    }
    html.push_str("<a href=\"");
    escape(word, html);
    html.push_str("\" rel=\"nofollow\">");
    escape(word, html);
    html.push_str("</a>");
}

fn escape(text: &str, html: &mut String) {
    // The loop has no exit, so that the compiler checks several bytes at once.
    let is_special = |byte: u8| matches!(byte, b'&' | b'<' | b'>' | b'"');
    if !text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        html.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(html("a <b> & \"c\""), "<p>a &lt;b&gt; &amp; &quot;c&quot;</p>\n");
        assert_eq!(html(""), "");
    }

    #[test]
    fn links_can_be_followed() {
        let expected = "<p>see <a href=\"https://x.test/?a=1&amp;b=%22\" rel=\"nofollow\">\
                        https://x.test/?a=1&amp;b=%22</a> now</p>\n";
        assert_eq!(html("see https://x.test/?a=1&b=%22 now"), expected);
        let hostile = html("https://x.test/\"onmouseover=alert(1)");
        assert!(!hostile.contains("/\"onmouseover"), "{hostile}");
        assert_eq!(html("javascript:alert(1)"), "<p>javascript:alert(1)</p>\n");
    }
}
