//! Compares operations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::report::NO_LONGER_REQUIRED;
use super::{Comparison, RECEIVED, SENT};
use crate::spec::structure::Structure;
use stream_spec::QueryStyle;

/// A path and a method.
pub(super) type Endpoint = (String, String);

/// Returns the current place of each earlier operation that still exists.
pub(super) fn moves(old: &Structure, new: &Structure) -> BTreeMap<Endpoint, Endpoint> {
    let (was, is) = (by_id(old), by_id(new));
    let moved = |endpoint: &Endpoint, operation: &Value| -> Option<Endpoint> {
        if new.operations.contains_key(endpoint) {
            return Some(endpoint.clone());
        }
        let mut alike = new.operations.keys().filter(|other| is_alike(endpoint, other));
        if let (Some(other), None) = (alike.next(), alike.next()) {
            return Some(other.clone());
        }
        // Only a unique ID identifies an operation.
        let is_unique = was.get(id(operation)).is_some_and(|found| found.len() == 1);
        match is.get(id(operation)).filter(|_| is_unique).map(Vec::as_slice) {
            Some([other]) if !old.operations.contains_key(*other) => Some((*other).clone()),
            _ => None,
        }
    };
    let operations = old.operations.iter();
    operations
        .filter_map(|(endpoint, was)| Some((endpoint.clone(), moved(endpoint, was)?)))
        .collect()
}

fn by_id(structure: &Structure) -> BTreeMap<&str, Vec<&Endpoint>> {
    let mut ids: BTreeMap<&str, Vec<&Endpoint>> = BTreeMap::new();
    for (endpoint, operation) in &structure.operations {
        ids.entry(id(operation)).or_default().push(endpoint);
    }
    ids
}

impl Comparison<'_> {
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let moves = moves(old, new);
        for (endpoint, operation) in &old.operations {
            let place = place(endpoint, operation);
            let Some(other) = moves.get(endpoint) else {
                self.report.breaking(place, "operation removed");
                continue;
            };
            let is_renamed = is_alike(endpoint, other);
            if is_renamed && other != endpoint {
                self.report.harmless(&place, format!("path became {}", other.0));
            } else if other != endpoint {
                self.report.breaking(&place, format!("moved to {}", name(other)));
            }
            let headers = |structure: &Structure, endpoint: &Endpoint| {
                structure.headers.get(endpoint).cloned().unwrap_or_default()
            };
            for header in headers(new, other).difference(&headers(old, endpoint)) {
                self.report.breaking(format!("{place}: {header}"), "added, and required");
            }
            if let Some(later) = new.operations.get(other) {
                let renamed = is_renamed.then(|| renamed(later, &other.0, &endpoint.0));
                self.operation(&place, operation, renamed.as_ref().unwrap_or(later));
            }
        }
        for (endpoint, operation) in &new.operations {
            if !moves.values().any(|other| other == endpoint) {
                self.report.harmless(place(endpoint, operation), "operation added");
            }
        }
    }

    fn operation(&mut self, place: &str, old: &Value, new: &Value) {
        if id(old) != id(new) {
            self.report.harmless(place, format!("operation id became {}", id(new)));
        }
        if old.get("deprecated") != new.get("deprecated") {
            let change =
                if new.get("deprecated").is_some() { "deprecated" } else { "no longer deprecated" };
            self.report.harmless(place, change);
        }
        if old.get("tags") != new.get("tags") {
            self.report.harmless(place, "tags are others");
        }
        self.parameters(place, old, new);
        self.body(place, old.get("requestBody"), new.get("requestBody"));
        self.response(place, old, new);
    }

    fn parameters(&mut self, place: &str, old: &Value, new: &Value) {
        let (old, new) = (parameters(old), parameters(new));
        for ((location, name), parameter) in &old {
            let place = format!("{place}: {location} parameter {name}");
            let Some(other) = new.get(&(*location, *name)) else {
                self.report.breaking(place, "removed");
                continue;
            };
            let is_required = |value: &Value| value.get("required").is_some();
            match (is_required(parameter), is_required(other)) {
                (false, true) => self.report.add(!has_default(other), &*place, "now required"),
                (true, false) => self.report.harmless(&*place, NO_LONGER_REQUIRED),
                _ => {}
            }
            if style(parameter) != style(other) {
                self.report.breaking(&*place, "is sent in another style");
            }
            match (media(parameter), media(other)) {
                (Some((_, old)), Some((_, new))) => self.node(&place, old, new, SENT),
                (None, None) => {
                    if let (Some(old), Some(new)) = (parameter.get("schema"), other.get("schema")) {
                        self.node(&place, old, new, SENT);
                    }
                }
                (None, Some(_)) => self.report.breaking(place, "is one JSON text now"),
                (Some(_), None) => self.report.breaking(place, "is not one JSON text any more"),
            }
        }
        for ((location, name), parameter) in &new {
            if old.contains_key(&(*location, *name)) {
                continue;
            }
            let place = format!("{place}: {location} parameter {name}");
            if parameter.get("required").is_some() && !has_default(parameter) {
                self.report.breaking(place, "added, and required");
            } else {
                self.report.harmless(place, "added");
            }
        }
    }

    fn body(&mut self, place: &str, old: Option<&Value>, new: Option<&Value>) {
        let place = format!("{place}: body");
        let is_required = |body: &Value| body.get("required").is_some();
        match (old, new) {
            (None, None) => {}
            (Some(_), None) => self.report.breaking(place, "removed"),
            (None, Some(new)) if is_required(new) => {
                self.report.breaking(place, "added, and required");
            }
            (None, Some(_)) => self.report.harmless(place, "added"),
            (Some(old), Some(new)) => {
                match (is_required(old), is_required(new)) {
                    (false, true) => self.report.breaking(&*place, "now required"),
                    (true, false) => self.report.harmless(&*place, "no longer required"),
                    _ => {}
                }
                if let (Some((was, old)), Some((is, new))) = (media(old), media(new)) {
                    if was != is {
                        self.report.breaking(&*place, format!("{was} became {is}"));
                    }
                    self.node(&place, old, new, SENT);
                }
            }
        }
    }

    fn response(&mut self, place: &str, old: &Value, new: &Value) {
        let (known, now) = (successes(old), successes(new));
        if let [first, ..] = now.as_slice()
            && known.contains(first)
        {
            for status in now.iter().filter(|status| !known.contains(*status)) {
                let change = format!("status {status} added; decoded as that of {first}");
                self.report.harmless(format!("{place}: response"), change);
            }
        }
        let (Some((was, old)), Some((is, new))) = (success(old), success(new)) else {
            return;
        };
        let place = format!("{place}: response");
        if was != is {
            self.report.harmless(&*place, format!("status {was} became {is}"));
        }
        match (media(old), media(new)) {
            (Some((was, old)), Some((is, new))) => {
                if was != is {
                    self.report.breaking(&*place, format!("{was} became {is}"));
                }
                self.node(&place, old, new, RECEIVED);
            }
            (Some(_), None) => self.report.breaking(place, "has no content any more"),
            (None, Some(_)) => self.report.harmless(place, "has content now"),
            (None, None) => {}
        }
    }
}

