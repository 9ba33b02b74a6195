//! What changed from one schema to another, and whether it breaks callers by Stream's own
//! definition: it does if a parameter, field, operation or event is gone, a required one came
//! without default, a type or enum is narrower, or a validation is new. It does not if endpoints,
//! fields of answers, optional parameters or enum values came, or if orders, sizes of what is
//! answered, texts and status codes are others.

mod nodes;
mod operations;
mod report;

pub(crate) use report::Report;

use super::structure::Structure;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::references_in;

/// Which way a schema travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ways {
    sent: bool,
    received: bool,
}

/// Both schemas, and what was found so far.
struct Comparison<'a> {
    old: &'a Structure,
    new: &'a Structure,
    report: Report,
}

/// Compares two schemas.
pub(crate) fn compare(old: &Structure, new: &Structure) -> Report {
    let mut comparison = Comparison { old, new, report: Report::default() };
    comparison.operations();
    comparison.events();
    comparison.schemas();
    comparison.report.sort();
    comparison.report
}

impl Comparison<'_> {
    fn events(&mut self) {
        let (old, new) = (self.old.events(), self.new.events());
        for (event, schema) in &old {
            let place = format!("event {event}");
            match new.get(event) {
                None => self.report.breaking(place, "removed"),
                Some(other) if other != schema => {
                    let same = self.old.schemas.get(schema) == self.new.schemas.get(other);
                    self.report.add(!same, place, format!("schema {schema} became {other}"));
                }
                Some(_) => {}
            }
        }
        for (event, schema) in &new {
            if !old.contains_key(event) {
                self.report.harmless(format!("event {event}"), format!("added, with {schema}"));
            }
        }
    }

    fn schemas(&mut self) {
        let (old, new) = (self.old, self.new);
        let (before, after) = (directions(old), directions(new));
        for (name, schema) in &new.schemas {
            if !old.schemas.contains_key(name) {
                self.report.harmless(name.clone(), "schema added");
                continue;
            }
            let Some(earlier) = old.schemas.get(name) else {
                continue;
            };
            let is = |side: fn(&Directions) -> &BTreeSet<String>| {
                side(&before).contains(name) || side(&after).contains(name)
            };
            let sent = is(|directions| &directions.sent);
            let ways = Ways {
                sent,
                // What nothing refers to is as good as read.
                received: is(|directions| &directions.received) || !sent,
            };
            self.component(name, earlier, schema, ways);
        }
        for name in old.schemas.keys() {
            // Where it was used, what is there instead is told.
            if !new.schemas.contains_key(name) {
                self.report.harmless(name.clone(), "schema removed; nothing refers to it any more");
            }
        }
    }
}

struct Directions {
    sent: BTreeSet<String>,
    received: BTreeSet<String>,
}

/// Which schemas are sent, and which received.
fn directions(structure: &Structure) -> Directions {
    let mut sent = BTreeSet::new();
    let mut received: BTreeSet<String> = structure.events().into_values().collect();
    for operation in structure.operations.values() {
        for part in ["parameters", "requestBody"] {
            sent.extend(operation.get(part).map(references_in).unwrap_or_default());
        }
        received.extend(operation.get("responses").map(references_in).unwrap_or_default());
    }
    let references: BTreeMap<&str, BTreeSet<String>> = structure
        .schemas
        .iter()
        .map(|(name, schema)| (name.as_str(), references_in(schema)))
        .collect();
    Directions { sent: reach(&references, sent), received: reach(&references, received) }
}

/// The schemas that can be reached from `roots`, with the roots.
pub(super) fn reach(
    references: &BTreeMap<&str, BTreeSet<String>>,
    roots: BTreeSet<String>,
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<String> = roots.into_iter().collect();
    while let Some(name) = open.pop() {
        if !seen.contains(&name) {
            open.extend(references.get(name.as_str()).into_iter().flatten().cloned());
            seen.insert(name);
        }
    }
    seen
}

/// The texts of a list.
fn texts<'a>(value: &'a Value, key: &str) -> BTreeSet<&'a str> {
    super::structure::list(value, key).filter_map(Value::as_str).collect()
}
