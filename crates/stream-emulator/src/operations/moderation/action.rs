//! The actions of moderators on items of the review queue.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::flag::{self, Entity};
use super::{Outcome, ban, bypass, review};
use crate::document::Object;
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, check_count, check_deletion, users};
use crate::state::{Action, Appeal, Deletion, Flag, Item, USER_ENTITY, UserDeletion, UserInput};

/// A request for an action. Each kind of action has a field with its own details.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Request {
    action_type: String,
    item_id: Option<String>,
    appeal_id: Option<String>,
    user: Option<UserInput>,
    user_id: Option<String>,
    #[serde(flatten)]
    details: Map<String, Value>,
}

impl Request {
    /// Returns the details of the action.
    fn details(&self) -> Details<'_> {
        Details(self.details.get(&self.action_type).and_then(Value::as_object))
    }
}

/// The details of an action.
#[derive(Clone, Copy)]
struct Details<'a>(Option<&'a Map<String, Value>>);

impl<'a> Details<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    fn text(self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn is(self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// Returns how the messages of a user are deleted.
    fn deletion(self) -> Result<Option<Deletion>, ApiError> {
        check_deletion("delete_messages", self.text("delete_messages"), Deletion::ALL)
    }
}

/// The object of an action.
struct Target {
    item: Option<Item>,
    appeal: Option<Appeal>,
}

impl Target {
    fn entity(&self) -> (&str, &str) {
        match (&self.item, &self.appeal) {
            (Some(item), _) => (&item.entity_type, &item.entity_id),
            (None, Some(appeal)) => (&appeal.entity_type, &appeal.entity_id),
            (None, None) => ("", ""),
        }
    }

    /// Returns the user who created the entity.
    fn creator(&self) -> Option<&str> {
        let of_item = self.item.as_ref().and_then(|item| item.creator.as_deref());
        of_item.or_else(|| self.appeal.as_ref().map(|appeal| appeal.user_id.as_str()))
    }
}

/// Handles `submit_action`.
pub(super) fn submit(call: &mut Call<'_>, request: Request) -> Outcome {
    let actor = call
        .named_user(request.user_id.as_deref(), request.user.as_ref(), "user")?
        .unwrap_or_default();
    let (item_id, appeal_id) = execute(call, &request, &actor)?;
    let view = call.view();
    let review = &view.world.moderation.review;
    let item = item_id.and_then(|id| review.items.get(&id));
    let appeal = appeal_id.and_then(|id| review.appeals.get(&id));
    Ok(Object::new()
        .optional("item", item.map(|item| view.review_item(item)))
        .optional("appeal_item", appeal.map(|appeal| view.appeal(appeal))))
}

/// Executes an action, logs it, and returns the IDs of the item and of the appeal.
fn execute(
    call: &mut Call<'_>,
    request: &Request,
    actor: &str,
) -> Result<(Option<String>, Option<String>), ApiError> {
    let given = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
    let appeal = match given(&request.appeal_id) {
        Some(id) => Some(review::find_appeal(call, &id)?.clone()),
        None => None,
    };
    let item_id = given(&request.item_id).or_else(|| appeal.as_ref()?.item_id.clone());
    let item = match item_id {
        Some(id) => Some(review::item(call, &id)?.clone()),
        None => None,
    };
    let target = Target { item, appeal };
    let details = request.details();
    act(call, &request.action_type, &target, details, actor)?;
    note(call, request, &target, details, actor);
    decide(call, request, &target, details, actor);
    Ok((target.item.map(|item| item.id), target.appeal.map(|appeal| appeal.id)))
}

