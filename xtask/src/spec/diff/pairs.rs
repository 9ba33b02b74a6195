//! Pairs the schemas of two documents by their places.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operations::{content_of, moves, parameters, success};
use super::{RECEIVED, SENT, Ways};
use crate::spec::structure::Structure;
use stream_spec::reference_name;

/// The maximum depth to which references are followed where the other side has an inline schema.
const MAX_DEPTH: usize = 12;

/// The properties of a pair of schemas.
#[derive(Debug)]
pub(super) struct Pair {
    /// The directions in both documents.
    pub(super) ways: Ways,
    /// The common name, or the place where the pair was found first.
    pub(super) place: String,
}

/// The pairs by their earlier and later names.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) found: BTreeMap<(String, String), Pair>,
    /// The places where a schema differs too much from the earlier one: place, earlier and later
    /// name.
    pub(super) replaced: BTreeSet<(String, String, String)>,
    /// The schemas of each side that are in a pair, or need none.
    pub(super) old: BTreeSet<String>,
    pub(super) new: BTreeSet<String>,
}

impl Pairs {
    pub(super) fn find(old: &Structure, new: &Structure) -> Self {
        let mut search = Search { old, new, pairs: Self::default() };
        for (endpoint, other) in moves(old, new) {
            let (Some(was), Some(is)) = (old.operations.get(&endpoint), new.operations.get(&other))
            else {
                continue;
            };
            let place = super::operations::place(&endpoint, was);
            search.operation(&place, was, is);
        }
        let (was, is) = (old.events(), new.events());
        for (event, schema) in &was {
            if let Some(other) = is.get(event) {
                search.names(schema, other, RECEIVED, &format!("event {event}"));
            }
        }
        for (structure, known) in [(old, &mut search.pairs.old), (new, &mut search.pairs.new)] {
            known.extend(structure.event_union().map(|(name, _)| name.to_owned()));
        }
        // A schema that nothing uses in either document counts as read, if it has kept its name.
        for name in old.schemas.keys() {
            let is_free = !search.pairs.old.contains(name) && !search.pairs.new.contains(name);
            if is_free && new.schemas.contains_key(name) {
                search.names(name, name, RECEIVED, name);
            }
        }
        search.pairs
    }
}

struct Search<'a> {
    old: &'a Structure,
    new: &'a Structure,
    pairs: Pairs,
}

impl Search<'_> {
    fn operation(&mut self, place: &str, old: &Value, new: &Value) {
        let (was, is) = (parameters(old), parameters(new));
        for (key, parameter) in &was {
            if let Some(other) = is.get(key)
                && let (Some(old), Some(new)) = (content_of(parameter), content_of(other))
            {
                let place = format!("{place}: {} parameter {}", key.0, key.1);
                self.node(old, new, SENT, &place, 0);
            }
        }
        if let (Some(old), Some(new)) = (old.get("requestBody"), new.get("requestBody"))
            && let (Some(old), Some(new)) = (content_of(old), content_of(new))
        {
            self.node(old, new, SENT, &format!("{place}: body"), 0);
        }
        if let (Some((_, old)), Some((_, new))) = (success(old), success(new))
            && let (Some(old), Some(new)) = (content_of(old), content_of(new))
        {
            self.node(old, new, RECEIVED, &format!("{place}: response"), 0);
        }
    }

    /// Pairs two components, and visits them if they were not yet paired in this direction.
    fn names(&mut self, was: &str, is: &str, ways: Ways, place: &str) {
        let (Some(old), Some(new)) = (self.old.schemas.get(was), self.new.schemas.get(is)) else {
            return;
        };
        if was != is && !are_alike(old, new) {
            self.pairs.replaced.insert((place.to_owned(), was.to_owned(), is.to_owned()));
            return;
        }
        let place = if was == is { was } else { place };
        let key = (was.to_owned(), is.to_owned());
        let pair = self
            .pairs
            .found
            .entry(key)
            .or_insert_with(|| Pair { ways: Ways::default(), place: place.to_owned() });
        let before = pair.ways;
        pair.ways.sent |= ways.sent;
        pair.ways.received |= ways.received;
        if pair.ways == before {
            return;
        }
        let place = pair.place.clone();
        self.pairs.old.insert(was.to_owned());
        self.pairs.new.insert(is.to_owned());
        self.inside(old, new, ways, &place, 0);
    }

    fn node(&mut self, old: &Value, new: &Value, ways: Ways, place: &str, depth: usize) {
        if let (Some(was), Some(is)) = (target(old), target(new)) {
            self.names(was, is, ways, place);
            return;
        }
        // A schema is inline on one side, and a component on the other.
        if depth < MAX_DEPTH {
            let old = resolved(self.old, old, &mut self.pairs.old);
            let new = resolved(self.new, new, &mut self.pairs.new);
            self.inside(old, new, ways, place, depth + 1);
        }
    }

    fn inside(&mut self, old: &Value, new: &Value, ways: Ways, place: &str, depth: usize) {
        let properties =
            |value: &Value| value.get("properties").and_then(Value::as_object).cloned();
        if let (Some(was), Some(is)) = (properties(old), properties(new)) {
            for (name, property) in &was {
                if let Some(other) = is.get(name) {
                    self.node(property, other, ways, &format!("{place}.{name}"), depth);
                }
            }
        }
        for (key, suffix) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let (Some(old), Some(new)) = (old.get(key), new.get(key)) {
                self.node(old, new, ways, &format!("{place}{suffix}"), depth);
            }
        }
        // Components may be references themselves.
        if target(old).is_some() || target(new).is_some() {
            self.node(old, new, ways, place, depth + 1);
        }
    }
}

/// Returns whether two schemas of different names may be the same: at least half of the fields of
/// the smaller one are in both.
fn are_alike(old: &Value, new: &Value) -> bool {
    let fields = |value: &Value| -> BTreeSet<String> {
        let properties = value.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|map| map.keys().cloned()).collect()
    };
    let (was, is) = (fields(old), fields(new));
    was.is_empty() == is.is_empty() && was.intersection(&is).count() * 2 >= was.len().min(is.len())
}

pub(super) fn target(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str().and_then(reference_name)
}

/// Returns the component of a reference, which is then compared where it is used.
fn resolved<'a>(
    structure: &'a Structure,
    value: &'a Value,
    known: &mut BTreeSet<String>,
) -> &'a Value {
    let component = target(value).and_then(|name| structure.schemas.get_key_value(name));
    component.map_or(value, |(name, component)| {
        known.insert(name.clone());
        component
    })
}
