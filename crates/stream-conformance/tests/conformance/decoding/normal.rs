//! The normal form in which documents are compared.

use serde_json::{Map, Value, json};

use crate::support::{Kind, Object, Spec};
use stream_models::Timestamp;

/// Returns the form in which the original and the decoded document are compared:
///
/// - members that the schema does not have are left out;
/// - `null` is absent, as a member and as an element, except inside free-form data, where it is a
///   value;
/// - lists, maps and free-form objects that are empty are absent;
/// - a required member with the default of its type is absent: an empty string, zero, `false`, the
///   Unix epoch, an object without members;
/// - a timestamp is RFC 3339, an integer has no fraction, any other number is a float.
pub(super) fn object(spec: &Spec, object: Object<'_>, value: &Value) -> Value {
    let mut normal = Map::new();
    for (name, schema) in object.members() {
        let kind = spec.kind(schema);
        let Some(value) = value.get(name).and_then(|value| of_kind(spec, kind, value)) else {
            continue;
        };
        let is_empty = is_empty(&value) && (kind.is_collection() || object.is_required(name));
        let is_default = object.is_required(name) && is_default(kind, &value);
        if !is_empty && !is_default {
            normal.insert(name.clone(), value);
        }
    }
    normal.into()
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}

fn is_default(kind: Kind<'_>, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Enum(_) => value == "",
        Kind::Bool => value == false,
        Kind::Whole => value == 0,
        Kind::Float => value == 0.0,
        Kind::Time => *value == time(0),
        _ => false,
    }
}

fn of_kind(spec: &Spec, kind: Kind<'_>, value: &Value) -> Option<Value> {
    if value.is_null() {
        return None;
    }
    let elements = |schema| {
        let kind = spec.kind(schema);
        move |value: &Value| match kind {
            Kind::Any => Some(value.clone()),
            kind => of_kind(spec, kind, value),
        }
    };
    Some(match kind {
        Kind::Object(members) => object(spec, members, value),
        Kind::Union(branches) => return of_kind(spec, spec.branch(branches, value), value),
        Kind::List(items) => {
            let list = value.as_array().unwrap();
            list.iter().filter_map(elements(items)).collect()
        }
        Kind::Dict(values) => {
            let normal = elements(values);
            let entries = value.as_object().unwrap().iter();
            let entries = entries.filter_map(|(key, value)| Some((key.clone(), normal(value)?)));
            Value::Object(entries.collect())
        }
        Kind::Whole => match value.as_f64() {
            Some(float) if value.is_f64() => json!(float as i64),
            _ => value.clone(),
        },
        Kind::Float => json!(value.as_f64()),
        Kind::Time => match value.as_str() {
            Some(text) => json!(text.parse::<Timestamp>().unwrap().to_string()),
            None => time(value.as_i64().unwrap()),
        },
        Kind::Any | Kind::FreeForm | Kind::Text | Kind::Enum(_) | Kind::Bool => value.clone(),
    })
}

fn time(nanos: i64) -> Value {
    json!(Timestamp::from_unix_nanos(nanos.into()).unwrap().to_string())
}

#[test]
fn lost_members_are_detected() {
    let spec = Spec::own();
    let normal = |value: Value| object(&spec, spec.object("MessageResponse"), &value);
    let message = json!({
        "id": "m", "created_at": 1_000_000_001, "reply_count": 3, "custom": { "a": null },
        "reaction_scores": { "like": 2 }, "attachments": [{ "type": "image" }], "type": "regular"
    });
    for (name, other) in [
        ("id", json!("")),
        ("created_at", json!(1_000_000_000)),
        ("reply_count", json!(4)),
        ("custom", json!({})),
        ("reaction_scores", json!({ "like": 3 })),
        ("attachments", json!([{}])),
        ("type", json!("newer")),
        ("show_in_channel", json!(false)),
        ("mml", json!("")),
    ] {
        let mut changed = message.clone();
        changed[name] = other;
        assert_ne!(normal(changed), normal(message.clone()), "{name}");
    }
    for (name, other) in [
        ("created_at", json!("1970-01-01T01:00:01.000000001+01:00")),
        ("reply_count", json!(3.0)),
        ("reaction_scores", json!({ "like": 2, "wow": null })),
        ("attachments", json!([null, { "type": "image", "newer": 1 }])),
        ("user", Value::Null),
        ("mentioned_users", json!([])),
        ("newer", json!(1)),
        ("silent", json!(false)),
    ] {
        let mut changed = message.clone();
        changed[name] = other;
        assert_eq!(normal(changed), normal(message.clone()), "{name}");
    }
}
