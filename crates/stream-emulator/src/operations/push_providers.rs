//! Push providers, their templates, and checks of both. The emulator sends no push notifications.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::resources::{Default, Field, Key, Kind, Resource};
use super::{Call, Outcome, operations};
use crate::document::{Node, Object};
use crate::error::ApiError;
use crate::state::{Record, UserInput};

/// The key of a provider in the state: names are unique within a type.
const SCOPED_NAME: &str = "scoped_name";

const TYPES: &[&str] = &["firebase", "apn", "huawei", "xiaomi"];

const PROVIDERS: Resource = Resource {
    kind: "push provider",
    key: Key::Given(SCOPED_NAME),
    fields: &[
        Field::new("name", Kind::Text).required().max(36),
        Field::new("type", Kind::Choice(TYPES)).required(),
        Field::new("description", Kind::Text).max(128),
        Field::new("disabled_at", Kind::Time),
        Field::new("disabled_reason", Kind::Text).max(255),
        Field::new("apn_auth_key", Kind::Text).secret(),
        Field::new("apn_auth_type", Kind::Text).secret(),
        Field::new("apn_development", Kind::Bool).shown_as("apn_sandbox_certificate"),
        Field::new("apn_host", Kind::Text),
        Field::new("apn_key_id", Kind::Text),
        Field::new("apn_notification_template", Kind::Text).secret(),
        Field::new("apn_p12_cert", Kind::Text).secret(),
        Field::new("apn_team_id", Kind::Text),
        Field::new("apn_topic", Kind::Text),
        Field::new("firebase_apn_template", Kind::Text),
        Field::new("firebase_credentials", Kind::Text).secret(),
        Field::new("firebase_data_template", Kind::Text),
        Field::new("firebase_host", Kind::Text),
        Field::new("firebase_notification_template", Kind::Text),
        Field::new("firebase_server_key", Kind::Text).secret(),
        Field::new("huawei_app_id", Kind::Text),
        Field::new("huawei_app_secret", Kind::Text).secret(),
        Field::new("xiaomi_app_secret", Kind::Text).secret(),
        Field::new("xiaomi_package_name", Kind::Text),
    ],
    one: Some("push_provider"),
    many: "push_providers",
    check: check_credentials,
    ..Resource::DEFAULT
};

operations! {
    "UpsertPushProvider" => upsert,
    "DeletePushProvider" => delete,
    // In v1, the name alone identifies a provider.
    "DeletePushProviderByName" (DELETE "/push_providers/{type}") => delete_by_name,
    "ListPushProviders" => list,
    "UpsertPushTemplate" => upsert_template,
    "GetPushTemplates" => templates,
    "CheckPush" => check_push,
    "CheckSQS" => |call, input| check_queue(call, input, &SQS),
    "CheckSNS" => |call, input| check_queue(call, input, &SNS),
}

/// The sets of credentials by type, of which one must be complete.
const CREDENTIALS: &[(&str, &[&[&str]])] = &[
    ("firebase", &[&["firebase_credentials"], &["firebase_server_key"]]),
    ("apn", &[&["apn_auth_key", "apn_key_id", "apn_team_id", "apn_topic"], &["apn_p12_cert"]]),
    ("huawei", &[&["huawei_app_id", "huawei_app_secret"]]),
    ("xiaomi", &[&["xiaomi_app_secret", "xiaomi_package_name"]]),
];

fn check_credentials(_: &Call<'_>, record: &Record) -> Result<(), ApiError> {
    let text = |name: &str| record.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let sets = CREDENTIALS.iter().find(|(kind, _)| *kind == text("type"));
    let sets = sets.map_or(&[][..], |(_, sets)| sets);
    if sets.iter().any(|set| set.iter().all(|name| !text(name).is_empty())) {
        return Ok(());
    }
    let options: Vec<String> = sets.iter().map(|set| set.join(", ")).collect();
    Err(ApiError::field(
        "push_provider",
        format!("a provider of the type {} needs {}", text("type"), options.join(" or ")),
    ))
}

fn scoped(kind: &str, name: &str) -> String {
    format!("{kind}/{name}")
}

fn document(record: &Record) -> Object {
    let mut object = PROVIDERS.document(record);
    object.remove(SCOPED_NAME);
    object
}

#[derive(Deserialize)]
struct Upsert {
    push_provider: Option<Map<String, Value>>,
}

