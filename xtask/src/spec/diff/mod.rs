//! Compares two schemas, and decides which changes break callers by Stream's own definition.
//! Breaking changes are the removal of a parameter, field, operation or event, a new required one
//! without a default, a narrower type or enum, and a new validation. Not breaking are new
//! endpoints, fields of responses, optional parameters and enum values, fields of responses that
//! are no longer required, and changes of order, sizes of results, texts and status codes.
//!
//! Structures are compared, not names: schemas in the same place of both documents are one pair,
//! whatever their names.

mod nodes;
mod operations;
mod pairs;
mod report;

pub(crate) use report::Report;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::structure::Structure;
use pairs::Pairs;

/// The directions of a schema.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ways {
    sent: bool,
    received: bool,
}

const SENT: Ways = Ways { sent: true, received: false };
const RECEIVED: Ways = Ways { sent: false, received: true };

/// Both schemas, and the changes so far.
struct Comparison<'a> {
    old: &'a Structure,
    new: &'a Structure,
    pairs: Pairs,
    report: Report,
}

/// Compares two schemas.
pub(crate) fn compare(old: &Structure, new: &Structure) -> Report {
    let pairs = Pairs::find(old, new);
    let mut comparison = Comparison { old, new, pairs, report: Report::default() };
    comparison.operations();
    comparison.events();
    comparison.schemas();
    comparison.report.sort();
    comparison.report
}

/// Returns the earlier name of each renamed schema, where that is unambiguous.
pub(crate) fn renames(old: &Structure, new: &Structure) -> BTreeMap<String, String> {
    let pairs = Pairs::find(old, new).found.into_keys();
    let mut renames = BTreeMap::new();
    for (was, is) in pairs {
        if was != is && !old.schemas.contains_key(&is) && !new.schemas.contains_key(&was) {
            renames.entry(is).or_insert(was);
        }
    }
    renames
}

impl Comparison<'_> {
    fn events(&mut self) {
        let (old, new) = (self.old.events(), self.new.events());
        for event in old.keys().filter(|event| !new.contains_key(*event)) {
            self.report.breaking(format!("event {event}"), "removed");
        }
        for (event, schema) in &new {
            if !old.contains_key(event) {
                self.report.harmless(format!("event {event}"), format!("added, with {schema}"));
            }
        }
    }

    fn schemas(&mut self) {
        let (old, new) = (self.old, self.new);
        for ((was, is), pair) in std::mem::take(&mut self.pairs.found) {
            if let (Some(earlier), Some(later)) = (old.schemas.get(&was), new.schemas.get(&is)) {
                self.node(&pair.place, earlier, later, pair.ways);
            }
        }
        for (place, was, is) in std::mem::take(&mut self.pairs.replaced) {
            self.report.breaking(place, format!("type {was} became {is}"));
        }
        for name in new.schemas.keys().filter(|name| !self.pairs.new.contains(*name)) {
            self.report.harmless(name.clone(), "schema added");
        }
        for name in old.schemas.keys().filter(|name| !self.pairs.old.contains(*name)) {
            // The new schema is reported where the old one was used.
            self.report.harmless(name.clone(), "schema removed; nothing refers to it any more");
        }
    }
}

/// Returns the schemas that can be reached from `roots`, including them.
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

/// Returns the strings of a list.
fn texts<'a>(value: &'a Value, key: &str) -> BTreeSet<&'a str> {
    super::structure::list(value, key).filter_map(Value::as_str).collect()
}
