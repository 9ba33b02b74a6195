//! Compares schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pairs::target;
use super::report::NO_LONGER_REQUIRED;
use super::{Comparison, Ways, texts};
use crate::spec::structure::Structure;

/// The maximum depth of inline schemas.
const MAX_DEPTH: usize = 32;

/// The effect of another type on senders and readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Widths {
    Same,
    /// All previous values are valid, and readers can still decode them.
    Wider,
    /// All previous values are valid, but there may be new ones that a reader does not expect.
    Looser,
    Narrower,
}

impl Comparison<'_> {
    /// Compares two schemas in the same place.
    pub(super) fn node(&mut self, place: &str, old: &Value, new: &Value, ways: Ways) {
        self.node_at(place, old, new, ways, 0);
    }

    fn node_at(&mut self, place: &str, old: &Value, new: &Value, ways: Ways, depth: usize) {
        if old == new || depth > MAX_DEPTH {
            return;
        }
        if let Some(flag) = changed(old, new, "deprecated") {
            let change = if flag { "deprecated" } else { "no longer deprecated" };
            self.report.harmless(place, change);
        }
        if let Some(nullable) = changed(old, new, "nullable") {
            let change = if nullable { "may be null now" } else { "may not be null any more" };
            self.report.add(ways.sent && !nullable, place, change);
        }
        // Two components are a separate pair, compared once.
        if target(old).is_some() && target(new).is_some() {
            return;
        }
        let (earlier, later) = (self.old, self.new);
        let (old, new) = (resolved(earlier, old), resolved(later, new));
        if !self.kind(place, old, new, ways) {
            return;
        }
        self.values(place, old, new);
        self.limits(place, old, new, ways);
        self.annotations(place, old, new, ways);
        self.queries(place, old, new);
        self.fields(place, old, new, ways, depth);
        let is_open = |value: &Value| {
            value.get("properties").is_some() && value.get("additionalProperties").is_some()
        };
        match (is_open(old), is_open(new)) {
            (true, false) => self.report.breaking(place, "has no members beyond those listed"),
            (false, true) => self.report.harmless(place, "has members beyond those listed"),
            _ => {}
        }
        for (key, suffix) in [("items", "[]"), ("additionalProperties", "{}")] {
            if let (Some(old), Some(new)) = (old.get(key), new.get(key)) {
                self.node_at(&format!("{place}{suffix}"), old, new, ways, depth + 1);
            }
        }
    }

    /// Compares the types, and returns whether the comparison should continue.
    fn kind(&mut self, place: &str, old: &Value, new: &Value, ways: Ways) -> bool {
        let (was, is) = (type_text(old), type_text(new));
        if was == is {
            return true;
        }
        // The values of such an enum determine how wide it is.
        let are_listed = |value: &Value| value.get("enum").is_some();
        if old.get("type") == new.get("type")
            && new.get("type").is_some_and(|kind| kind == "integer")
            && are_listed(old)
            && are_listed(new)
        {
            return true;
        }
        let widths = widths(old, new);
        let is_breaking = match widths {
            Widths::Same | Widths::Wider => false,
            Widths::Looser => ways.received,
            Widths::Narrower => true,
        };
        self.report.add(is_breaking, place, format!("type {was} became {is}"));
        old.get("type") == new.get("type") && target(old).is_none() && target(new).is_none()
    }

    fn values(&mut self, place: &str, old: &Value, new: &Value) {
        let (was, is) = (texts(old, "enum"), texts(new, "enum"));
        // The types already report an enum that is added or removed.
        if was.is_empty() || is.is_empty() {
            return;
        }
        for value in was.difference(&is) {
            self.report.breaking(place, format!("enum value {value} removed"));
        }
        for value in is.difference(&was) {
            self.report.harmless(place, format!("enum value {value} added"));
        }
    }

    fn limits(&mut self, place: &str, old: &Value, new: &Value, ways: Ways) {
        for (limit, is_upper) in [
            ("minLength", false),
            ("minItems", false),
            ("minimum", false),
            ("exclusiveMinimum", false),
            ("maxLength", true),
            ("maxItems", true),
            ("maximum", true),
            ("exclusiveMaximum", true),
        ] {
            let number = |value: &Value| value.get(limit).and_then(Value::as_f64);
            let (was, is) = (old.get(limit), new.get(limit));
            let (change, is_tighter) = match (was, is) {
                (Some(was), Some(is)) if was != is => {
                    let grew = number(old) < number(new);
                    (format!("{limit} {was} became {is}"), grew != is_upper)
                }
                // A lower limit of zero forbids nothing.
                (None, Some(is)) => {
                    let forbids = is_upper || limit == "minimum" || number(new) > Some(0.0);
                    (format!("{limit} {is} added"), forbids)
                }
                (Some(was), None) => (format!("{limit} {was} removed"), false),
                _ => continue,
            };
            self.report.add(is_tighter && ways.sent, place, change);
        }
        for limit in ["multipleOf", "pattern", "uniqueItems"] {
            let (was, is) = (old.get(limit), new.get(limit));
            if was != is {
                let change = match is {
                    Some(is) => format!("{limit} {is}"),
                    None => format!("{limit} removed"),
                };
                self.report.add(is.is_some() && ways.sent, place, change);
            }
        }
    }

    fn annotations(&mut self, place: &str, old: &Value, new: &Value, ways: Ways) {
        // The default of a response's field does not concern its reader.
        if ways.sent && old.get("default") != new.get("default") {
            let change = match new.get("default") {
                Some(default) => format!("default is {default} now"),
                None => "default removed".to_owned(),
            };
            self.report.harmless(place, change);
        }
        for (flag, way) in [("readOnly", ways.sent), ("writeOnly", ways.received)] {
            match changed(old, new, flag) {
                Some(true) => self.report.add(way, place, format!("{flag} now")),
                Some(false) => self.report.harmless(place, format!("no longer {flag}")),
                None => {}
            }
        }
        let key = |value: &Value| value.pointer("/x-stream-map/key").cloned();
        if key(old) != key(new) {
            self.report.harmless(place, "what the keys are is another");
        }
    }

    fn queries(&mut self, place: &str, old: &Value, new: &Value) {
        let filters = "x-stream-filter-fields";
        let (was, is) = (members(old, filters), members(new, filters));
        for (name, field) in &was {
            let place = format!("{place}: filter {name}");
            let Some(other) = is.get(name) else {
                self.report.breaking(place, "removed");
                continue;
            };
            let kind = |field: &Value| field.get("type").map(Value::to_string);
            let (was, is) = (kind(field).unwrap_or_default(), kind(other).unwrap_or_default());
            if was != is {
                self.report.breaking(&*place, format!("type {was} became {is}"));
            }
            let operators = "operators";
            self.set(&place, "operator", &texts(field, operators), &texts(other, operators));
        }
        for name in is.keys().filter(|name| !was.contains_key(*name)) {
            self.report.harmless(format!("{place}: filter {name}"), "added");
        }
        let sorts = "x-stream-sort-fields";
        self.set(place, "sort field", &texts(old, sorts), &texts(new, sorts));
        let (was, is) = (combinations(old), combinations(new));
        let (was, is) = (borrowed(&was), borrowed(&is));
        self.set(place, "sort combination", &was, &is);
    }

    fn set(&mut self, place: &str, what: &str, was: &BTreeSet<&str>, is: &BTreeSet<&str>) {
        for gone in was.difference(is) {
            self.report.breaking(place, format!("{what} {gone} removed"));
        }
        for come in is.difference(was) {
            self.report.harmless(place, format!("{what} {come} added"));
        }
    }

    fn fields(&mut self, place: &str, old: &Value, new: &Value, ways: Ways, depth: usize) {
        let (was, is) = (members(old, "properties"), members(new, "properties"));
        let (was_required, is_required) = (texts(old, "required"), texts(new, "required"));
        for (name, field) in &was {
            let place = format!("{place}.{name}");
            let Some(other) = is.get(name) else {
                self.report.breaking(place, "removed");
                continue;
            };
            let has_default = other.get("default").is_some();
            match (was_required.contains(name), is_required.contains(name)) {
                (false, true) => {
                    self.report.add(ways.sent && !has_default, &*place, "now required");
                }
                // It decodes as before, but without the import, its field would be an `Option`.
                (true, false) => self.report.harmless(&*place, NO_LONGER_REQUIRED),
                _ => {}
            }
            self.node_at(&place, field, other, ways, depth + 1);
        }
        for (name, field) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let place = format!("{place}.{name}");
            let is_required = is_required.contains(name);
            if is_required && ways.sent && field.get("default").is_none() {
                self.report.breaking(place, "added, and required");
            } else {
                self.report.harmless(place, "added");
            }
        }
    }
}

