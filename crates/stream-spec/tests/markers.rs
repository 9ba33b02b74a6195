//! Nothing lacks a description or a method, and every named enum exists.

#![cfg(test)]

use serde_json::Value;

#[test]
fn nothing_is_marked_as_wanting_something() {
    let spec = stream_spec::workspace_root().join("spec");
    let mut marked = Vec::new();
    for part in stream_spec::parts(&spec).unwrap() {
        find(&part.value, &part.file, &mut marked);
    }
    assert!(
        marked.is_empty(),
        "describe these, or give them a row in verbs.yaml, and remove the mark: {marked:#?}"
    );
}

fn find(value: &Value, place: &str, marked: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            let marks = [stream_spec::WANTS_DESCRIPTION, stream_spec::WANTS_VERB];
            if marks.iter().any(|mark| object.contains_key(*mark)) {
                marked.push(place.to_owned());
            }
            for (key, value) in object {
                find(value, &format!("{place}.{key}"), marked);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find(item, &format!("{place}[{index}]"), marked);
            }
        }
        _ => {}
    }
}

#[test]
fn the_names_of_enums_are_free() {
    let document = stream_spec::own().unwrap();
    let words = stream_spec::Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    for name in words.enums.keys() {
        assert!(!document.schemas.contains_key(name), "enums.yaml: a schema is called {name} too");
    }
}
