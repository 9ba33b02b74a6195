//! Partial updates of custom data: `set` and `unset`.

use serde_json::{Map, Value};

/// Sets a value at a dotted path, and creates the objects on the way. `custom.x` is the same as
/// `x`, and `custom` alone is all of the data.
pub(crate) fn set(custom: &mut Map<String, Value>, path: &str, value: Value) {
    match (path, value) {
        ("custom", Value::Object(whole)) => *custom = whole,
        (path, value) => insert(custom, path.strip_prefix("custom.").unwrap_or(path), value),
    }
}

fn insert(map: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((head, rest)) = path.split_once('.') else {
        map.insert(path.to_owned(), value);
        return;
    };
    let inner = map.entry(head).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}

/// Merges the fields of one value into another, at every depth.
pub(crate) fn merged(current: Value, change: Value) -> Value {
    match (current, change) {
        (Value::Object(mut current), Value::Object(change)) => {
            for (name, value) in change {
                let before = current.remove(&name).unwrap_or(Value::Null);
                current.insert(name, merged(before, value));
            }
            Value::Object(current)
        }
        (_, change) => change,
    }
}

/// Removes the value at a dotted path, if there is one.
pub(crate) fn unset(custom: &mut Map<String, Value>, path: &str) {
    if path == "custom" {
        custom.clear();
        return;
    }
    remove(custom, path.strip_prefix("custom.").unwrap_or(path));
}

fn remove(map: &mut Map<String, Value>, path: &str) {
    match path.split_once('.') {
        None => {
            map.remove(path);
        }
        Some((head, rest)) => {
            if let Some(Value::Object(inner)) = map.get_mut(head) {
                remove(inner, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dotted_paths_reach_into_objects() {
        let mut custom = Map::new();
        set(&mut custom, "address.city", json!("Delft"));
        set(&mut custom, "custom.color", json!("green"));
        set(&mut custom, "address.zip", json!(2611));
        unset(&mut custom, "address.zip");
        assert_eq!(Value::from(custom), json!({"address": {"city": "Delft"}, "color": "green"}));
    }

    #[test]
    fn custom_alone_is_the_whole() {
        let mut custom = Map::new();
        set(&mut custom, "a", json!(1));
        set(&mut custom, "custom", json!({"b": 2}));
        assert_eq!(Value::from(custom.clone()), json!({"b": 2}));
        unset(&mut custom, "custom");
        assert!(custom.is_empty());
    }
}
