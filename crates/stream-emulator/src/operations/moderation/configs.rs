//! The configuration of moderation: checks, rules, dashboard actions and templates.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::Outcome;
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::operations::resources::{Default, Field, Key, Kind, Resource, Searched};
use crate::operations::{Call, CursorQuery};
use crate::query::tables;
use crate::state::{BLOCK_LIST, Record, World};

/// The key of a configuration in the state. It includes the team, since each has its own.
const SCOPED_KEY: &str = "scoped_key";

/// The kind under which the state stores configurations.
pub(super) const KIND: &str = "moderation config";

const CONFIGS: Resource = Resource {
    kind: KIND,
    key: Key::Given(SCOPED_KEY),
    fields: &[
        Field::new("key", Kind::Text).required(),
        Field::new("team", Kind::Text).default(Default::Text("")).max(128),
        Field::new("async", Kind::Bool).default(Default::Bool(false)),
        Field::new("ai_audio_config", Kind::Object),
        Field::new("ai_image_config", Kind::Object),
        Field::new("ai_text_config", Kind::Object),
        Field::new("ai_video_config", Kind::Object),
        Field::new("automod_platform_circumvention_config", Kind::Object),
        Field::new("automod_semantic_filters_config", Kind::Object),
        Field::new("automod_toxicity_config", Kind::Object),
        Field::new("block_list_config", Kind::Object),
        Field::new("flood_config", Kind::Object),
        Field::new("llm_config", Kind::Object),
        Field::new("velocity_filter_config", Kind::Object),
        Field::new("video_call_rule_config", Kind::Object),
        // Responses do not contain these.
        Field::new("google_vision_config", Kind::Object).secret(),
        Field::new("rule_builder_config", Kind::Object).secret(),
    ],
    many: "configs",
    check: check_lists,
    ..Resource::DEFAULT
};

/// Refuses block lists that do not exist.
fn check_lists(call: &Call<'_>, record: &Record) -> Result<(), ApiError> {
    let rules = record.fields.get("block_list_config").and_then(|it| it.get("rules")?.as_array());
    for name in rules.into_iter().flatten().filter_map(|rule| rule.get("name")?.as_str()) {
        if !name.is_empty() && call.world.records.get(BLOCK_LIST, name).is_none() {
            return Err(ApiError::field(
                "block_list_config",
                format!("block list \"{name}\" not found"),
            ));
        }
    }
    Ok(())
}

fn scoped(key: &str, team: Option<&str>) -> String {
    match team.filter(|team| !team.is_empty()) {
        Some(team) => format!("{key}/{team}"),
        None => key.to_owned(),
    }
}

fn shown(record: &Record) -> Object {
    let mut object = CONFIGS.document(record);
    object.remove(SCOPED_KEY);
    object.field("supported_video_call_harm_types", Node::empty_list())
}

/// Returns the configuration of a key; `None` for an unknown one, since checks run without it.
pub(super) fn find<'a>(
    call: &'a Call<'_>,
    key: &str,
    team: Option<&str>,
) -> Result<&'a Record, ApiError> {
    call.world
        .records
        .get(CONFIGS.kind, &scoped(key, team))
        .ok_or_else(|| ApiError::not_found(format!("moderation config \"{key}\" not found")))
}

/// Handles `upsert_config`.
pub(super) fn upsert(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    for (old, new) in
        [("aws_rekognition_config", "ai_image_config"), ("bodyguard_config", "ai_text_config")]
    {
        if let Some(value) = input.remove(old).filter(|value| !value.is_null()) {
            input.entry(new).or_insert(value);
        }
    }
    // Requests cannot set all fields that responses have.
    if let Some(Value::Object(config)) = input.get_mut("ai_audio_config") {
        for (name, default) in
            [("enabled", json!(false)), ("profile", json!("")), ("rules", json!([]))]
        {
            config.entry(name).or_insert(default);
        }
    }
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let key = text("key").unwrap_or_default();
    if key.is_empty() {
        return Err(ApiError::field("key", "key is a required field"));
    }
    let scoped_key = scoped(key, text("team"));
    input.insert(SCOPED_KEY.to_owned(), scoped_key.into());
    let record = CONFIGS.put(call, &input)?;
    Ok(Object::new().field("config", shown(&record)))
}

