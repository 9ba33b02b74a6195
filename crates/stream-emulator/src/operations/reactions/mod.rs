//! Reactions to messages.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::auth::Caller;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::messages::require_feature;
use crate::operations::{
    Call, CursorQuery, Outcome, check_custom, check_limit, check_offset, operations,
};
use crate::query::{Fields, tables};
use crate::state::{Reaction, UserInput};

operations! {
    "SendReaction" => send,
    "DeleteReaction" => delete,
    "GetReactions" => list,
    "QueryReactions" => query,
}

/// The maximum size of the custom data of a reaction, in bytes.
const MAX_CUSTOM: usize = 1024;

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

/// Handles `SendReaction`.
fn send(call: &mut Call<'_>, Send { reaction: input, enforce_unique }: Send) -> Outcome {
    if input.kind.is_empty() || input.kind.len() > 30 {
        return Err(ApiError::field("reaction.type", "must have 1 to 30 characters"));
    }
    check_custom("reaction", input.custom.as_ref(), MAX_CUSTOM)?;
    let id = living_message(call)?;
    let user_id =
        call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "reaction.user")?;
    let channel = call.channel_by_cid(&call.message(&id)?.cid)?;
    require_feature(call, channel, "reactions")?;
    if call.is_frozen(channel) {
        return Err(ApiError::not_allowed(format!("channel {} is frozen", channel.cid)));
    }
    let now = call.now;
    let message = call.message_mut(&id)?;
    let before = message
        .reactions
        .iter()
        .find(|other| other.user_id == user_id && other.kind == input.kind)
        .cloned();
    let is_unique = enforce_unique == Some(true);
    let count = message.reactions.len();
    message
        .reactions
        .retain(|other| other.user_id != user_id || (other.kind != input.kind && !is_unique));
    let is_replacement = message.reactions.len() < count;
    let reaction = Reaction {
        kind: input.kind,
        user_id,
        score: input.score.unwrap_or(1),
        custom: input.custom.unwrap_or_default(),
        created_at: before.as_ref().map_or(now, |before| before.created_at),
        updated_at: now,
    };
    message.reactions.push(reaction.clone());
    let kind = if is_replacement { "reaction.updated" } else { "reaction.new" };
    respond(call, &id, &reaction, kind)
}

/// Handles `DeleteReaction`.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let id = living_message(call)?;
    let kind = call.path("type");
    let user_id = match call.caller {
        Caller::User(id) => id.clone(),
        Caller::Server => match call.request.query.get("user_id") {
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
    respond(call, &id, &reaction, "reaction.deleted")
}

/// Handles `GetReactions`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let limit = check_limit(query.number("limit")?, 25, 300)?;
    let offset = check_offset(query.number("offset")?, 1000)?;
    let message = call.message(call.path("id"))?;
    let view = call.view();
    let reactions: Node = message
        .reactions
        .iter()
        .rev()
        .skip(offset)
        .take(limit)
        .map(|reaction| view.reaction(message, reaction))
        .collect();
    Ok(Object::new().field("reactions", reactions))
}

/// Handles `QueryReactions`.
fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let message = call.message(call.path("id"))?;
    let view = call.view();
    let found = message.reactions.iter().map(Searched);
    let query = query.sortable_by(tables::QUERY_REACTIONS_SORT);
    let page = query.pick(tables::QUERY_REACTIONS, found, |Searched(reaction)| {
        format!("{}:{}", reaction.kind, reaction.user_id)
    })?;
    Ok(page.document("reactions", |Searched(reaction)| view.reaction(message, reaction)))
}

/// A reaction, as filters see it.
struct Searched<'a>(&'a Reaction);

impl Fields for Searched<'_> {
    fn field(&self, name: &str) -> Option<Value> {
        let Self(reaction) = self;
        Some(match name {
            "type" => reaction.kind.as_str().into(),
            "user_id" => reaction.user_id.as_str().into(),
            "created_at" => reaction.created_at.nanoseconds().into(),
            _ => return None,
        })
    }
}

fn living_message(call: &Call<'_>) -> Result<String, ApiError> {
    call.living_message(call.path("id")).map(|message| message.id.clone())
}

fn respond(call: &mut Call<'_>, id: &str, reaction: &Reaction, kind: &'static str) -> Outcome {
    let message = call.message(id)?.clone();
    call.emit(|view| events::messages::reaction(view, kind, &message, reaction));
    let view = call.view();
    Ok(Object::new()
        .field("message", view.message(&message))
        .field("reaction", view.reaction(&message, reaction)))
}
