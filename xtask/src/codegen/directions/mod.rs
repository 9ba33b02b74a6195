//! Determines which schemas are sent and which are received.

use std::collections::{BTreeMap, BTreeSet};

use super::references::References;
use stream_spec::{Document, Operation, references_in};

/// The direction of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Only sent.
    Request,
    /// Only received.
    Response,
    /// Sent and received.
    Both,
}

impl Role {
    pub(crate) fn is_sent(self) -> bool {
        self != Self::Response
    }

    pub(crate) fn is_received(self) -> bool {
        self != Self::Request
    }
}

/// The directions of all schemas, and the operations that use them.
pub(crate) struct Directions {
    pub(crate) references: References,
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
    /// `METHOD /path` of the operations with this schema as request or response.
    pub(crate) bodies: BTreeMap<String, Vec<String>>,
    pub(crate) responses: BTreeMap<String, Vec<String>>,
    pub(crate) forms: BTreeSet<String>,
}

impl Directions {
    pub(crate) fn of(document: &Document, events: &BTreeMap<String, String>) -> Self {
        let references = References::of(document);
        let mut sent_roots = BTreeSet::new();
        let mut bodies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut responses: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut forms = BTreeSet::new();
        for operation in document.operations.values() {
            let operation = &operation.value;
            let endpoint = endpoint(operation);
            if let Some(body) = &operation.body {
                sent_roots.insert(body.schema.clone());
                bodies.entry(body.schema.clone()).or_default().push(endpoint.clone());
                if body.multipart {
                    forms.insert(body.schema.clone());
                }
            }
            for parameter in &operation.parameters {
                sent_roots.extend(references_in(&parameter.schema));
            }
            responses.entry(operation.response.clone()).or_default().push(endpoint);
        }
        let received_roots = responses.keys().chain(events.values()).map(String::as_str);
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        let received = owned(references.reach(received_roots));
        let sent = owned(references.reach(sent_roots.iter().map(String::as_str)));
        let mut directions = Self { references, sent, received, bodies, responses, forms };
        directions.add_orphans(document);
        directions
    }

    /// Assigns a direction to unused schemas by their names, and to what they refer to.
    fn add_orphans(&mut self, document: &Document) {
        let orphans: Vec<&str> = document
            .schemas
            .keys()
            .map(String::as_str)
            .filter(|name| !self.sent.contains(*name) && !self.received.contains(*name))
            .collect();
        // A schema that another one refers to gets the direction of that one. What refers to an orphan is an orphan.
        let others = |name: &&'_ str| {
            let name = *name;
            self.references.next(name).filter(move |other| *other != name).collect::<Vec<_>>()
        };
        let led_to: BTreeSet<&str> = orphans.iter().flat_map(others).collect();
        let (led_to, roots): (Vec<&str>, Vec<&str>) =
            orphans.into_iter().partition(|name| led_to.contains(name));
        let mut sent = BTreeSet::new();
        let mut received = BTreeSet::new();
        for name in roots.into_iter().chain(led_to) {
            if sent.contains(name) || received.contains(name) {
                continue;
            }
            let way = if is_sent_by_name(name) { &mut sent } else { &mut received };
            self.references.reach_further(way, name);
        }
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        let (sent, received): (BTreeSet<String>, BTreeSet<String>) = (owned(sent), owned(received));
        self.sent.extend(sent);
        self.received.extend(received);
    }

    /// Returns the direction of a schema.
    pub(crate) fn role(&self, name: &str) -> Role {
        match (self.sent.contains(name), self.received.contains(name)) {
            (true, true) => Role::Both,
            (true, false) => Role::Request,
            (false, _) => Role::Response,
        }
    }
}

/// Returns whether the name of a schema is that of a request.
fn is_sent_by_name(name: &str) -> bool {
    let is_event = name.ends_with("Event");
    !is_event && (name.contains("Request") || name.ends_with("Payload"))
}

pub(crate) fn endpoint(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use stream_spec::Located;

    #[test]
    fn what_nothing_uses_passes_its_direction_on() {
        let mut document = Document::default();
        let mut add = |name: &str, holds: &[&str]| {
            let reference = |name: &&str| json!({ "$ref": format!("#/components/schemas/{name}") });
            let properties: serde_json::Map<String, Value> =
                holds.iter().map(|name| ((*name).to_owned(), reference(name))).collect();
            let value = json!({ "type": "object", "properties": properties });
            document.schemas.insert(name.to_owned(), Located { value, place: name.to_owned() });
        };
        add("PermissionRequestEvent", &["Permission"]);
        add("Permission", &[]);
        add("FeedGroupRequest", &["Selector"]);
        add("Selector", &["SelectorRequest"]);
        add("SelectorRequest", &["Selector"]);
        add("Loop", &["LoopRequest"]);
        add("LoopRequest", &["Loop"]);
        add("Seen", &["Selector"]);
        let directions = Directions::of(&document, &BTreeMap::new());
        for (name, role) in [
            ("PermissionRequestEvent", Role::Response),
            ("Permission", Role::Response),
            ("FeedGroupRequest", Role::Request),
            ("Selector", Role::Both),
            ("SelectorRequest", Role::Both),
            ("Loop", Role::Response),
            ("LoopRequest", Role::Response),
        ] {
            assert_eq!(directions.role(name), role, "{name}");
        }
    }
}