/// Handles `UpsertPushProvider`; absent fields of an existing provider are kept.
fn upsert(call: &mut Call<'_>, input: Upsert) -> Outcome {
    let mut given = input.push_provider.unwrap_or_default();
    given.retain(|_, value| !value.is_null());
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("name").is_empty() {
        return Err(ApiError::field("name", "name is a required field"));
    }
    let key = scoped(text("type"), text("name"));
    let before = call.world.records.get(PROVIDERS.kind, &key).map(|it| it.fields.clone());
    let mut fields = before.unwrap_or_default();
    fields.extend(given);
    fields.insert(SCOPED_NAME.to_owned(), key.into());
    let record = PROVIDERS.put(call, &fields)?;
    Ok(Object::new().field("push_provider", document(&record)))
}

/// Handles `DeletePushProvider`: deletes the provider with its templates.
fn delete(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    remove(call, call.path("type"), call.path("name"))
}

/// Handles `DeletePushProviderByName` of v1.
fn delete_by_name(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let name = call.path("type");
    let named = |record: &&Record| record.fields.get("name").and_then(Value::as_str) == Some(name);
    let provider = call.world.records.of_kind(PROVIDERS.kind).find(named);
    let kind = provider.and_then(|record| record.fields.get("type")?.as_str()).map(str::to_owned);
    match kind {
        Some(kind) => remove(call, &kind, name),
        None => Err(ApiError::not_found(format!("push provider {name} not found"))),
    }
}

fn remove(call: &mut Call<'_>, kind: &str, name: &str) -> Outcome {
    if call.world.records.remove(PROVIDERS.kind, &scoped(kind, name)).is_none() {
        return Err(ApiError::not_found(format!("push provider {name} of type {kind} not found")));
    }
    let of_provider: Vec<String> = call
        .world
        .records
        .of_kind(TEMPLATES.kind)
        .filter(|template| is_of(template, kind, Some(name)))
        .map(|template| template.key.clone())
        .collect();
    for key in of_provider {
        call.world.records.remove(TEMPLATES.kind, &key);
    }
    Ok(Object::new())
}

/// Handles `ListPushProviders`.
fn list(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let providers: Node = call.world.records.of_kind(PROVIDERS.kind).map(document).collect();
    Ok(Object::new().field("push_providers", providers))
}

/// The key of a template in the state: each provider has one per type of event.
const SCOPED_EVENT: &str = "scoped_event";

const EVENTS: &[&str] = &[
    "message.new",
    "message.updated",
    "reaction.new",
    "notification.reminder_due",
    "feeds.activity.added",
    "feeds.comment.added",
    "feeds.activity.reaction.added",
    "feeds.comment.reaction.added",
    "feeds.follow.created",
    "feeds.notification_feed.updated",
];

const TEMPLATES: Resource = Resource {
    kind: "push template",
    key: Key::Given(SCOPED_EVENT),
    fields: &[
        Field::new("event_type", Kind::Choice(EVENTS)).required(),
        Field::new("push_provider_type", Kind::Choice(TYPES)).required().secret(),
        Field::new("push_provider_name", Kind::Text)
            .default(Default::Text(""))
            .shown_as("push_provider_internal_id"),
        Field::new("enable_push", Kind::Bool).default(Default::Bool(true)),
        Field::new("template", Kind::Text),
    ],
    one: Some("template"),
    many: "templates",
    check: |_, record| match record.fields.get("template").and_then(Value::as_str) {
        Some(template) if !template.is_empty() => check_template("template", template),
        _ => Ok(()),
    },
    ..Resource::DEFAULT
};

/// Refuses a template that is not JSON.
fn check_template(field: &str, template: &str) -> Result<(), ApiError> {
    match serde_json::from_str::<Map<String, Value>>(template) {
        Ok(_) => Ok(()),
        Err(error) => Err(ApiError::field(field, format!("is not a JSON object: {error}"))),
    }
}

fn is_of(template: &Record, kind: &str, name: Option<&str>) -> bool {
    let text = |name: &str| template.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    text("push_provider_type") == kind && name.is_none_or(|it| text("push_provider_name") == it)
}

fn template_document(record: &Record) -> Object {
    let mut object = TEMPLATES.document(record);
    object.remove(SCOPED_EVENT);
    object
}

/// Handles `UpsertPushTemplate`.
fn upsert_template(call: &mut Call<'_>, mut input: Map<String, Value>) -> Outcome {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let (kind, name) = (text("push_provider_type"), text("push_provider_name"));
    if !name.is_empty() && call.world.records.get(PROVIDERS.kind, &scoped(kind, name)).is_none() {
        return Err(ApiError::not_found(format!("push provider {name} of type {kind} not found")));
    }
    let key = format!("{kind}/{name}/{}", text("event_type"));
    input.insert(SCOPED_EVENT.to_owned(), key.into());
    let record = TEMPLATES.put(call, &input)?;
    Ok(Object::new().field("template", template_document(&record)))
}