fn act(
    call: &mut Call<'_>,
    kind: &str,
    target: &Target,
    details: Details<'_>,
    actor: &str,
) -> Result<(), ApiError> {
    let user = || {
        let named = details.text("target_user_id").or_else(|| {
            let is_user = details.text("entity_type").is_none_or(|it| it == USER_ENTITY);
            details.text("entity_id").filter(|_| is_user && kind == "delete_user")
        });
        named.or(target.creator()).map(str::to_owned).ok_or_else(|| {
            ApiError::field("item_id", format!("{kind} needs an item whose author is known"))
        })
    };
    match kind {
        "mark_reviewed" | "escalate" | "de_escalate" => require_item(target, kind).map(|_| ()),
        "reject_appeal" if target.appeal.is_none() => {
            Err(ApiError::field("appeal_id", "appeal_id is a required field"))
        }
        "reject_appeal" if details.text("decision_reason").is_none() => {
            Err(ApiError::field("reject_appeal", "decision_reason is a required field"))
        }
        "reject_appeal" => Ok(()),
        "flag" => flag_entity(call, target, details, actor),
        "custom" => custom(call, target, details),
        "delete_message" | "block" => {
            let named = details.text("entity_id").map(str::to_owned);
            let id = named.unwrap_or_else(|| target.entity().1.to_owned());
            delete_message(call, &id, details.is("hard_delete"), actor)
        }
        "shadow_block" => shadow(call, target, true),
        "unmask" => shadow(call, target, false),
        "restore" | "unblock" => restore(call, target),
        "ban" => {
            let user = user()?;
            let in_channel = details.is("channel_ban_only");
            let cid = details.text("channel_cid").map(str::to_owned).or_else(|| {
                target.item.as_ref().and_then(|item| item.cid.clone()).filter(|_| in_channel)
            });
            ban_user(call, target, details, &user, cid, actor)
        }
        "unban" => {
            let user = user()?;
            ban::lift(call, &user, details.text("channel_cid"), Some(actor));
            if details.is("remove_future_channels_ban") {
                ban::lift_future(call, &user, None);
            }
            Ok(())
        }
        "bypass" => {
            let user = user()?;
            bypass::set(call, &user, details.get("enabled") != Some(&Value::Bool(false)));
            Ok(())
        }
        "delete_user" => {
            let user = user()?;
            delete_user(call, &user, details)
        }
        "delete_user_messages" => {
            let user = user()?;
            let deletion = details.deletion()?.unwrap_or(Deletion::Soft);
            let cid = details.text("channel_cid");
            if details.is("delete_reactions") {
                call.world.delete_reactions_of(&user, cid);
            }
            ban::delete_messages(call, &user, cid, deletion);
            Ok(())
        }
        "delete_activity" | "delete_comment" | "delete_reaction" | "kick_user" | "end_call" => {
            Err(ApiError::field(
                "action_type",
                format!("{kind} is about feeds and calls, and not about chat"),
            ))
        }
        kind => Err(ApiError::field("action_type", format!("{kind:?} is not an action"))),
    }
}

fn require_item<'a>(target: &'a Target, kind: &str) -> Result<&'a Item, ApiError> {
    target.item.as_ref().ok_or_else(|| ApiError::field("item_id", format!("{kind} needs an item")))
}

fn flag_entity(
    call: &mut Call<'_>,
    target: &Target,
    details: Details<'_>,
    actor: &str,
) -> Result<(), ApiError> {
    let (kind, id) = target.entity();
    let kind = details.text("entity_type").unwrap_or(kind);
    let id = details.text("entity_id").unwrap_or(id);
    let entity = Entity::resolve(call, kind, id, details.text("entity_creator_id"), None)?;
    let item_id = entity.item(call);
    let flag = Flag {
        item_id,
        kind: "user_report".to_owned(),
        user_id: actor.to_owned(),
        reason: details.text("reason").map(str::to_owned),
        labels: Vec::new(),
        custom: Map::new(),
        created_at: call.now,
        updated_at: call.now,
    };
    flag::raise(call, flag);
    Ok(())
}

fn custom(call: &mut Call<'_>, target: &Target, details: Details<'_>) -> Result<(), ApiError> {
    let item = require_item(target, "custom")?;
    let id = details.text("id").unwrap_or_default().to_owned();
    let options = details.get("options").and_then(Value::as_object).cloned().unwrap_or_default();
    call.emit(|view| events::moderation::custom_action(view, item, &id, options));
    Ok(())
}

