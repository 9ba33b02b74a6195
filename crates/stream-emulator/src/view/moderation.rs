//! Renders bans, mutes, flags and reviews.

use serde_json::{Map, Value};

use super::View;
use crate::document::{Node, Object};
use crate::state::{Action, Appeal, Ban, Flag, Item, MESSAGE_ENTITY, Message, Mute, Scope};

impl<'a> View<'a> {
    /// Renders a ban (`BanResponse`).
    pub(crate) fn ban(self, ban: &Ban) -> Object {
        let channel = ban.scope.cid().and_then(|cid| self.world.channels.get(cid));
        self.future_ban(ban).optional("channel", channel.map(|channel| self.channel(channel)))
    }

    /// Renders a ban from future channels (`FutureChannelBanResponse`).
    pub(crate) fn future_ban(self, ban: &Ban) -> Object {
        Object::new()
            .field("user", self.user_by_id(&ban.target))
            .optional("banned_by", ban.by.as_deref().map(|id| self.user_by_id(id)))
            .optional("reason", ban.reason.as_deref())
            .field("shadow", ban.shadow)
            .field("created_at", ban.created_at)
            .optional("expires", ban.expires)
    }

    /// Renders a ban in an item of the review queue (`BanInfoResponse`).
    fn ban_info(self, ban: &Ban) -> Object {
        let mut object = self.future_ban(ban);
        if let Some(by) = object.remove("banned_by") {
            object.set("created_by", by);
        }
        object.optional("channel_cid", ban.scope.cid())
    }

    /// Renders a mute (`UserMuteResponse`).
    pub(crate) fn user_mute(self, user_id: &str, target: &str, mute: &Mute) -> Object {
        Object::new()
            .field("user", self.user_by_id(user_id))
            .field("target", self.user_by_id(target))
            .field("created_at", mute.created_at)
            .field("updated_at", mute.updated_at)
            .optional("expires", mute.expires)
    }

    /// Renders the mutes of a user.
    pub(crate) fn mutes_of(self, user_id: &str) -> Node {
        let mutes = self.world.moderation.mutes.of(user_id, self.now);
        mutes.map(|(target, mute)| self.user_mute(user_id, target, mute)).collect()
    }

