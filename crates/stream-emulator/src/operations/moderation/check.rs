//! Checks of content.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::flag::{self, Entity};
use super::verdict::{self, Verdict};
use super::{Outcome, configs};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::events;
use crate::operations::{Call, require_users};
use crate::state::{Flag, MESSAGE_ENTITY};

#[derive(Deserialize)]
pub(super) struct Check {
    entity_type: String,
    entity_id: String,
    entity_creator_id: Option<String>,
    config_key: Option<String>,
    config_team: Option<String>,
    moderation_payload: Option<Value>,
    test_mode: Option<bool>,
}

impl Check {
    /// Returns the texts to check: those of the payload, or that of the message.
    fn texts<'a>(&'a self, call: &'a Call<'_>) -> Vec<&'a str> {
        let texts = self.moderation_payload.as_ref().and_then(|it| it.get("texts")?.as_array());
        match texts {
            Some(texts) => texts.iter().filter_map(Value::as_str).collect(),
            None if self.entity_type == MESSAGE_ENTITY => {
                let message = call.world.messages.get(&self.entity_id);
                message.map(|message| message.content.text.as_str()).into_iter().collect()
            }
            None => Vec::new(),
        }
    }
}

/// Handles `check`. Content that is not kept becomes an item of the review queue.
pub(super) fn check(call: &mut Call<'_>, input: Check) -> Outcome {
    for (name, value) in [("entity_id", &input.entity_id), ("entity_type", &input.entity_type)] {
        if value.is_empty() {
            return Err(ApiError::field(name, format!("{name} is a required field")));
        }
    }
    let config = match input.config_key.as_deref().filter(|key| !key.is_empty()) {
        Some(key) => configs::find(call, key, input.config_team.as_deref()).ok(),
        None => None,
    };
    let is_exempt = input
        .entity_creator_id
        .as_deref()
        .and_then(|id| call.world.users.get(id))
        .is_some_and(|user| user.bypass_moderation);
    let texts = if is_exempt { Vec::new() } else { input.texts(call) };
    let verdict = verdict::of(call.world, &texts, config);
    let response = Object::new()
        .field("status", "complete")
        .field("recommended_action", verdict.action.as_str())
        .optional("triggered_rules", triggered(&verdict));
    if verdict.is_keep() || input.test_mode == Some(true) {
        return Ok(response);
    }
    let message = call.world.messages.get(&input.entity_id);
    let message = message.filter(|_| input.entity_type == MESSAGE_ENTITY);
    let entity = Entity {
        creator: input.entity_creator_id.filter(|id| !id.is_empty()),
        cid: message.map(|message| message.cid.clone()),
        kind: input.entity_type,
        id: input.entity_id,
        payload: input.moderation_payload.filter(|payload| !payload.is_null()),
    };
    let item_id = hold(call, &entity, &verdict, input.config_key);
    let creator = entity.creator.as_deref().unwrap_or_default();
    let about = (entity.kind.as_str(), entity.id.as_str(), creator);
    for (id, name, action) in &verdict.rules {
        let rule = configs::rule_info(call.world, id, name);
        call.emit(|view| events::moderation::triggered(view, about, rule, action, &item_id));
    }
    let item = call.world.moderation.review.items.get(&item_id).cloned();
    if let Some(item) = &item {
        call.emit(|view| events::moderation::checked(view, item));
    }
    Ok(response.optional("item", item.map(|item| call.view().review_item(&item))))
}

fn triggered(verdict: &Verdict) -> Option<Node> {
    let rules = verdict.rules.iter().map(|(id, name, action)| {
        Object::new()
            .field("rule_id", id.as_str())
            .field("rule_name", name.as_str())
            .field("actions", vec![action.as_str()])
    });
    (!verdict.rules.is_empty()).then(|| rules.collect())
}

/// Adds content that is not kept to the review queue, and returns the ID of its item.
pub(super) fn hold(
    call: &mut Call<'_>,
    entity: &Entity,
    verdict: &Verdict,
    config_key: Option<String>,
) -> String {
    let item_id = entity.item(call);
    if let Some(item) = call.world.moderation.review.items.get_mut(&item_id) {
        item.recommended_action.clone_from(&verdict.action);
        item.severity = verdict.severity();
        item.config_key = config_key.or(item.config_key.take());
    }
    let flag = Flag {
        item_id: item_id.clone(),
        kind: "automod".to_owned(),
        user_id: String::new(),
        reason: None,
        labels: verdict.labels.clone(),
        custom: Map::new(),
        created_at: call.now,
        updated_at: call.now,
    };
    flag::raise(call, flag);
    item_id
}

#[derive(Deserialize)]
pub(super) struct CustomCheck {
    entity_type: String,
    entity_id: String,
    entity_creator_id: Option<String>,
    flags: Vec<CustomFlag>,
    moderation_payload: Option<Value>,
}

#[derive(Deserialize)]
struct CustomFlag {
    #[serde(rename = "type")]
    kind: String,
    reason: Option<String>,
    labels: Option<Vec<String>>,
    custom: Option<Map<String, Value>>,
}

/// Handles `custom_check`: records the results of the app's own checks.
pub(super) fn custom_check(call: &mut Call<'_>, input: CustomCheck) -> Outcome {
    if input.flags.is_empty() || input.flags.len() > 10 {
        return Err(ApiError::field("flags", "must have 1 to 10 items"));
    }
    if input.flags.iter().any(|flag| flag.kind.is_empty()) {
        return Err(ApiError::field("flags", "each flag must have a type"));
    }
    let creator = input.entity_creator_id.as_deref().filter(|id| !id.is_empty());
    require_users(call.world, creator, "entity_creator_id")?;
    let entity = Entity::resolve(
        call,
        &input.entity_type,
        &input.entity_id,
        creator,
        input.moderation_payload,
    )?;
    let item_id = entity.item(call);
    for custom in input.flags {
        let flag = Flag {
            item_id: item_id.clone(),
            kind: custom.kind,
            user_id: String::new(),
            reason: custom.reason.filter(|reason| !reason.is_empty()),
            labels: custom.labels.unwrap_or_default(),
            custom: custom.custom.unwrap_or_default(),
            created_at: call.now,
            updated_at: call.now,
        };
        flag::raise(call, flag);
    }
    let view = call.view();
    let item = view.world.moderation.review.items.get(&item_id);
    Ok(Object::new()
        .field("id", item_id.as_str())
        .field("status", "complete")
        .optional("item", item.map(|item| view.review_item(item))))
}

#[derive(Deserialize)]
pub(super) struct Analyze {
    config_key: Option<String>,
    texts: Option<Map<String, Value>>,
}

/// Handles `analyze`: returns verdicts without adding items to the review queue.
pub(super) fn analyze(call: &mut Call<'_>, input: Analyze) -> Outcome {
    let config = match input.config_key.as_deref().filter(|key| !key.is_empty()) {
        Some(key) => configs::find(call, key, None).ok(),
        None => None,
    };
    let texts = input.texts.unwrap_or_default();
    let texts: Object = texts
        .iter()
        .map(|(name, text)| {
            let verdict = verdict::of(call.world, &[text.as_str().unwrap_or_default()], config);
            let classifications: Node = verdict
                .labels
                .iter()
                .map(|label| json!({"name": label, "confidence": 1.0}))
                .collect();
            let field = Object::new()
                .field("action", verdict.action.as_str())
                .field("classifications", classifications);
            (name.clone(), field)
        })
        .collect();
    Ok(Object::new().field("status", "complete").field("texts", texts))
}
