//! Validation of JSON against the schema.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

use crate::document::{Document, Operation, reference_name};

/// The direction of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// To the server: only members of the schema, timestamps as RFC 3339, no null.
    Sent,
    /// From the server: timestamps as nanoseconds.
    Received,
}

impl Document {
    /// Checks the body of a request: it has only members of the schema and all required ones, each
    /// has its type, enum values are known, and nothing is `null`.
    ///
    /// # Errors
    /// The body differs; the error has the JSON path.
    pub fn check_sent(&self, schema: &str, body: &Value) -> Result<()> {
        self.check_component(schema, body, Direction::Sent)
    }

    /// Checks a response: it has only members of the schema and all required ones, each has its
    /// type, and timestamps are integers of nanoseconds.
    ///
    /// # Errors
    /// The response differs; the error has the JSON path.
    pub fn check_received(&self, schema: &str, response: &Value) -> Result<()> {
        self.check_component(schema, response, Direction::Received)
    }

    /// Returns the operation of a method and a path.
    #[must_use]
    pub fn route(&self, method: &str, path: &str) -> Option<&Operation> {
        let matches = |operation: &&Operation| {
            let template = operation.path.split('/');
            operation.method.eq_ignore_ascii_case(method)
                && template.clone().count() == path.split('/').count()
                && template
                    .zip(path.split('/'))
                    .all(|(part, segment)| part.starts_with('{') || part == segment)
        };
        self.operations
            .values()
            .map(|operation| &operation.value)
            .filter(matches)
            // A fixed segment takes precedence over a parameter.
            .min_by_key(|operation| operation.path.matches('{').count())
    }

    fn check_component(&self, name: &str, value: &Value, direction: Direction) -> Result<()> {
        let schema =
            self.schemas.get(name).with_context(|| format!("there is no schema {name}"))?;
        self.check(&schema.value, value, direction, "$")
            .with_context(|| format!("not a {name}: {value}"))
    }

    fn check(&self, schema: &Value, value: &Value, direction: Direction, path: &str) -> Result<()> {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(reference_name) {
            let target = self.schemas.get(name).with_context(|| format!("no schema {name}"))?;
            return self.check(&target.value, value, direction, path);
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("format") == "date-time" || text("type") == "date" {
            return match direction {
                Direction::Sent => {
                    ensure!(value.is_string(), "{path}: {value} is not an RFC 3339 text");
                    Ok(())
                }
                Direction::Received => {
                    ensure!(value.is_i64(), "{path}: {value} is not a number of nanoseconds");
                    Ok(())
                }
            };
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let is_known = values.contains(value) || schema.get("type") == Some(&"integer".into());
            ensure!(is_known, "{path}: {value} is not one of the enum's values");
            return Ok(());
        }
        for branches in ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)?.as_array()) {
            let fits = |branch| self.check(branch, value, direction, path).is_ok();
            ensure!(branches.iter().any(fits), "{path}: {value} is none of the alternatives");
        }
        match text("type") {
            "string" => ensure!(value.is_string(), "{path}: {value} is not a text"),
            "boolean" => ensure!(value.is_boolean(), "{path}: {value} is not a boolean"),
            "integer" => ensure!(value.is_i64(), "{path}: {value} is not a whole number"),
            "number" => ensure!(value.is_number(), "{path}: {value} is not a number"),
            "array" => self.check_list(schema, value, direction, path)?,
            "object" => self.check_object(schema, value, direction, path)?,
            _ => {}
        }
        Ok(())
    }

    fn check_list(
        &self,
        schema: &Value,
        value: &Value,
        direction: Direction,
        path: &str,
    ) -> Result<()> {
        let Some(items) = value.as_array() else { bail!("{path}: {value} is not a list") };
        let schema = schema.get("items").unwrap_or(&Value::Null);
        items.iter().enumerate().try_for_each(|(index, item)| {
            self.check(schema, item, direction, &format!("{path}[{index}]"))
        })
    }

    fn check_object(
        &self,
        schema: &Value,
        value: &Value,
        direction: Direction,
        path: &str,
    ) -> Result<()> {
        let Some(object) = value.as_object() else { bail!("{path}: {value} is not an object") };
        let none = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let rest = schema.get("additionalProperties");
        for (key, value) in object {
            let path = format!("{path}.{key}");
            match properties.unwrap_or(&none).get(key) {
                Some(property) => self.check(property, value, direction, &path)?,
                None => match rest {
                    Some(rest) => self.check(rest, value, direction, &path)?,
                    None => ensure!(properties.is_none(), "{path}: the schema has no such member"),
                },
            }
        }
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            let name = required.as_str().unwrap_or_default();
            ensure!(object.contains_key(name), "{path}.{name}: missing, and required");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn differences_are_named_by_their_path() {
        let document = crate::own().unwrap();
        let good = json!({ "message": { "text": "a", "custom": { "x": null }, "pin_expires": "2026-01-01T00:00:00Z" } });
        document.check_sent("SendMessageRequest", &good).unwrap();
        for (bad, path) in [
            (json!({}), "$.message: missing"),
            (json!({ "message": { "text": 1 } }), "$.message.text"),
            (json!({ "message": { "text": null } }), "$.message.text"),
            (json!({ "message": { "txt": "a" } }), "$.message.txt"),
            (json!({ "message": { "type": "odd" } }), "$.message.type"),
            (json!({ "message": { "mentioned_users": ["a", 1] } }), "$.message.mentioned_users[1]"),
            (json!({ "message": { "pin_expires": 1 } }), "$.message.pin_expires"),
        ] {
            let error =
                format!("{:#}", document.check_sent("SendMessageRequest", &bad).unwrap_err());
            assert!(error.contains(path), "{error}");
        }
        assert!(document.check_received("Response", &json!({ "duration": "1ms" })).is_ok());
        assert!(document.check_received("Response", &json!({})).is_err());
    }

    #[test]
    fn requests_find_their_operation() {
        let document = crate::own().unwrap();
        let id = |method, path| document.route(method, path).map(|operation| operation.id.as_str());
        assert_eq!(id("POST", "/api/v2/chat/channels/messaging/a/message"), Some("SendMessage"));
        assert_eq!(id("GET", "/api/v2/users/block"), Some("GetBlockedUsers"));
        assert_eq!(id("GET", "/api/v2/imports/v2"), Some("ListImportV2Tasks"));
        assert_eq!(id("GET", "/api/v2/nothing"), None);
    }
}