/// Handles `GetPushTemplates`.
fn templates(call: &mut Call<'_>, _: IgnoredAny) -> Outcome {
    let query = &call.request.query;
    let kind = query.get("push_provider_type").unwrap_or_default();
    if !TYPES.contains(&kind) {
        return Err(ApiError::field(
            "push_provider_type",
            format!("must be one of [{}]", TYPES.join(" ")),
        ));
    }
    let name = query.get("push_provider_name").filter(|name| !name.is_empty());
    let templates: Node = call
        .world
        .records
        .of_kind(TEMPLATES.kind)
        .filter(|template| is_of(template, kind, name))
        .map(template_document)
        .collect();
    Ok(Object::new().field("templates", templates))
}

#[derive(Deserialize)]
struct CheckPush {
    apn_template: Option<String>,
    firebase_template: Option<String>,
    firebase_data_template: Option<String>,
    event_type: Option<String>,
    message_id: Option<String>,
    push_provider_name: Option<String>,
    push_provider_type: Option<String>,
    skip_devices: Option<bool>,
    user: Option<UserInput>,
    user_id: Option<String>,
}

/// Handles `CheckPush`: renders templates for a message, and reports why no device got it.
fn check_push(call: &mut Call<'_>, input: CheckPush) -> Outcome {
    let given = [
        ("apn_template", &input.apn_template),
        ("firebase_template", &input.firebase_template),
        ("firebase_data_template", &input.firebase_data_template),
    ];
    for (name, template) in given {
        if let Some(template) = template.as_deref().filter(|template| !template.is_empty()) {
            check_template(name, template)?;
        }
    }
    let user_id = call.acting_user(input.user_id.as_deref(), input.user.as_ref(), "user")?;
    let provider = provider_checked(call, &input)?;
    let context = context(call, input.message_id.as_deref(), &user_id)?;
    let text = |template: &Option<String>, field: &str| {
        let of_provider = || provider?.fields.get(field)?.as_str().map(str::to_owned);
        template.clone().filter(|text| !text.is_empty()).or_else(of_provider)
    };
    let rendered = |template: Option<String>| template.map(|it| render_json(&it, &context));
    let apn = rendered(text(&input.apn_template, "apn_notification_template"));
    let firebase = rendered(text(&input.firebase_template, "firebase_notification_template"));
    let event_type = input.event_type.unwrap_or_else(|| "message.new".to_owned());
    let data = text(&input.firebase_data_template, "firebase_data_template");
    let data = rendered(data).or_else(|| Some(default_data(&context, &event_type).to_string()));
    let data: Option<Object> = data.and_then(|data| {
        let fields: Map<String, Value> = serde_json::from_str(&data).ok()?;
        let as_text = |value: Value| match value {
            Value::String(text) => text,
            value => value.to_string(),
        };
        Some(fields.into_iter().map(|(name, value)| (name, as_text(value))).collect())
    });
    let skips_devices = input.skip_devices == Some(true);
    let devices: Vec<_> = call.world.push.devices_of(&user_id).collect();
    let errors: Object = devices
        .iter()
        .filter(|_| !skips_devices)
        .map(|device| {
            let name = device.push_provider_name.as_deref().unwrap_or_default();
            let error = Object::new()
                .field("error_message", "the emulator does not push to devices")
                .field("provider", device.push_provider.as_str())
                .field("provider_name", name);
            (device.id.clone(), error)
        })
        .collect();
    let general = (devices.is_empty() && !skips_devices)
        .then(|| vec![format!("user {user_id} has no enabled devices")]);
    Ok(Object::new()
        .optional("rendered_apn_template", apn)
        .optional("rendered_firebase_template", firebase)
        .optional("rendered_message", data)
        .optional("general_errors", general)
        .field("device_errors", errors)
        .field("skip_devices", skips_devices)
        .field("event_type", event_type))
}

/// Returns the data of a push notification without a template: the location of the message.
fn default_data(context: &Value, event_type: &str) -> Value {
    let fixed = [("sender", "stream.chat"), ("type", event_type), ("version", "v2")];
    let fixed = fixed.map(|(name, text)| (name.to_owned(), Value::from(text)));
    let pointers = [
        ("message_id", "/message/id"),
        ("channel_type", "/channel/type"),
        ("channel_id", "/channel/id"),
        ("cid", "/channel/cid"),
        ("receiver_id", "/receiver/id"),
    ];
    let found = pointers.into_iter().filter_map(|(name, pointer)| {
        let value = context.pointer(pointer).filter(|value| !value.is_null())?;
        Some((name.to_owned(), value.clone()))
    });
    fixed.into_iter().chain(found).collect()
}

