//! Unset, cleared and empty fields are distinct on the wire.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::generated::SCHEMAS;
use crate::support::{self, Direction, Kind, Schema, Spec};
use stream_models::app::{EnforceUniqueUsernames, EventHook, UpdateAppRequest};
use stream_models::channels::UpdateChannelPartialRequest;
use stream_models::messages::{MessageRequest, UpdateMessagePartialRequest};
use stream_models::users::{UpdateUserPartialRequest, UserRequest};

fn sent() -> impl Iterator<Item = &'static Schema> {
    SCHEMAS.iter().filter(|schema| schema.is_sent())
}

fn members(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut value = value.clone();
    value[name] = member;
    value
}

#[test]
fn what_is_unset_is_left_out() {
    let spec = Spec::own();
    for schema in sent() {
        let object = spec.object(schema.name);
        let minimal = schema.minimal();
        for (name, value) in members(&minimal) {
            assert!(object.is_required(name), "{}: {name}", schema.name);
            assert!(!value.is_null(), "{}: {name} is null", schema.name);
        }
        spec.0.check_sent(schema.name, &minimal).unwrap();
    }
}

#[test]
fn everything_that_can_be_set_is_sent() {
    let spec = Spec::own();
    for schema in sent() {
        let full = schema.full();
        complete(&spec, Kind::Object(spec.object(schema.name)), &full, schema.name, 2);
        // This also checks that there is no null at any depth.
        spec.0.check_sent(schema.name, &full).unwrap();
    }
}

/// Checks that every member of the schema is present, in nested objects, too.
fn complete(spec: &Spec, kind: Kind<'_>, value: &Value, place: &str, depth: usize) {
    match kind {
        Kind::Object(object) => {
            for (name, member) in object.members() {
                let place = format!("{place}.{name}");
                let value = value.get(name).unwrap_or_else(|| panic!("{place} is not sent"));
                if let Some(depth) = depth.checked_sub(1) {
                    complete(spec, spec.kind(member), value, &place, depth);
                }
            }
        }
        Kind::List(items) => {
            let list = value.as_array().unwrap();
            assert!(!list.is_empty(), "{place}");
            for item in list {
                complete(spec, spec.kind(items), item, place, depth);
            }
        }
        Kind::Dict(values) => {
            assert!(!members(value).is_empty(), "{place}");
            for value in members(value).values() {
                complete(spec, spec.kind(values), value, place, depth);
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_cleared_is_null_and_nothing_else_is() {
    let spec = Spec::own();
    for schema in sent() {
        let object = spec.object(schema.name);
        let mut expected = schema.minimal();
        if schema.direction == Direction::Sent {
            for (name, _) in object.members().filter(|(name, _)| !object.is_required(name)) {
                expected[name] = Value::Null;
            }
        }
        assert_eq!(schema.cleared(), expected, "{}", schema.name);
    }
}

#[test]
fn the_three_states_are_read_as_they_are_sent() {
    let spec = Spec::own();
    for schema in sent() {
        let object = spec.object(schema.name);
        let minimal = schema.minimal();
        let round_trip = |value: &Value| schema.round_trip(value.to_string().as_bytes()).unwrap();
        assert_eq!(round_trip(&minimal), minimal, "{}", schema.name);
        assert_eq!(round_trip(&schema.full()), schema.full(), "{}", schema.name);
        for (name, member) in object.members().filter(|(name, _)| !object.is_required(name)) {
            let null = with(&minimal, name, Value::Null);
            // A type that responses contain, too, has no null of its own: there, null means
            // absence.
            let expected = match (schema.direction, spec.kind(member)) {
                (Direction::Sent, _) | (_, Kind::Any) => &null,
                _ => &minimal,
            };
            assert_eq!(round_trip(&null), *expected, "{}: {name}", schema.name);
            let empty = match spec.kind(member) {
                Kind::List(_) => json!([]),
                Kind::Dict(_) | Kind::FreeForm => json!({}),
                Kind::Text if name.ends_with("cid") => json!("messaging:x"),
                Kind::Text => json!(""),
                _ => continue,
            };
            let empty = with(&minimal, name, empty);
            assert_eq!(round_trip(&empty), empty, "{}: {name}", schema.name);
        }
    }
}

#[test]
fn app_settings_are_changed_one_by_one() {
    let json = |request: UpdateAppRequest| support::json(&request).unwrap();
    assert_eq!(json(UpdateAppRequest::new()), json!({}));
    assert_eq!(
        json(UpdateAppRequest::new().enforce_unique_usernames(EnforceUniqueUsernames::App)),
        json!({ "enforce_unique_usernames": "app" })
    );
    assert_eq!(
        json(UpdateAppRequest::new().event_hooks(Vec::<EventHook>::new())),
        json!({ "event_hooks": [] })
    );
    assert_eq!(
        json(UpdateAppRequest::new().clear_event_hooks().clear_grants().clear_webhook_url()),
        json!({ "event_hooks": null, "grants": null, "webhook_url": null })
    );
    let no_grants = BTreeMap::<String, Vec<String>>::new();
    assert_eq!(
        json(UpdateAppRequest::new().grants(no_grants).webhook_url("")),
        json!({ "grants": {}, "webhook_url": "" })
    );
    assert_eq!(
        json(UpdateAppRequest::new().grants([("user", Vec::<String>::new())])),
        json!({ "grants": { "user": [] } })
    );
    // The last value counts.
    assert_eq!(
        json(UpdateAppRequest::new().clear_webhook_url().webhook_url("https://example.com")),
        json!({ "webhook_url": "https://example.com" })
    );
}

#[test]
fn partial_updates_set_and_unset() {
    let json = |value: &dyn erased::Json| value.json();
    let none = Vec::<String>::new();
    let user = UpdateUserPartialRequest::new("john");
    assert_eq!(json(&user), json!({ "id": "john" }));
    let user = user.set("color", "red").set("team", None::<&str>).unset(["age"]);
    assert_eq!(
        json(&user),
        json!({ "id": "john", "set": { "color": "red", "team": null }, "unset": ["age"] })
    );
    let user = user.clear_set().unset(none.clone());
    assert_eq!(json(&user), json!({ "id": "john", "set": null, "unset": [] }));

    let channel = UpdateChannelPartialRequest::new().set("frozen", true);
    assert_eq!(json(&channel), json!({ "set": { "frozen": true } }));
    let message = UpdateMessagePartialRequest::new().unset(["color"]);
    assert_eq!(json(&message), json!({ "unset": ["color"] }));
    let message = UpdateMessagePartialRequest::new().clear_unset();
    assert_eq!(json(&message), json!({ "unset": null }));
}

#[test]
fn null_in_custom_data_is_sent_at_every_depth() {
    let user = UserRequest::new("john")
        .custom("nothing", None::<u8>)
        .custom("deep", json!({ "nothing": null, "list": [null, {}] }))
        .custom("unit", ());
    let expected = json!({ "id": "john", "custom": {
        "nothing": null, "deep": { "nothing": null, "list": [null, {}] }, "unit": null
    } });
    assert_eq!(support::json(&user).unwrap(), expected);
    let read: UserRequest = serde_json::from_value(expected).unwrap();
    assert_eq!(read, user);

    let message = MessageRequest::new().clear_custom();
    assert_eq!(support::json(&message).unwrap(), json!({ "custom": null }));
}

/// Encodes requests of several types through one function.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> serde_json::Value;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            crate::support::json(self).unwrap()
        }
    }
}
