//! Events about bans, mutes, flags and reviews.

use super::Event;
use crate::document::{Node, Object};
use crate::state::{Action, Appeal, Ban, Flag, Item, USER_ENTITY};
use crate::view::View;

/// Creates an event about a user, in a channel if there is one.
fn about(view: View<'_>, kind: &'static str, user_id: &str, cid: Option<&str>) -> Event {
    let event = match cid {
        Some(cid) => Event::in_channel(kind, view, cid),
        None => Event::new(kind, view),
    };
    event.by(view, Some(user_id)).about(user_id)
}

fn user(view: View<'_>, id: Option<&str>) -> Option<crate::document::Object> {
    id.and_then(|id| view.world.users.get(id)).map(|user| view.event_user(user))
}

/// Creates `user.banned`.
pub(crate) fn banned(view: View<'_>, ban: &Ban, item_id: Option<&str>) -> Event {
    about(view, "user.banned", &ban.target, ban.scope.cid())
        .maybe("created_by", user(view, ban.by.as_deref()))
        .maybe("reason", ban.reason.as_deref())
        .maybe("expiration", ban.expires)
        .with("shadow", ban.shadow)
        .with("total_bans", view.world.moderation.bans.of(&ban.target, view.now).count())
        .maybe("review_queue_item_id", item_id)
}

/// Creates `user.unbanned`.
pub(crate) fn unbanned(
    view: View<'_>,
    target: &str,
    cid: Option<&str>,
    by: Option<&str>,
    was_shadow: bool,
) -> Event {
    about(view, "user.unbanned", target, cid)
        .maybe("created_by", user(view, by))
        .with("shadow", was_shadow)
}

/// Creates `user.messages.deleted`.
pub(crate) fn messages_deleted(
    view: View<'_>,
    user_id: &str,
    cid: Option<&str>,
    is_hard: bool,
) -> Event {
    about(view, "user.messages.deleted", user_id, cid).with("hard_delete", is_hard)
}

/// Creates `user.muted` or `user.unmuted`.
pub(crate) fn muted(
    view: View<'_>,
    kind: &'static str,
    user_id: &str,
    targets: &[String],
) -> Event {
    let users: Vec<_> = targets.iter().filter_map(|id| user(view, Some(id))).collect();
    let event = Event::new(kind, view).by(view, Some(user_id)).about(user_id);
    match <[_; 1]>::try_from(users) {
        Ok([one]) => event.with("target_user", one),
        Err(users) => event.with("target_users", Node::from(users)),
    }
}

/// Creates `notification.mutes_updated`.
pub(crate) fn mutes_updated(view: View<'_>, user_id: &str) -> Event {
    let me = view.world.users.get(user_id).map(|user| view.of(user_id).own_user(user));
    Event::new("notification.mutes_updated", view).maybe("me", me).about(user_id)
}

/// Creates `message.flagged`, `user.flagged` or `moderation.flagged`.
pub(crate) fn flagged(view: View<'_>, item: &Item, flag: &Flag) -> Event {
    let total = view.world.moderation.review.flags_on(&item.id).count();
    if let Some(message) = view.message_of(item) {
        return Event::in_channel("message.flagged", view, &message.cid)
            .by(view, Some(&flag.user_id))
            .with("message", view.message(message))
            .with("message_id", message.id.as_str())
            .with("flag", view.flag(item, flag))
            .maybe("reason", flag.reason.as_deref())
            .with("total_flags", total);
    }
    if item.entity_type == USER_ENTITY && !flag.user_id.is_empty() {
        return Event::new("user.flagged", view)
            .by(view, Some(&flag.user_id))
            .maybe("target_user", user(view, Some(&item.entity_id)))
            .with("reason", flag.reason.as_deref().unwrap_or_default())
            .with("total_flags", total);
    }
    Event::new("moderation.flagged", view)
        .with("content_type", item.entity_type.as_str())
        .with("object_id", item.entity_id.as_str())
}

/// Creates `review_queue_item.new` or `review_queue_item.updated`.
pub(crate) fn item(
    view: View<'_>,
    kind: &'static str,
    item: &Item,
    action: Option<&Action>,
) -> Event {
    let review = &view.world.moderation.review;
    let flags = review.flags_on(&item.id).map(|flag| view.moderation_flag(item, flag));
    Event::new(kind, view)
        .with("review_queue_item", view.review_item(item))
        .with("flags", flags.collect::<Node>())
        .maybe("action", action.map(|action| view.action(action)))
}

/// Creates `moderation.mark_reviewed`.
pub(crate) fn reviewed(view: View<'_>, item: &Item) -> Event {
    let message = view.message_of(item);
    Event::new("moderation.mark_reviewed", view)
        .with("item", view.review_item(item))
        .maybe("message", message.map(|message| view.message(message)))
}

/// Creates `appeal.created`, `appeal.accepted` or `appeal.rejected`.
pub(crate) fn appeal(view: View<'_>, kind: &'static str, appeal: &Appeal) -> Event {
    Event::new(kind, view).with("appeal", view.appeal(appeal))
}

/// Creates `moderation_check.completed`.
pub(crate) fn checked(view: View<'_>, item: &Item) -> Event {
    Event::new("moderation_check.completed", view)
        .with("entity_type", item.entity_type.as_str())
        .with("entity_id", item.entity_id.as_str())
        .with("recommended_action", item.recommended_action.as_str())
        .with("review_queue_item_id", item.id.as_str())
}

/// Creates `flag.updated`.
pub(crate) fn flag_updated(view: View<'_>, item: &Item) -> Event {
    let reviewer = Some(item.reviewed_by.as_str()).filter(|id| !id.is_empty());
    let message = view.message_of(item);
    Event::new("flag.updated", view)
        .maybe("CreatedBy", reviewer.map(|id| view.user_by_id(id)))
        .maybe("Message", message.map(|message| view.message(message)))
        .maybe("User", item.creator.as_deref().map(|id| view.user_by_id(id)))
}

/// Creates `moderation_rule.triggered` about an entity: its type, its ID and its creator.
pub(crate) fn triggered(
    view: View<'_>,
    (entity_type, entity_id, creator): (&str, &str, &str),
    rule: Object,
    action: &str,
    item_id: &str,
) -> Event {
    Event::new("moderation_rule.triggered", view)
        .with("entity_type", entity_type)
        .with("entity_id", entity_id)
        .with("user_id", creator)
        .with("rule", rule)
        .with("triggered_actions", vec![action])
        .with("review_queue_item_id", item_id)
}

/// Creates `moderation.custom_action`.
pub(crate) fn custom_action(
    view: View<'_>,
    item: &Item,
    id: &str,
    options: serde_json::Map<String, serde_json::Value>,
) -> Event {
    let message = view.message_of(item);
    Event::new("moderation.custom_action", view)
        .with("action_id", id)
        .with("action_options", options)
        .with("review_queue_item", view.review_item(item))
        .maybe("message", message.map(|message| view.message(message)))
}