fn members<'a>(value: &'a Value, key: &str) -> BTreeMap<&'a str, &'a Value> {
    let members = value.get(key).and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
}

fn borrowed(set: &BTreeSet<String>) -> BTreeSet<&str> {
    set.iter().map(String::as_str).collect()
}

/// Returns the new value of a flag, if it has changed.
fn changed(old: &Value, new: &Value, flag: &str) -> Option<bool> {
    let is = |value: &Value| value.get(flag) == Some(&true.into());
    (is(old) != is(new)).then(|| is(new))
}

/// Returns the component of a reference, or the schema itself.
fn resolved<'a>(structure: &'a Structure, value: &'a Value) -> &'a Value {
    target(value).and_then(|name| structure.schemas.get(name)).unwrap_or(value)
}

fn combinations(value: &Value) -> BTreeSet<String> {
    let lists = super::super::structure::list(value, "x-stream-sort-combinations");
    lists
        .filter_map(Value::as_array)
        .map(|list| {
            let names: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            names.join(", ")
        })
        .collect()
}

/// Returns the type in words; the content of lists and maps is compared separately.
fn type_text(value: &Value) -> String {
    if let Some(name) = target(value) {
        return name.to_owned();
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let union = ["oneOf", "anyOf", "allOf"].into_iter().find(|key| value.get(*key).is_some());
    let several = texts(value, "type").into_iter().collect::<Vec<_>>().join(" or ");
    let several = Some(several.as_str()).filter(|several| !several.is_empty());
    let kind = text("type").or(several).or(union).unwrap_or("any");
    let mut words = vec![kind];
    words.extend(text("format"));
    words.extend(value.get("enum").map(|_| "enum"));
    let is_map = kind == "object" && value.get("properties").is_none();
    words.extend(is_map.then_some("map").filter(|_| value.get("additionalProperties").is_some()));
    words.join(" ")
}

fn widths(old: &Value, new: &Value) -> Widths {
    let kind = |value: &Value| {
        let text =
            |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        (text("type"), text("format"))
    };
    let is_any = |value: &Value| {
        value.as_object().is_some_and(|node| {
            !["type", "$ref", "oneOf", "anyOf", "allOf", "enum"]
                .iter()
                .any(|key| node.contains_key(*key))
        })
    };
    if is_any(new) {
        return Widths::Looser;
    }
    if target(old).is_some() || target(new).is_some() {
        return Widths::Narrower;
    }
    let ((was, was_format), (is, is_format)) = (kind(old), kind(new));
    let (had_enum, has_enum) = (old.get("enum").is_some(), new.get("enum").is_some());
    match (was.as_str(), is.as_str()) {
        ("integer", "number") if is_format != "date-time" => Widths::Looser,
        (was, is) if was != is => Widths::Narrower,
        _ if !had_enum && has_enum => Widths::Narrower,
        ("integer" | "number", _) if was_format != is_format => {
            let width = |format: &str| match format {
                "int32" | "float" => 1,
                "date-time" => 0,
                _ => 2,
            };
            match (width(&was_format), width(&is_format)) {
                (0, _) | (_, 0) => Widths::Narrower,
                (was, is) if was <= is => Widths::Wider,
                _ => Widths::Narrower,
            }
        }
        ("string", _) if was_format != is_format => {
            if is_format.is_empty() {
                Widths::Looser
            } else {
                Widths::Narrower
            }
        }
        ("object", _) => {
            let is_map = |value: &Value| value.get("properties").is_none();
            match (is_map(old), is_map(new)) {
                (true, false) | (false, true) => Widths::Narrower,
                _ => Widths::Same,
            }
        }
        _ if had_enum && !has_enum => Widths::Wider,
        _ => Widths::Same,
    }
}