/// Handles `get_config`.
pub(super) fn get(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let record = find(call, call.path("key"), call.request.query.get("team"))?;
    Ok(Object::new().field("config", shown(record)))
}

/// Handles `delete_config`.
pub(super) fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let key = find(call, call.path("key"), call.request.query.get("team"))?.key.clone();
    call.world.records.remove(CONFIGS.kind, &key);
    Ok(Object::new())
}

/// Handles `query_moderation_configs`.
pub(super) fn query(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let records = call.world.records.of_kind(CONFIGS.kind);
    let all = records.map(|record| Searched { key: SCOPED_KEY, record });
    let page =
        query.pick(tables::QUERY_MODERATION_CONFIGS, all, |found| found.record.key.clone())?;
    Ok(page.document("configs", |found| shown(found.record)))
}

/// Renders a rule as events contain it (`ModerationRuleInfo`).
pub(super) fn rule_info(world: &World, id: &str, name: &str) -> Object {
    let rule = world.records.get(RULES.kind, id);
    let text = |field: &str| {
        let value = rule.and_then(|rule| rule.fields.get(field)).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    Object::new()
        .field("id", id)
        .field("name", name)
        .field("type", text("rule_type"))
        .field("description", text("description"))
}

const RULES: Resource = Resource {
    kind: "moderation rule",
    key: Key::Made("id"),
    fields: &[
        Field::new("name", Kind::Text).required(),
        Field::new("rule_type", Kind::Choice(&["user", "content", "call"])).required(),
        Field::new("description", Kind::Text).default(Default::Text("")),
        Field::new("enabled", Kind::Bool).default(Default::Bool(true)),
        Field::new("team", Kind::Text).default(Default::Text("")),
        Field::new("config_keys", Kind::Texts).default(Default::EmptyList),
        Field::new("logic", Kind::Text),
        Field::new("cooldown_period", Kind::Text),
        Field::new("action", Kind::Object),
        Field::new("action_sequences", Kind::List),
        Field::new("conditions", Kind::List),
        Field::new("groups", Kind::List),
    ],
    one: Some("rule"),
    many: "rules",
    ..Resource::DEFAULT
};

/// Handles `upsert_moderation_rule`: name and team identify a rule.
pub(super) fn upsert_rule(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    let same = |record: &&Record| {
        let team = input.get("team").and_then(Value::as_str).unwrap_or_default();
        record.fields.get("name") == input.get("name")
            && record.fields.get("team").and_then(Value::as_str).unwrap_or_default() == team
    };
    let id = call.world.records.of_kind(RULES.kind).find(same).map(|record| record.key.clone());
    input.remove("id");
    if let Some(id) = id {
        input.insert("id".to_owned(), id.into());
    }
    RULES.upsert(call, input)
}

/// Handles `get_moderation_rule`.
pub(super) fn get_rule(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    RULES.get(call, input)
}

/// Handles `delete_moderation_rule`.
pub(super) fn delete_rule(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    RULES.delete(call, input)
}

/// Handles `query_moderation_rules`. There are no labels, since the emulator has no models.
pub(super) fn query_rules(call: &mut Call<'_>, query: CursorQuery) -> Outcome {
    let response = RULES.query(call, query, tables::QUERY_MODERATION_RULES)?;
    let lists = ["ai_image_label_definitions", "closed_caption_labels", "keyframe_labels"];
    let maps = [
        "ai_image_subclassifications",
        "default_llm_labels",
        "default_username_llm_labels",
        "keyframe_label_classifications",
    ];
    let response = lists.into_iter().fold(response, |it, name| it.field(name, Node::empty_list()));
    let response = response.field("ocr_labels", Node::empty_list());
    Ok(maps.into_iter().fold(response, |it, name| it.field(name, Object::new())))
}

const ACTIONS: Resource = Resource {
    kind: "action config",
    key: Key::Made("id"),
    fields: &[
        Field::new("action", Kind::Text).required().max(255),
        Field::new("entity_type", Kind::Text).required().max(255),
        Field::new("order", Kind::Integer).required(),
        Field::new("description", Kind::Text).default(Default::Text("")).max(1024),
        Field::new("icon", Kind::Text).default(Default::Text("")).max(255),
        Field::new("queue_type", Kind::Text).max(255),
        Field::new("custom", Kind::Object),
    ],
    one: Some("action_config"),
    many: "action_configs",
    has_times: false,
    check: |_, record| match record.fields.get("order").and_then(Value::as_i64) {
        Some(0..=100) => Ok(()),
        _ => Err(ApiError::field("order", "must be between 0 and 100")),
    },
    ..Resource::DEFAULT
};

/// Handles `upsert_action_config`.
pub(super) fn upsert_action(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    ACTIONS.upsert(call, input)
}

#[derive(Deserialize)]
pub(super) struct ManyActions {
    action_configs: Vec<Map<String, Value>>,
}

/// Handles `bulk_upsert_action_config`: stores all of them or none.
pub(super) fn upsert_actions(call: &mut Call<'_>, input: ManyActions) -> Outcome {
    if input.action_configs.is_empty() {
        return Err(ApiError::field("action_configs", "must have an item"));
    }
    let before = call.world.records.clone();
    let mut documents = Vec::with_capacity(input.action_configs.len());
    for config in &input.action_configs {
        match ACTIONS.put(call, config) {
            Ok(record) => documents.push(ACTIONS.document(&record)),
            Err(error) => {
                call.world.records = before;
                return Err(error);
            }
        }
    }
    Ok(Object::new().field("action_configs", documents))
}

/// Handles `delete_action_config`.
pub(super) fn delete_action(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    ACTIONS.delete(call, input).map(|response| response.field("deleted", 1))
}

#[derive(Deserialize)]
pub(super) struct Ids {
    ids: Vec<String>,
}

/// Handles `bulk_delete_action_config`: returns the number of deleted ones.
pub(super) fn delete_actions(call: &mut Call<'_>, Ids { ids }: Ids) -> Outcome {
    if ids.is_empty() {
        return Err(ApiError::field("ids", "must have an item"));
    }
    let records = &mut call.world.records;
    let deleted = ids.iter().filter_map(|id| records.remove(ACTIONS.kind, id)).count();
    Ok(Object::new().field("deleted", deleted))
}

/// The actions that moderators get without a configuration.
const DEFAULT_ACTIONS: &[(&str, &[&str])] = &[
    ("stream:chat:v1:message", &["mark_reviewed", "delete_message", "ban", "restore"]),
    ("stream:user", &["mark_reviewed", "ban", "delete_user", "restore"]),
];

/// Handles `get_action_config`.
pub(super) fn get_actions(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let has_own = query.flag("only_defaults")? != Some(true);
    let has_defaults = query.flag("exclude_defaults")? != Some(true);
    let mut response = Object::new();
    for (kind, actions) in actions(call, has_own, has_defaults) {
        if query.get("entity_type").is_none_or(|wanted| wanted.is_empty() || wanted == kind) {
            response.set(kind, actions);
        }
    }
    Ok(Object::new().field("action_config", response))
}

/// Returns the actions by entity type.
pub(super) fn actions(
    call: &Call<'_>,
    has_own: bool,
    has_defaults: bool,
) -> Vec<(String, Vec<Object>)> {
    let mut by_type: Vec<(String, Vec<Object>)> = Vec::new();
    let mut add =
        |kind: &str, action: Object| match by_type.iter_mut().find(|(other, _)| other == kind) {
            Some((_, actions)) => actions.push(action),
            None => by_type.push((kind.to_owned(), vec![action])),
        };
    for (kind, actions) in DEFAULT_ACTIONS.iter().filter(|_| has_defaults) {
        for (order, action) in actions.iter().enumerate() {
            let action = Object::new()
                .field("action", *action)
                .field("entity_type", *kind)
                .field("order", order)
                .field("description", action.replace('_', " "))
                .field("icon", "");
            add(kind, action);
        }
    }
    let mut own: Vec<_> = call.world.records.of_kind(ACTIONS.kind).filter(|_| has_own).collect();
    own.sort_by_key(|record| record.fields.get("order").and_then(Value::as_i64));
    for record in own {
        let kind = record.fields.get("entity_type").and_then(Value::as_str).unwrap_or_default();
        add(kind, ACTIONS.document(record));
    }
    by_type
}

const TEMPLATES: Resource = Resource {
    kind: "moderation template",
    key: Key::Given("name"),
    fields: &[Field::new("config", Kind::Object).required()],
    many: "templates",
    check: |_, record| match record.fields.get("config").and_then(|it| it.get("data_types")) {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(ApiError::field("config", "data_types is a required field")),
    },
    ..Resource::DEFAULT
};

/// Handles `V2UpsertTemplate`.
pub(super) fn upsert_template(call: &mut Call<'_>, input: Map<String, Value>) -> Outcome {
    TEMPLATES.upsert(call, input)
}

/// Handles `V2QueryTemplates`.
pub(super) fn query_templates(call: &mut Call<'_>, input: IgnoredAny) -> Outcome {
    TEMPLATES.list(call, input)
}

/// Handles `V2DeleteTemplate`: deletes one template by name, or all.
pub(super) fn delete_template(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let name = call.request.query.get("name").filter(|name| !name.is_empty());
    let names: Vec<String> = match name {
        Some(name) => vec![name.to_owned()],
        None => {
            let all = call.world.records.of_kind(TEMPLATES.kind);
            all.map(|record| record.key.clone()).collect()
        }
    };
    for name in names {
        if call.world.records.remove(TEMPLATES.kind, &name).is_none() {
            return Err(ApiError::not_found(format!("moderation template \"{name}\" not found")));
        }
    }
    Ok(Object::new())
}

/// The kind under which the state stores the only setup session.
const SETUP: &str = "moderation setup";

#[derive(Deserialize)]
pub(super) struct Setup {
    current_step: String,
    status: String,
    setup_data: Option<Map<String, Value>>,
}

/// Handles `upsert_setup_session`.
pub(super) fn upsert_setup(call: &mut Call<'_>, input: Setup) -> Outcome {
    let choices: [(&str, &str, &[&str]); 2] = [
        ("current_step", &input.current_step, &["welcome", "input", "configure", "live"]),
        ("status", &input.status, &["in_progress", "completed"]),
    ];
    for (name, value, choices) in choices {
        if !choices.contains(&value) {
            return Err(ApiError::field(name, format!("must be one of [{}]", choices.join(" "))));
        }
    }
    let before = call.world.records.get(SETUP, SETUP);
    let data = input.setup_data.map(Value::Object);
    let data = data.or_else(|| before?.fields.get("setup_data").cloned());
    let completed_at = (input.status == "completed").then(|| Value::from(call.now.nanoseconds()));
    let fields = json!({
        "current_step": input.current_step,
        "status": input.status,
        "setup_data": data.unwrap_or_else(|| json!({})),
        "completed_at": completed_at,
    });
    let record = Record {
        key: SETUP.to_owned(),
        fields: crate::operations::decode(fields)?,
        created_at: before.map_or(call.now, |record| record.created_at),
        updated_at: call.now,
    };
    let shown = setup(&record);
    call.world.records.insert(SETUP, record);
    Ok(Object::new().field("setup_session", shown))
}

/// Handles `get_setup_session`.
pub(super) fn get_setup(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let session = call.world.records.get(SETUP, SETUP);
    Ok(Object::new().optional("setup_session", session.map(setup)))
}

fn setup(record: &Record) -> Object {
    let field = |name: &str| record.fields.get(name).cloned().unwrap_or_default();
    let completed_at = crate::state::Timestamp::parse(&field("completed_at"));
    Object::new()
        .field("current_step", field("current_step"))
        .field("status", field("status"))
        .field("setup_data", field("setup_data"))
        .optional("completed_at", completed_at)
        .field("created_at", record.created_at)
        .field("updated_at", record.updated_at)
}