fn delete_message(
    call: &mut Call<'_>,
    id: &str,
    is_hard: bool,
    actor: &str,
) -> Result<(), ApiError> {
    let now = call.now;
    let message = call.message_mut(id)?;
    message.deleted_at.get_or_insert(now);
    message.updated_at = now;
    let message = message.clone();
    call.emit(|view| events::messages::deleted(view, &message, actor, is_hard));
    if is_hard {
        call.world.remove_messages(&HashSet::from([message.id]));
    }
    Ok(())
}

/// Hides a message from all users but its author, or shows it again.
fn shadow(call: &mut Call<'_>, target: &Target, is_shadowed: bool) -> Result<(), ApiError> {
    let now = call.now;
    let message = call.message_mut(target.entity().1)?;
    message.shadowed = is_shadowed;
    message.updated_at = now;
    Ok(())
}

/// Restores a deleted or hidden message, or a deleted user.
fn restore(call: &mut Call<'_>, target: &Target) -> Result<(), ApiError> {
    let (kind, id) = target.entity();
    let now = call.now;
    if kind == USER_ENTITY {
        let user = call.world.users.get_mut(id);
        let user = user.ok_or_else(|| ApiError::not_found(format!("user {id} doesn't exist")))?;
        user.deleted_at = None;
        user.deactivated_at = None;
        user.updated_at = now;
        return Ok(());
    }
    let message = call.message_mut(id)?;
    let was_deleted = message.deleted_at.take().is_some();
    message.shadowed = false;
    message.updated_at = now;
    let message = message.clone();
    call.emit(|view| match was_deleted {
        true => events::messages::undeleted(view, &message),
        false => events::messages::unblocked(view, &message),
    });
    Ok(())
}

fn ban_user(
    call: &mut Call<'_>,
    target: &Target,
    details: Details<'_>,
    user: &str,
    cid: Option<String>,
    actor: &str,
) -> Result<(), ApiError> {
    if call.world.living_user(user).is_none() {
        return Err(ApiError::not_found(format!("user {user} doesn't exist")));
    }
    if let Some(cid) = &cid {
        call.channel_by_cid(cid)?;
    }
    let order = ban::Order {
        target: user.to_owned(),
        cid,
        by: Some(actor.to_owned()).filter(|actor| !actor.is_empty()),
        reason: details.text("reason").map(str::to_owned),
        minutes: details.get("timeout").and_then(Value::as_i64).filter(|minutes| *minutes != 0),
        shadow: details.is("shadow"),
        ip_ban: details.is("ip_ban"),
        delete_messages: details.deletion()?,
        delete_reactions: details.is("delete_reactions"),
        is_future: details.is("ban_from_future_channels"),
    };
    order.execute(call, target.item.as_ref().map(|item| item.id.as_str()));
    Ok(())
}

fn delete_user(call: &mut Call<'_>, user: &str, details: Details<'_>) -> Result<(), ApiError> {
    if !call.world.users.contains_key(user) {
        return Err(ApiError::not_found(format!("user {user} doesn't exist")));
    }
    let deletion = UserDeletion::of_flags(
        details.is("hard_delete"),
        details.is("mark_messages_deleted"),
        details.is("delete_conversation_channels"),
    );
    users::delete_one(call, user, deletion);
    Ok(())
}

