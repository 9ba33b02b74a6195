//! Renders drafts.

use super::View;
use crate::document::{Node, Object};
use crate::state::Draft;
use crate::view::message::attachment;

impl View<'_> {
    /// Renders a draft (`DraftResponse`).
    pub(crate) fn draft(self, draft: &Draft) -> Object {
        let content = &draft.content;
        let message = |id: Option<&String>| {
            let message = id.and_then(|id| self.world.messages.get(id));
            message.map(|message| self.message(message))
        };
        let channel = self.world.channels.get(&draft.cid);
        Object::new()
            .field("channel_cid", draft.cid.as_str())
            .optional("channel", channel.map(|channel| self.channel(channel)))
            .field("message", self.draft_message(draft))
            .optional("parent_id", draft.parent_id.as_deref())
            .optional("parent_message", message(draft.parent_id.as_ref()))
            .optional("quoted_message", message(content.quoted_message_id.as_ref()))
            .field("created_at", draft.created_at)
    }

    /// Renders the message of a draft (`DraftPayloadResponse`).
    fn draft_message(self, draft: &Draft) -> Object {
        let content = &draft.content;
        let mentioned = content.mentioned_users.iter().map(|id| self.user_by_id(id));
        Object::new()
            .field("id", draft.id.as_str())
            .field("text", content.text.as_str())
            .optional("mml", content.mml.as_deref())
            .field("attachments", content.attachments.iter().map(attachment).collect::<Node>())
            .field("mentioned_users", mentioned.collect::<Node>())
            .optional("parent_id", draft.parent_id.as_deref())
            .optional("quoted_message_id", content.quoted_message_id.as_deref())
            .optional("poll_id", content.poll_id.as_deref())
            .optional("show_in_channel", draft.show_in_channel)
            .field("silent", draft.silent)
            .custom(&content.custom)
    }
}
