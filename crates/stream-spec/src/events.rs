//! The union of webhook events, whatever its name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::document::{Document, reference_name};

/// The names of the union in the published documents.
const KNOWN_NAMES: [&str; 2] = ["WHEvent", "WebhookEvent"];

/// The schema of each type of event; `*` is the type of custom events.
pub type Events = BTreeMap<String, String>;

/// Finds the union of webhook events among schemas, and returns its name and its events.
///
/// It is a `oneOf` with the discriminator `type`, most of whose members are events. A document may
/// have several, or none. The union of webhook events takes precedence, then the one with more
/// events.
pub fn event_union<'a>(
    schemas: impl Iterator<Item = (&'a str, &'a Value)> + Clone,
) -> Option<(&'a str, Events)> {
    let all: BTreeMap<&str, &Value> = schemas.clone().collect();
    let unions = schemas.filter_map(|(name, schema)| {
        let events = events_of(schema, &all);
        let are_events = events.iter().filter(|(kind, name)| is_event(kind, name, &all)).count();
        let is_union = KNOWN_NAMES.contains(&name) || are_events * 2 >= events.len();
        (is_union && !events.is_empty()).then_some((name, events))
    });
    unions.max_by(|(one, events), (other, others)| {
        let rank = |name: &str| {
            let known = KNOWN_NAMES.iter().position(|known| *known == name);
            let is_webhook = name.starts_with("WH") || name.to_lowercase().contains("webhook");
            (known.map(|position| KNOWN_NAMES.len() - position), is_webhook)
        };
        (rank(one), events.len(), other).cmp(&(rank(other), others.len(), one))
    })
}

/// Returns the members of a union by the value of their `type`; empty for other unions.
fn events_of(union: &Value, all: &BTreeMap<&str, &Value>) -> Events {
    let property = union.pointer("/discriminator/propertyName").and_then(Value::as_str);
    if property.is_some_and(|property| property != "type") {
        return Events::new();
    }
    let mapping = union.pointer("/discriminator/mapping").and_then(Value::as_object);
    let mapped: Events = mapping
        .into_iter()
        .flatten()
        .filter_map(|(event, target)| {
            let target = target.as_str()?;
            Some((event.clone(), reference_name(target).unwrap_or(target).to_owned()))
        })
        .collect();
    if !mapped.is_empty() {
        return mapped;
    }
    let members = union.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    members
        .filter_map(|member| {
            let name = member.get("$ref")?.as_str().and_then(reference_name)?;
            Some((type_value(all.get(name)?)?.to_owned(), name.to_owned()))
        })
        .collect()
}

/// Returns the constant value of a schema's `type`.
fn type_value(schema: &Value) -> Option<&str> {
    let property = schema.pointer("/properties/type")?;
    let values = property.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    let only = match values {
        Some([only]) => Some(only),
        _ => None,
    };
    property.get("default").or_else(|| property.get("const")).or(only)?.as_str()
}

fn is_event(kind: &str, name: &str, all: &BTreeMap<&str, &Value>) -> bool {
    let schema = all.get(name);
    let has = |key: &str| schema.is_some_and(|schema| schema.pointer(key).is_some());
    has("/x-stream-is-event")
        || has("/properties/type") && (kind.contains('.') || name.ends_with("Event"))
}

impl Document {
    /// Returns the name of the union of webhook events, if there is one.
    #[must_use]
    pub fn event_union(&self) -> Option<&str> {
        self.find_events().map(|(name, _)| name)
    }

    /// Returns the webhook events.
    #[must_use]
    pub fn events(&self) -> Events {
        self.find_events().map(|(_, events)| events).unwrap_or_default()
    }

    /// Removes the events from the union whose `type` is not kept.
    pub fn retain_events(&mut self, keep: impl Fn(&str) -> bool) {
        let Some((name, mut events)) =
            self.find_events().map(|(name, events)| (name.to_owned(), events))
        else {
            return;
        };
        events.retain(|event, _| keep(event));
        if let Some(union) = self.schemas.get_mut(&name) {
            narrow(&mut union.value, &events);
        }
    }

    fn find_events(&self) -> Option<(&str, Events)> {
        event_union(self.schemas.iter().map(|(name, schema)| (name.as_str(), &schema.value)))
    }
}

/// Reduces a union to these events.
pub fn narrow(union: &mut Value, events: &Events) {
    let reference = |name: &str| format!("#/components/schemas/{name}");
    let names: BTreeSet<&String> = events.values().collect();
    let variants: Vec<Value> =
        names.into_iter().map(|name| json!({ "$ref": reference(name) })).collect();
    let mapping: BTreeMap<&str, String> =
        events.iter().map(|(event, name)| (event.as_str(), reference(name))).collect();
    if let Value::Object(node) = union {
        node.insert("oneOf".to_owned(), variants.into());
        let discriminator = json!({ "propertyName": "type", "mapping": mapping });
        node.insert("discriminator".to_owned(), discriminator);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(union: &str) -> BTreeMap<String, Value> {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let event = |kind: &str| json!({ "type": "object", "properties": { "type": { "type": "string", "default": kind } } });
        let value = json!({
            "NewEvent": event("message.new"),
            "GoneEvent": event("message.deleted"),
            "Circle": event("circle"),
            "Shape": { "oneOf": [reference("Circle")], "discriminator": { "propertyName": "type", "mapping": { "circle": "Circle" } } },
            union: { "oneOf": [reference("NewEvent"), reference("GoneEvent")] },
        });
        value.as_object().unwrap().clone().into_iter().collect()
    }

    fn found(schemas: &BTreeMap<String, Value>) -> Option<(&str, Events)> {
        event_union(schemas.iter().map(|(name, value)| (name.as_str(), value)))
    }

    #[test]
    fn the_union_is_known_by_what_it_is() {
        for name in ["WHEvent", "WebhookEvent", "AnyEvent", "Zoo"] {
            let mut schemas = schemas(name);
            let (union, events) = found(&schemas).unwrap();
            assert_eq!(union, name);
            assert_eq!(events["message.new"], "NewEvent");
            assert_eq!(events.len(), 2);
            // The mapping has more events than the members.
            schemas.get_mut(name).unwrap()["discriminator"] = json!({ "propertyName": "type",
                "mapping": { "message.new": "#/components/schemas/NewEvent", "*": "GoneEvent" } });
            assert_eq!(found(&schemas).unwrap().1["*"], "GoneEvent");
        }
    }

    #[test]
    fn webhooks_come_before_other_events() {
        let mut schemas = schemas("WSEvent");
        assert_eq!(found(&schemas).unwrap().0, "WSEvent");
        let one = json!({ "oneOf": [{ "$ref": "#/components/schemas/NewEvent" }] });
        schemas.insert("SomeWebhookUnion".to_owned(), one.clone());
        assert_eq!(found(&schemas).unwrap().0, "SomeWebhookUnion");
        schemas.insert("WebhookEvent".to_owned(), one);
        assert_eq!(found(&schemas).unwrap().0, "WebhookEvent");
    }

    #[test]
    fn a_document_may_have_no_events() {
        let mut schemas = schemas("Zoo");
        schemas.remove("Zoo");
        assert_eq!(found(&schemas), None);
    }
}
