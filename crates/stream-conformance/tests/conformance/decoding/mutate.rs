//! Harmless changes to valid responses.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::json::Json;
use super::valid::Valid;
use crate::support::{Kind, Object, Spec};
use stream_models::Timestamp;

/// All harmless changes to a valid response: unknown members at every level, unknown enum values,
/// another order of members, nulls and absences anywhere, both forms of timestamps, integers as
/// floats and the other way round, strings and lists of other lengths.
pub(super) struct Mutation<'a>(pub(super) Valid<'a>);

impl<'a> Mutation<'a> {
    pub(super) fn object(&mut self, object: Object<'a>, members: &mut Vec<(String, Json)>) {
        members.retain_mut(|(name, value)| {
            let schema = object.members().find(|(member, _)| *member == name);
            match self.0.tape.below(12) {
                10 => *value = Json::NULL,
                11 => return false,
                _ => {
                    if let Some((_, schema)) = schema {
                        self.value(self.0.spec.kind(schema), value);
                    }
                }
            }
            true
        });
        for name in ["newer_member", "_", "ID", "créé"] {
            if self.0.tape.chance(20) {
                let value = match self.0.tape.below(3) {
                    0 => Json::Plain(self.0.any(3)),
                    1 => Json::Number("-1.5e-7".to_owned()),
                    _ => Json::Plain(json!({ "deep": [[{ "id": null }]] })),
                };
                members.push((name.to_owned(), value));
            }
        }
        for last in (1..members.len().min(256)).rev() {
            members.swap(last, last - self.0.tape.below(last + 1));
        }
    }

    fn value(&mut self, kind: Kind<'a>, value: &mut Json) {
        let spec: &'a Spec = self.0.spec;
        match (kind, value) {
            (Kind::Object(object), Json::Object(members)) => self.object(object, members),
            (Kind::List(items), Json::List(list)) => {
                let items = spec.kind(items);
                for item in &mut *list {
                    self.value(items, item);
                }
                if self.0.tape.chance(15) {
                    list.push(Json::NULL);
                }
                if self.0.tape.chance(2) {
                    // Thousands of empty objects are refused, since they take far more memory than
                    // text.
                    let (length, filler) = match list.first() {
                        Some(Json::Object(_)) => (200, Json::Object(Vec::new())),
                        Some(Json::List(_)) => (1000, Json::List(Vec::new())),
                        Some(scalar) => (1000, scalar.clone()),
                        None => (1000, Json::NULL),
                    };
                    list.resize(length, filler);
                }
            }
            (Kind::Dict(values), Json::Object(entries)) => {
                let values = spec.kind(values);
                for (_, entry) in &mut *entries {
                    self.value(values, entry);
                }
                if self.0.tape.chance(15) {
                    entries.push(("nothing".to_owned(), Json::NULL));
                }
            }
            (_, value) => self.scalar(kind, value),
        }
    }

    fn scalar(&mut self, kind: Kind<'_>, value: &mut Json) {
        let Json::Plain(plain) = value else { return };
        match (kind, plain) {
            (Kind::Text, Value::String(text)) if self.0.tape.chance(2) => {
                *text = text.repeat(1 + 20_000 / (text.len() + 1));
            }
            (Kind::Enum(_), plain) if self.0.tape.chance(30) => {
                *plain = self.0.tape.pick(&["newer-value", "", "Unknown", "é"]).into();
            }
            (Kind::Whole, Value::Number(number)) if self.0.tape.chance(40) => {
                // Only numbers that a float represents exactly become one.
                if let Some(number) =
                    number.as_i64().filter(|number| number.unsigned_abs() < 1 << 53)
                {
                    let suffix = self.0.tape.pick(&[".0", "e0", ".000", ".0E+0"]);
                    *value = Json::Number(format!("{number}{suffix}"));
                }
            }
            (Kind::Float, plain) if self.0.tape.chance(40) => {
                *plain = self.0.tape.pick(&[3, 0, -1, i64::MAX]).into();
            }
            (Kind::Time, Value::Number(number)) if self.0.tape.chance(50) => {
                if let Some(nanos) = number.as_i64() {
                    *value = Json::Plain(self.rfc3339(nanos).into());
                }
            }
            _ => {}
        }
    }

    /// Returns the same timestamp as text, with another offset and at least as many digits as it
    /// needs.
    fn rfc3339(&mut self, nanos: i64) -> String {
        let moment = Timestamp::from_unix_nanos(nanos.into()).unwrap();
        match self.0.tape.below(4) {
            0 => moment.to_string(),
            1 => moment.to_string().replace('Z', "+00:00"),
            2 => {
                let mut text =
                    Timestamp::from_unix_seconds(moment.as_unix_seconds()).unwrap().to_string();
                text.pop();
                let _ = write!(text, ".{:09}000Z", moment.subsec_nanos());
                text
            }
            _ => {
                let hour = std::time::Duration::from_secs(3600);
                let local = moment.checked_add(hour).unwrap().to_string();
                local.replace('Z', "+01:00")
            }
        }
    }
}
