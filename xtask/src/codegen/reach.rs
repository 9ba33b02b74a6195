use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::Document;

/// Which way a type travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Only sent.
    Request,
    /// Only received.
    Response,
    /// Sent and received.
    Both,
}

impl Role {
    pub(super) fn is_sent(self) -> bool {
        self != Self::Response
    }

    pub(super) fn is_received(self) -> bool {
        self != Self::Request
    }
}

/// Who refers to whom among the schemas.
pub(super) struct References(BTreeMap<String, BTreeSet<String>>);

impl References {
    pub(super) fn of(document: &Document) -> Self {
        let of_schema = |(name, schema): (&String, &stream_spec::Located<Value>)| {
            let mut found = BTreeSet::new();
            collect(&schema.value, &mut found);
            (name.clone(), found)
        };
        Self(document.schemas.iter().map(of_schema).collect())
    }

    /// The schemas that can be reached from `roots`, with the roots.
    pub(super) fn reach<'a>(
        &'a self,
        roots: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = roots.into_iter().collect();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                open.extend(self.0.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        seen
    }

    /// Whether a value of `from` can hold another value of `from` by way of `to`.
    pub(super) fn is_cycle(&self, from: &str, to: &str) -> bool {
        self.reach([to]).contains(from)
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(stream_spec::reference_name)
            {
                found.insert(name.to_owned());
            }
            object.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// The schemas that a schema, wherever it stands, refers to directly.
pub(super) fn references_in(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found
}
