//! Which way each schema travels.

mod references;

pub(crate) use references::References;

use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, Operation, references_in};

/// Which way a type travels.
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

/// Which way each schema travels, and in which operations.
pub(crate) struct Directions {
    pub(crate) references: References,
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
    /// `METHOD /path` of the operations whose body or answer the schema is.
    pub(crate) bodies: BTreeMap<String, Vec<String>>,
    pub(crate) answers: BTreeMap<String, Vec<String>>,
    pub(crate) forms: BTreeSet<String>,
}

impl Directions {
    pub(crate) fn of(document: &Document, events: &BTreeMap<String, String>) -> Self {
        let references = References::of(document);
        let mut sent_roots = BTreeSet::new();
        let mut bodies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
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
            answers.entry(operation.response.clone()).or_default().push(endpoint);
        }
        let received_roots = answers.keys().chain(events.values()).map(String::as_str);
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
        let received = owned(references.reach(received_roots));
        let sent = owned(references.reach(sent_roots.iter().map(String::as_str)));
        Self { references, sent, received, bodies, answers, forms }
    }

    /// A schema that nothing refers to counts by its name.
    pub(crate) fn role(&self, name: &str) -> Role {
        match (self.sent.contains(name), self.received.contains(name)) {
            (true, true) => Role::Both,
            (true, false) => Role::Request,
            (false, true) => Role::Response,
            (false, false) if name.contains("Request") => Role::Request,
            (false, false) => Role::Response,
        }
    }
}

pub(crate) fn endpoint(operation: &Operation) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}
