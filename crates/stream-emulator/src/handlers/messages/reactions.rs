//! Reactions to messages.

use crate::{
    auth::Actor,
    handlers::{
        Answer, Call,
        references::{check_limit, check_offset},
    },
    render::Object,
    server::ApiError,
    state::{Reaction, UserInput},
    webhooks::events,
};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct Send {
    reaction: ReactionInput,
    enforce_unique: Option<bool>,
}

#[derive(Deserialize)]
struct ReactionInput {
    #[serde(rename = "type")]
    kind: String,
    score: Option<i32>,
    custom: Option<Map<String, Value>>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// `SendReaction`
pub(in crate::handlers) fn send(call: &mut Call<'_>) -> Answer {
    let Send { reaction: input, enforce_unique } = call.input.body()?;
    if input.kind.is_empty() || input.kind.len() > 30 {
        return Err(ApiError::field("reaction.type", "must have 1 to 30 characters"));
    }
    let id = living_message(call)?;
    let user_id =
        call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "reaction.user")?;
    let now = call.now;
    let message = call.message_mut(&id)?;
    let before = message
        .reactions
        .iter()
        .find(|other| other.user_id == user_id && other.kind == input.kind)
        .cloned();
    let is_unique = enforce_unique == Some(true);
    message
        .reactions
        .retain(|other| other.user_id != user_id || (other.kind != input.kind && !is_unique));
    let reaction = Reaction {
        kind: input.kind,
        user_id,
        score: input.score.unwrap_or(1),
        custom: input.custom.unwrap_or_default(),
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        updated_at: now,
    };
    message.reactions.push(reaction.clone());
    let kind = match before {
        None => "reaction.new",
        Some(_) => "reaction.updated",
    };
    answer(call, &id, &reaction, kind)
}

/// `DeleteReaction`
pub(in crate::handlers) fn delete(call: &mut Call<'_>) -> Answer {
    let id = living_message(call)?;
    let kind = call.input.path.get("type");
    let user_id = match call.actor {
        Actor::User(id) => id.clone(),
        Actor::Server => match call.input.query.get("user_id") {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => {
                return Err(ApiError::field(
                    "user_id",
                    "must be provided when using server side auth",
                ));
            }
        },
    };
    let message = call.message_mut(&id)?;
    let position = message
        .reactions
        .iter()
        .position(|reaction| reaction.user_id == user_id && reaction.kind == kind);
    let Some(position) = position else {
        return Err(ApiError::not_found(format!(
            "user {user_id} has no reaction {kind} to message {id}"
        )));
    };
    let reaction = message.reactions.remove(position);
    answer(call, &id, &reaction, "reaction.deleted")
}

/// `GetReactions`
pub(in crate::handlers) fn list(call: &mut Call<'_>) -> Answer {
    let query = &call.input.query;
    let limit = check_limit(query.number("limit")?, 25, 300)?;
    let offset = check_offset(query.number("offset")?, 10_000)?;
    let message = call.message(call.input.path.get("id"))?;
    let view = call.view();
    let reactions: Value = message
        .reactions
        .iter()
        .rev()
        .skip(offset)
        .take(limit)
        .map(|reaction| view.reaction(message, reaction))
        .collect();
    Ok(Object::new().field("reactions", reactions))
}

fn living_message(call: &Call<'_>) -> Result<String, ApiError> {
    let message = call.message(call.input.path.get("id"))?;
    if message.deleted_at.is_some() {
        return Err(ApiError::not_found(format!("Message with id {} was deleted", message.id)));
    }
    Ok(message.id.clone())
}

fn answer(call: &mut Call<'_>, id: &str, reaction: &Reaction, kind: &'static str) -> Answer {
    let message = call.message(id)?.clone();
    call.emit(|view, now| events::reaction(view, now, kind, &message, reaction));
    let view = call.view();
    Ok(Object::new()
        .field("message", view.message(&message))
        .field("reaction", view.reaction(&message, reaction)))
}