/// Records the action in the log and on the item.
fn note(
    call: &mut Call<'_>,
    request: &Request,
    target: &Target,
    details: Details<'_>,
    actor: &str,
) {
    let now = call.now;
    let (entity_type, entity_id) = target.entity();
    let action = Action {
        id: uuid::Uuid::new_v4().to_string(),
        kind: request.action_type.clone(),
        item_id: target.item.as_ref().map(|item| item.id.clone()),
        user_id: actor.to_owned(),
        target_user_id: target.creator().unwrap_or_default().to_owned(),
        entity_type: entity_type.to_owned(),
        entity_id: entity_id.to_owned(),
        reason: ["reason", "decision_reason", "notes"]
            .into_iter()
            .find_map(|name| details.text(name))
            .unwrap_or_default()
            .to_owned(),
        reporter_type: "moderator".to_owned(),
        custom: Map::new(),
        created_at: now,
    };
    let review = &mut call.world.moderation.review;
    review.log(action.clone());
    let Some(item) = target.item.as_ref().and_then(|item| review.items.get_mut(&item.id)) else {
        return;
    };
    item.updated_at = now;
    item.latest_moderator_action.clone_from(&request.action_type);
    match request.action_type.as_str() {
        "escalate" => {
            let metadata = details.0.cloned().unwrap_or_default();
            item.escalation = Some((actor.to_owned(), now, metadata.into()));
            "escalated".clone_into(&mut item.status);
        }
        "de_escalate" => {
            item.escalation = None;
            "needs_review".clone_into(&mut item.status);
        }
        "flag" => {}
        _ => {
            item.reviewed_at = Some(now);
            item.completed_at = Some(now);
            actor.clone_into(&mut item.reviewed_by);
            "reviewed".clone_into(&mut item.status);
        }
    }
    let item = item.clone();
    call.emit(|view| {
        events::moderation::item(view, "review_queue_item.updated", &item, Some(&action))
    });
    if request.action_type == "mark_reviewed" {
        call.emit(|view| events::moderation::reviewed(view, &item));
    }
}

/// Applies an action to an appeal: rejects it, or reverts the decision.
fn decide(
    call: &mut Call<'_>,
    request: &Request,
    target: &Target,
    details: Details<'_>,
    actor: &str,
) {
    let (status, event) = match request.action_type.as_str() {
        "reject_appeal" => ("rejected", "appeal.rejected"),
        "unban" | "restore" | "unblock" | "mark_reviewed" => ("accepted", "appeal.accepted"),
        _ => return,
    };
    let now = call.now;
    let appeals = &mut call.world.moderation.review.appeals;
    let appeal = target.appeal.as_ref().and_then(|appeal| appeals.get_mut(&appeal.id));
    let Some(appeal) = appeal else {
        return;
    };
    status.clone_into(&mut appeal.status);
    appeal.decision_reason = details.text("decision_reason").map(str::to_owned);
    appeal.decided_by = Some(actor.to_owned());
    appeal.updated_at = now;
    let appeal = appeal.clone();
    call.emit(|view| events::moderation::appeal(view, event, &appeal));
}

#[derive(Deserialize)]
pub(super) struct OfMany {
    appeal_ids: Vec<String>,
    #[serde(flatten)]
    request: Request,
}

/// The actions that can be applied to several appeals at once.
const APPEAL_ACTIONS: &[&str] = &["unban", "restore", "unblock", "mark_reviewed", "reject_appeal"];

/// Handles `bulk_action_appeals`: a failure for one appeal does not affect the others.
pub(super) fn act_on_appeals(call: &mut Call<'_>, input: OfMany) -> Outcome {
    check_count("appeal_ids", input.appeal_ids.len(), 100)?;
    if input.appeal_ids.is_empty() {
        return Err(ApiError::field("appeal_ids", "must have an item"));
    }
    if !APPEAL_ACTIONS.contains(&input.request.action_type.as_str()) {
        return Err(ApiError::field(
            "action_type",
            format!("must be one of [{}]", APPEAL_ACTIONS.join(" ")),
        ));
    }
    let request = input.request;
    let actor = call
        .named_user(request.user_id.as_deref(), request.user.as_ref(), "user")?
        .unwrap_or_default();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for id in input.appeal_ids {
        let one = Request { appeal_id: Some(id.clone()), item_id: None, ..request.clone() };
        let object = Object::new().field("appeal_id", id.as_str());
        match execute(call, &one, &actor) {
            Ok(_) => {
                let view = call.view();
                let appeal = view.world.moderation.review.appeals.get(&id);
                let appeal = appeal.map(|appeal| view.appeal(appeal));
                results.push(object.optional("appeal_item", appeal));
            }
            Err(error) => errors.push(object.field("error", error.message)),
        }
    }
    Ok(Object::new().field("results", results).field("errors", errors))
}