fn provider_checked<'a>(
    call: &'a Call<'_>,
    input: &CheckPush,
) -> Result<Option<&'a Record>, ApiError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let Some(name) = given(&input.push_provider_name) else {
        return Ok(None);
    };
    let kind = given(&input.push_provider_type).unwrap_or_default();
    match call.world.records.get(PROVIDERS.kind, &scoped(&kind, &name)) {
        Some(provider) => Ok(Some(provider)),
        None => Err(ApiError::not_found(format!("push provider {name} of type {kind} not found"))),
    }
}

/// Returns the values for placeholders: the named message, or the newest one.
fn context(
    call: &Call<'_>,
    message_id: Option<&str>,
    receiver_id: &str,
) -> Result<Value, ApiError> {
    let message = match message_id.filter(|id| !id.is_empty()) {
        Some(id) => Some(call.living_message(id)?),
        None => call.world.messages.values().max_by_key(|message| message.created_at),
    };
    let user = |id: &str| {
        let user = call.world.users.get(id);
        json!({
            "id": id,
            "name": user.and_then(|user| user.name.clone()).unwrap_or_else(|| id.to_owned()),
            "image": user.and_then(|user| user.image.clone()),
        })
    };
    let channel = message.and_then(|message| call.world.channels.get(&message.cid));
    Ok(json!({
        "receiver": user(receiver_id),
        "sender": message.map(|message| user(&message.user_id)),
        "message": message.map(|message| {
            json!({"id": message.id, "text": message.content.text, "cid": message.cid})
        }),
        "channel": channel.map(|channel| {
            json!({
                "id": channel.id,
                "type": channel.kind,
                "cid": channel.cid,
                "name": channel.custom.get("name"),
            })
        }),
    }))
}

/// Renders a JSON template, with the values escaped for its strings.
fn render_json(template: &str, context: &Value) -> String {
    let within_string = |text: &str| {
        let quoted = Value::from(text).to_string();
        let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.unwrap_or_default().to_owned()
    };
    fill(template, context, within_string)
}

/// Renders a plain text template.
pub(super) fn render(template: &str, context: &Value) -> String {
    fill(template, context, str::to_owned)
}

/// Replaces `{{ path.to.value }}` by the values. A missing value becomes an empty string, and so do
/// helpers and blocks, which are not supported.
fn fill(template: &str, context: &Value, write: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((path, after)) = after.split_once("}}") else {
            // Without an end here, there is none further on.
            rest = rest.get(before.len()..).unwrap_or_default();
            break;
        };
        let pointer = format!("/{}", path.trim_matches(['{', ' ']).replace('.', "/"));
        match context.pointer(&pointer) {
            Some(Value::String(text)) => filled.push_str(&write(text)),
            Some(Value::Null) | None => {}
            Some(value) => filled.push_str(&value.to_string()),
        }
        rest = after.strip_prefix('}').unwrap_or(after);
    }
    filled.push_str(rest);
    filled
}

/// A kind of queue with its settings.
struct Queue {
    name: &'static str,
    settings: [&'static str; 3],
}

const SQS: Queue = Queue { name: "SQS", settings: ["sqs_url", "sqs_key", "sqs_secret"] };
const SNS: Queue = Queue { name: "SNS", settings: ["sns_topic_arn", "sns_key", "sns_secret"] };

/// Returns whether a URL names an SQS queue: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`, or an
/// older form.
fn is_sqs_url(url: &str) -> bool {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| {
        host.split('.').any(|label| label == "sqs" || label == "queue")
            && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
    })
}

/// Handles `CheckSQS` and `CheckSNS`: reports that the queue cannot be reached.
fn check_queue(call: &mut Call<'_>, input: Map<String, Value>, queue: &Queue) -> Outcome {
    let setting = |name: &str| {
        let given = input.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        given.or_else(|| call.world.app.text(name)).unwrap_or_default().to_owned()
    };
    let missing: Vec<&str> =
        queue.settings.into_iter().filter(|name| setting(name).is_empty()).collect();
    let error = match missing.as_slice() {
        [] if queue.name == "SNS" => {
            "publishing the message failed. the emulator does not reach SNS".to_owned()
        }
        [] if !is_sqs_url(&setting("sqs_url")) => "invalid SQS url".to_owned(),
        [] => "the emulator does not reach SQS".to_owned(),
        missing => format!("{} is not configured: {} is missing", queue.name, missing.join(", ")),
    };
    Ok(Object::new().field("status", "error").field("error", error).field("data", Object::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_rendered() {
        let context = json!({"sender": {"name": "\"J\""}, "count": 2});
        let template = "{{ sender.name }}: {{count}}{{gone.x}}{{{count}}}";
        assert_eq!(render(template, &context), "\"J\": 22");
        assert_eq!(render_json(template, &context), "\\\"J\\\": 22");
        assert_eq!(render("{{ open", &context), "{{ open");
    }
}
