//! Random responses that are valid by the schema.

use serde_json::{Value, json};

use super::json::Json;
use super::tape::Tape;
use crate::support::{Kind, Object, Spec};

/// The density with which every optional member is present.
pub(super) const EVERYTHING: usize = 100;

/// A valid response: its required members, some of the others, and timestamps as nanoseconds.
pub(super) struct Valid<'a> {
    pub(super) spec: &'a Spec,
    pub(super) tape: &'a mut Tape,
    /// The percentage of optional members.
    pub(super) density: usize,
}

impl Valid<'_> {
    pub(super) fn object(&mut self, object: Object<'_>, depth: usize) -> Json {
        let members: Vec<_> = object.members().collect();
        let mut made = Vec::new();
        // The tape may be too short for all members, so each must sometimes be the first.
        let first = self.tape.below(members.len().clamp(1, 256));
        for (name, schema) in members[first..].iter().chain(&members[..first]) {
            let kind = self.spec.kind(schema);
            let is_deep = matches!(kind, Kind::Object(_) | Kind::Union(_)) && depth == 0;
            let is_wanted = !is_deep && self.tape.chance(self.density);
            if object.is_required(name) || is_wanted {
                made.push(((*name).clone(), self.value(kind, depth)));
            }
        }
        Json::Object(made)
    }

    fn value(&mut self, kind: Kind<'_>, depth: usize) -> Json {
        Json::Plain(match kind {
            Kind::Object(object) => return self.object(object, depth.saturating_sub(1)),
            Kind::Union(branches) => {
                let branch = &branches[self.tape.below(branches.len().min(256))];
                return self.value(self.spec.kind(branch), depth.saturating_sub(1));
            }
            Kind::List(items) => {
                let items = self.spec.kind(items);
                let length = self.length(items, depth);
                return Json::List((0..length).map(|_| self.value(items, depth)).collect());
            }
            Kind::Dict(values) => {
                let values = self.spec.kind(values);
                let length = self.length(values, depth);
                let entry = |index| (format!("key{index}"), self.value(values, depth));
                return Json::Object((0..length).map(entry).collect());
            }
            Kind::Any => self.any(2),
            Kind::FreeForm => json!({ "a": self.any(2), "b": null, "c": self.any(1) }),
            Kind::Text => self.text().into(),
            Kind::Enum(values) => values[self.tape.below(values.len().min(256))].clone(),
            Kind::Bool => self.tape.pick(&[true, false]).into(),
            Kind::Whole => self.tape.pick(&WHOLE).into(),
            Kind::Float => self.tape.pick(&[0.5, 0.0, -1.25, 1e300, 0.1]).into(),
            Kind::Time => self.tape.pick(&NANOS).into(),
        })
    }

    fn length(&mut self, of: Kind<'_>, depth: usize) -> usize {
        if matches!(of, Kind::Object(_) | Kind::Union(_)) && depth == 0 {
            return 0;
        }
        self.tape.pick(&[1, 0, 2, 3])
    }

    pub(super) fn text(&mut self) -> String {
        match self.tape.below(8) {
            0..4 => "text".to_owned(),
            4 => String::new(),
            5 => "kung fu/é\u{1F600}\u{0}\"\\\n".to_owned(),
            6 => "2026-08-22T08:00:00Z".to_owned(),
            _ => "null".to_owned(),
        }
    }

    /// Returns data in which null has a meaning.
    pub(super) fn any(&mut self, depth: usize) -> Value {
        match self.tape.below(if depth == 0 { 6 } else { 8 }) {
            0 => json!(1),
            1 => Value::Null,
            2 => json!(self.text()),
            3 => json!(1.5),
            4 => json!(true),
            5 => json!(u64::MAX),
            6 => json!([self.any(depth - 1), self.any(depth - 1)]),
            _ => json!({ "x": self.any(depth - 1), "": [] }),
        }
    }
}

pub(super) const WHOLE: [i64; 5] = [7, 0, -1, i64::MAX, i64::MIN];

const NANOS: [i64; 5] = [1_787_385_600_123_456_789, 0, 1, -1, i64::MAX];