    /// Returns the message of an item.
    pub(crate) fn message_of(self, item: &Item) -> Option<&'a Message> {
        (item.entity_type == MESSAGE_ENTITY)
            .then(|| self.world.messages.get(&item.entity_id))
            .flatten()
    }

    /// Renders a flag of a message (`MessageFlagResponse`).
    pub(crate) fn message_flag(self, item: &Item, flag: &Flag) -> Object {
        let message = self.message_of(item);
        let reviewer = Some(item.reviewed_by.as_str()).filter(|id| !id.is_empty());
        let is_rejected = matches!(item.latest_moderator_action.as_str(), "delete_message" | "ban");
        let decided_at = |is: bool| item.reviewed_at.filter(|_| is);
        Object::new()
            .optional("message", message.map(|message| self.message(message)))
            .field("user", self.user_by_id(&flag.user_id))
            .field("created_by_automod", flag.user_id.is_empty())
            .optional("reason", flag.reason.as_deref())
            .field("custom", flag.custom.clone())
            .field("created_at", flag.created_at)
            .field("updated_at", flag.updated_at)
            .optional("reviewed_at", item.reviewed_at)
            .optional("reviewed_by", reviewer.map(|id| self.user_by_id(id)))
            .optional("rejected_at", decided_at(is_rejected))
            .optional("approved_at", decided_at(!is_rejected))
    }

    /// Renders a flag as in v1's responses (`FlagResponse`).
    pub(crate) fn flag(self, item: &Item, flag: &Flag) -> Object {
        let message = self.message_of(item);
        let target = item.creator.as_deref();
        Object::new()
            .field("created_by_automod", flag.user_id.is_empty())
            .field("user", self.user_by_id(&flag.user_id))
            .optional("target_message_id", message.map(|message| message.id.as_str()))
            .optional("target_message", message.map(|message| self.message(message)))
            .optional("target_user", target.map(|id| self.user_by_id(id)))
            .optional("reason", flag.reason.as_deref())
            .field("custom", flag.custom.clone())
            .field("created_at", flag.created_at)
            .field("updated_at", flag.updated_at)
            .optional("reviewed_at", item.reviewed_at)
    }

    /// Renders a single flag (`ModerationFlagResponse`).
    pub(crate) fn moderation_flag(self, item: &Item, flag: &Flag) -> Object {
        let user = Some(flag.user_id.as_str()).filter(|id| !id.is_empty());
        Object::new()
            .field("type", flag.kind.as_str())
            .field("entity_type", item.entity_type.as_str())
            .field("entity_id", item.entity_id.as_str())
            .optional("entity_creator_id", item.creator.as_deref())
            .field("review_queue_item_id", item.id.as_str())
            .field("user_id", flag.user_id.as_str())
            .optional("user", user.map(|id| self.user_by_id(id)))
            .optional("reason", flag.reason.as_deref())
            .field("labels", flag.labels.clone())
            .field("result", Node::empty_list())
            .field("custom", flag.custom.clone())
            .optional("moderation_payload", item.payload.clone())
            .field("created_at", flag.created_at)
            .field("updated_at", flag.updated_at)
    }

    /// Renders an item of the review queue (`ReviewQueueItemResponse`).
    pub(crate) fn review_item(self, item: &Item) -> Object {
        let review = &self.world.moderation.review;
        let flags: Vec<Object> =
            review.flags_on(&item.id).map(|flag| self.moderation_flag(item, flag)).collect();
        let actions: Node = review.actions_on(&item.id).map(|it| self.action(it)).collect();
        let bans: Node = match item.creator.as_deref() {
            Some(id) => {
                let bans = self.world.moderation.bans.of(id, self.now);
                bans.filter(|ban| !matches!(ban.scope, Scope::FutureChannelsOf(_)))
                    .map(|ban| self.ban_info(ban))
                    .collect()
            }
            None => Node::empty_list(),
        };
        let teams = item
            .cid
            .as_deref()
            .and_then(|cid| Some(vec![self.world.channels.get(cid)?.team.clone()?]));
        let appeals = review.appeals.values();
        let appeal = appeals
            .filter(|appeal| appeal.item_id.as_deref() == Some(&item.id))
            .max_by_key(|appeal| appeal.created_at);
        let escalation = item.escalation.as_ref();
        Object::new()
            .field("id", item.id.as_str())
            .field("entity_type", item.entity_type.as_str())
            .field("entity_id", item.entity_id.as_str())
            .optional("entity_creator_id", item.creator.as_deref())
            .optional("entity_creator", item.creator.as_deref().map(|id| self.creator(id)))
            .optional("config_key", item.config_key.as_deref())
            .optional("message", self.message_of(item).map(|message| self.chat_message(message)))
            .optional("moderation_payload", item.payload.clone())
            .field("recommended_action", item.recommended_action.as_str())
            .field("status", item.status.as_str())
            .field("severity", item.severity)
            .field("ai_text_severity", "")
            .field("languages", Node::empty_list())
            .field("flags_count", flags.len())
            .field("flags", flags)
            .field("actions", actions)
            .field("bans", bans)
            .optional("teams", teams)
            .optional("appeal", appeal.map(|appeal| self.appeal_fields(appeal)))
            .field("latest_moderator_action", item.latest_moderator_action.as_str())
            .field("reviewed_by", item.reviewed_by.as_str())
            .optional("reviewed_at", item.reviewed_at)
            .optional("completed_at", item.completed_at)
            .field("escalated", escalation.is_some())
            .optional("escalated_by", escalation.map(|(by, ..)| by.as_str()))
            .optional("escalated_at", escalation.map(|(_, at, _)| *at))
            .optional("escalation_metadata", escalation.map(|(.., data)| data.clone()))
            .field("created_at", item.created_at)
            .field("updated_at", item.updated_at)
    }

    /// Renders a message in an item (`ChatMessageResponse`).
    fn chat_message(self, message: &Message) -> Object {
        self.message(message)
    }

    /// Renders the creator of an entity, with their moderation history (`EntityCreatorResponse`).
    fn creator(self, id: &str) -> Object {
        let review = &self.world.moderation.review;
        let items = || {
            let items = review.items.values();
            items.filter(|item| item.creator.as_deref() == Some(id))
        };
        let flagged: usize = items().map(|item| review.flags_on(&item.id).count()).sum();
        let deleted =
            items().filter(|item| item.latest_moderator_action == "delete_message").count();
        self.unshared_user_by_id(id)
            .field("ban_count", self.world.moderation.bans.of(id, self.now).count())
            .field("flagged_count", flagged)
            .field("deleted_content_count", deleted)
    }

    /// Renders an entry of the log (`ActionLogResponse`).
    pub(crate) fn action(self, action: &Action) -> Object {
        let user = Some(action.user_id.as_str()).filter(|id| !id.is_empty());
        let target = Some(action.target_user_id.as_str()).filter(|id| !id.is_empty());
        Object::new()
            .field("id", action.id.as_str())
            .field("type", action.kind.as_str())
            .field("user_id", action.user_id.as_str())
            .optional("user", user.map(|id| self.user_by_id(id)))
            .field("target_user_id", action.target_user_id.as_str())
            .optional("target_user", target.map(|id| self.user_by_id(id)))
            .field("reason", action.reason.as_str())
            .field("reporter_type", action.reporter_type.as_str())
            .field("ai_providers", Node::empty_list())
            .field("custom", action.custom.clone())
            .field("created_at", action.created_at)
    }

    /// Renders an appeal with its object (`AppealItemResponse`).
    pub(crate) fn appeal(self, appeal: &Appeal) -> Object {
        let review = &self.world.moderation.review;
        let item = appeal.item_id.as_ref().and_then(|id| review.items.get(id));
        let actions = item.map(|item| {
            review.actions_on(&item.id).map(|action| self.action(action)).collect::<Node>()
        });
        let flags = item.map(|item| {
            let flags = review.flags_on(&item.id);
            flags.map(|flag| self.moderation_flag(item, flag)).collect::<Node>()
        });
        let text = self.world.messages.get(&appeal.entity_id);
        let text = text.filter(|_| appeal.entity_type == MESSAGE_ENTITY);
        let content = item.and_then(|item| item.payload.clone()).or_else(|| {
            let texts = vec![Value::from(text?.content.text.as_str())];
            Some(Value::Object(Map::from_iter([("texts".to_owned(), texts.into())])))
        });
        self.appeal_fields(appeal)
            .optional("actions", actions)
            .optional("flags", flags)
            .optional("entity_content", content)
            .optional("channel_cid", item.and_then(|item| item.cid.as_deref()))
            .optional("config_key", item.and_then(|item| item.config_key.as_deref()))
            .optional("recommended_action", item.map(|item| item.recommended_action.as_str()))
    }

    fn appeal_fields(self, appeal: &Appeal) -> Object {
        Object::new()
            .field("id", appeal.id.as_str())
            .field("entity_type", appeal.entity_type.as_str())
            .field("entity_id", appeal.entity_id.as_str())
            .optional("review_queue_item_id", appeal.item_id.as_deref())
            .field("appeal_reason", appeal.reason.as_str())
            .non_empty("attachments", &appeal.attachments)
            .field("status", appeal.status.as_str())
            .optional("decision_reason", appeal.decision_reason.as_deref())
            .field("user", self.user_by_id(&appeal.user_id))
            .field("created_at", appeal.created_at)
            .field("updated_at", appeal.updated_at)
    }
}