fn id(operation: &Value) -> &str {
    operation.get("operationId").and_then(Value::as_str).unwrap_or_default()
}

fn name((path, method): &Endpoint) -> String {
    format!("{} {path}", method.to_uppercase())
}

pub(super) fn place(endpoint: &Endpoint, operation: &Value) -> String {
    format!("{} ({})", name(endpoint), id(operation))
}

pub(super) fn parameters(operation: &Value) -> BTreeMap<(&str, &str), &Value> {
    super::super::structure::list(operation, "parameters")
        .filter_map(|parameter| {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str);
            Some(((text("in")?, text("name")?), parameter))
        })
        .collect()
}

/// Returns whether two endpoints differ only in the names of the parameters in their paths.
fn is_alike((path, method): &Endpoint, (other, other_method): &Endpoint) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let is_name = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
        let segments = path.split('/');
        segments
            .map(|segment| if is_name(segment) { "{}".to_owned() } else { segment.to_owned() })
            .collect()
    };
    method == other_method && segments(path) == segments(other)
}

/// Returns an operation with the names that the parameters in its path have in another path.
fn renamed(operation: &Value, path: &str, other: &str) -> Value {
    let mut operation = operation.clone();
    let names: BTreeMap<&str, &str> = path.split('/').zip(other.split('/')).collect();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        if parameter.get("in").is_none_or(|place| place != "path") {
            continue;
        }
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        let name = names.get(&*format!("{{{name}}}")).map(|name| name.trim_matches(['{', '}']));
        if let (Some(name), Some(parameter)) = (name.map(str::to_owned), parameter.as_object_mut())
        {
            parameter.insert("name".to_owned(), name.into());
        }
    }
    operation
}

/// Returns the style of a list or an object in the query, or of a value in the path.
fn style(parameter: &Value) -> (QueryStyle, Option<&Value>) {
    let kind = parameter.pointer("/schema/type").and_then(Value::as_str);
    let is_scalar =
        kind.is_some_and(|kind| ["boolean", "integer", "number", "string"].contains(&kind));
    let is_path = parameter.get("in").is_some_and(|place| place == "path");
    let in_path = parameter.get("style").filter(|style| is_path && *style != "simple");
    let has_style = !is_path && !is_scalar;
    (if has_style { QueryStyle::of(parameter) } else { QueryStyle::default() }, in_path)
}

fn has_default(parameter: &Value) -> bool {
    parameter.pointer("/schema/default").is_some()
}

/// Returns the schema of a parameter, a body or a response.
pub(super) fn content_of(value: &Value) -> Option<&Value> {
    media(value).map(|(_, schema)| schema).or_else(|| value.get("schema"))
}

/// Returns the first media type and its schema.
fn media(value: &Value) -> Option<(&str, &Value)> {
    let (media, value) = value.get("content")?.as_object()?.iter().next()?;
    Some((media, value.get("schema")?))
}

fn successes(operation: &Value) -> Vec<&str> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let statuses = responses.into_iter().flatten().map(|(status, _)| status.as_str());
    statuses.filter(|status| status.starts_with('2')).collect()
}

/// Returns the first success status and its response.
pub(super) fn success(operation: &Value) -> Option<(&str, &Value)> {
    let responses = operation.get("responses")?.as_object()?;
    let (status, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    Some((status, response))
}
