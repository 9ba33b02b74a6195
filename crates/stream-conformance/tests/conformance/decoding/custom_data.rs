//! Custom data in events, flat and nested, is checked against the schema and not against the
//! decoder's table.

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};

use super::{DENSITY, tapes, valid};
use crate::decoding::json::Json;
use crate::decoding::tape::Tape;
use crate::support::{Kind, Object, Spec};
use stream_models::events::{EVENT_TYPES, Event};

/// Moves members that the schema does not have into `custom`, as the decoder should.
pub(super) fn nest(spec: &Spec, object: Object<'_>, value: &mut Value) {
    each_with_custom_data(spec, object, value, &mut |object, members| {
        let is_known = |name: &str| object.members().any(|(known, _)| known == name);
        let names: Vec<String> = members.keys().filter(|name| !is_known(name)).cloned().collect();
        let mut custom: Map<String, Value> =
            names.into_iter().filter_map(|name| members.remove_entry(&name)).collect();
        if let Some(Value::Object(nested)) = members.remove("custom") {
            custom.extend(nested);
        }
        members.insert("custom".to_owned(), custom.into());
    });
}

/// Calls `change` for every object that has custom data, the inner ones first.
fn each_with_custom_data(
    spec: &Spec,
    object: Object<'_>,
    value: &mut Value,
    change: &mut dyn FnMut(Object<'_>, &mut Map<String, Value>),
) {
    let Value::Object(members) = value else { return };
    for (name, schema) in object.members() {
        if let Some(value) = members.get_mut(name) {
            of_kind(spec, spec.kind(schema), value, change);
        }
    }
    let custom = object.members().find(|(name, _)| *name == "custom");
    if custom.is_some_and(|(_, schema)| matches!(spec.kind(schema), Kind::FreeForm)) {
        change(object, members);
    }
}

fn of_kind(
    spec: &Spec,
    kind: Kind<'_>,
    value: &mut Value,
    change: &mut dyn FnMut(Object<'_>, &mut Map<String, Value>),
) {
    match (kind, value) {
        (Kind::Object(object), value) => each_with_custom_data(spec, object, value, change),
        (Kind::List(items), Value::Array(list)) => {
            list.iter_mut().for_each(|item| of_kind(spec, spec.kind(items), item, change));
        }
        (Kind::Dict(values), Value::Object(entries)) => {
            entries.values_mut().for_each(|entry| of_kind(spec, spec.kind(values), entry, change));
        }
        _ => {}
    }
}

/// Returns the event with unknown names as custom data, in three forms: nested, flat, and mixed
/// under the names in documented bodies.
fn forms(spec: &Spec, object: Object<'_>, event: &Value) -> [Value; 3] {
    let mut nested = event.clone();
    each_with_custom_data(spec, object, &mut nested, &mut |_, members| {
        if let Some(Value::Object(custom)) = members.remove("custom") {
            let named = custom.into_iter().map(|(name, value)| (format!("myapp_{name}"), value));
            members.insert("custom".to_owned(), Value::Object(named.collect()));
        }
    });
    let mut flat = nested.clone();
    each_with_custom_data(spec, object, &mut flat, &mut |_, members| {
        if let Some(Value::Object(custom)) = members.remove("custom") {
            members.extend(custom);
        }
    });
    let mut mixed = nested.clone();
    each_with_custom_data(spec, object, &mut mixed, &mut |_, members| {
        if let Some(Value::Object(custom)) = members.remove("custom") {
            let mut parts = [Map::new(), Map::new(), Map::new()];
            for (index, (name, value)) in custom.into_iter().enumerate() {
                // The nested form takes precedence over the flat one.
                parts[0].insert(name.clone(), "overruled".into());
                parts[1 + index % 2].insert(name, value);
            }
            let [flat, alias, custom] = parts;
            members.extend(flat);
            members.insert("Custom".to_owned(), alias.into());
            members.insert("custom".to_owned(), custom.into());
        }
    });
    [nested, flat, mixed]
}

#[test]
fn every_event_is_the_same_in_every_form() {
    let spec = Spec::own();
    let mut with_custom_data = 0;
    for (event_type, schema) in EVENT_TYPES.iter().filter(|(kind, _)| *kind != "*") {
        let object = spec.object(schema);
        let outcome =
            TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() })
                .run(&tapes(), |tape| {
                    let Json::Object(mut members) =
                        valid(&spec, object, &mut Tape::new(tape), DENSITY)
                    else {
                        return Ok(());
                    };
                    members.retain(|(name, _)| name != "type");
                    members.push(("type".to_owned(), Json::Plain(json!(event_type))));
                    let event: Value =
                        serde_json::from_str(&Json::Object(members).to_string()).unwrap();
                    let read = forms(&spec, object, &event).map(|form| {
                        let text = form.to_string();
                        Event::from_slice(text.as_bytes())
                            .map_err(|error| format!("{text}\n{error}"))
                    });
                    let [nested, flat, mixed] = read;
                    if nested.is_err() || matches!(nested, Ok(Event::Other(_))) {
                        return Err(TestCaseError::fail(format!("{nested:?}")));
                    }
                    if flat != nested || mixed != nested {
                        let report = format!("nested {nested:?}\nflat {flat:?}\nmixed {mixed:?}");
                        return Err(TestCaseError::fail(report));
                    }
                    Ok(())
                });
        if let Err(error) = outcome {
            panic!("{event_type} ({schema}): {error}");
        }
        with_custom_data += usize::from(object.members().any(|(name, _)| name == "custom"));
    }
    assert_eq!(with_custom_data, EVENT_TYPES.len() - 1, "every event has custom data");
}
