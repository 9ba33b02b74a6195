//! The JSON types of values that are stored as they were sent.

use serde_json::{Map, Value};

use super::Timestamp;

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// One of these texts.
    Choice(&'static [&'static str]),
    Bool,
    Integer,
    Number,
    Time,
    List,
    /// A list of strings.
    Texts,
    /// A list whose items have a type.
    Items(&'static Kind),
    Object,
    /// An object whose values have a type.
    Values(&'static Kind),
    /// An object with fields of these types. Unknown fields may have any.
    Fields(&'static [(&'static str, Kind)]),
    /// A type that stands elsewhere.
    Of(&'static Kind),
}

/// A value of a wrong type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The path of the value, from the name that was checked.
    pub(crate) path: String,
    /// What the value must be.
    pub(crate) expected: String,
}

impl Mismatch {
    /// Returns the mismatch with its path from an outer place. Paths are composed only here, since
    /// most values have the right type.
    fn within(mut self, outer: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = [outer, dot, &self.path].concat();
        self
    }
}

impl Kind {
    /// Refuses a value of a wrong type, at any depth. Inside of a value, `null` is the same as
    /// absence.
    pub(crate) fn check(self, path: &str, value: &Value) -> Result<(), Mismatch> {
        let mismatch = || Mismatch { path: path.to_owned(), expected: self.expected() };
        let list = || value.as_array().ok_or_else(mismatch);
        let object = || value.as_object().ok_or_else(mismatch);
        match self {
            Self::Items(kind) => {
                let mut items = list()?.iter().enumerate().filter(|(_, item)| !item.is_null());
                items.try_for_each(|(at, item)| {
                    let checked = kind.check("", item);
                    checked.map_err(|mismatch| mismatch.within(&format!("{path}[{at}]")))
                })
            }
            Self::Values(kind) => check_fields(path, object()?, |_| Some(*kind)),
            Self::Fields(fields) => check_fields(path, object()?, |name| {
                fields.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
            }),
            Self::Of(kind) => kind.check(path, value),
            simple => simple.admits(value).then_some(()).ok_or_else(mismatch),
        }
    }

    fn admits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Choice(choices) => value.as_str().is_some_and(|text| choices.contains(&text)),
            Self::Bool => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::Time => Timestamp::parse(value).is_some(),
            Self::List | Self::Items(_) => value.is_array(),
            Self::Texts => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            Self::Object | Self::Values(_) | Self::Fields(_) => value.is_object(),
            Self::Of(kind) => kind.admits(value),
        }
    }

    fn expected(self) -> String {
        match self {
            Self::Text => "a string".to_owned(),
            Self::Choice(choices) => format!("one of [{}]", choices.join(" ")),
            Self::Bool => "a boolean".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Time => "a time (RFC 3339)".to_owned(),
            Self::List | Self::Items(_) => "a list".to_owned(),
            Self::Texts => "a list of strings".to_owned(),
            Self::Object | Self::Values(_) | Self::Fields(_) => "an object".to_owned(),
            Self::Of(kind) => kind.expected(),
        }
    }
}

fn check_fields(
    path: &str,
    fields: &Map<String, Value>,
    kind: impl Fn(&str) -> Option<Kind>,
) -> Result<(), Mismatch> {
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        // SDKs that have no unset fields send an empty text for a choice that was not made.
        let is_unset = |kind: &Kind| matches!(kind, Kind::Choice(_)) && value == "";
        if let Some(kind) = kind(name).filter(|kind| !is_unset(kind)) {
            kind.check(name, value).map_err(|mismatch| match path {
                "" => mismatch,
                _ => mismatch.within(path),
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULES: Kind = Kind::Fields(&[
        ("enabled", Kind::Bool),
        ("rules", Kind::Items(&Kind::Fields(&[("action", Kind::Choice(&["flag", "remove"]))]))),
        ("words", Kind::Values(&Kind::Texts)),
    ]);

    #[test]
    fn a_mismatch_names_its_place() {
        for (value, path, expected) in [
            (json!([]), "config", "an object"),
            (json!({"enabled": 1}), "config.enabled", "a boolean"),
            (json!({"rules": {}}), "config.rules", "a list"),
            (json!({"rules": [null, "x"]}), "config.rules[1]", "an object"),
            (
                json!({"rules": [{"action": "no"}]}),
                "config.rules[0].action",
                "one of [flag remove]",
            ),
            (json!({"words": {"a": "b"}}), "config.words.a", "a list of strings"),
        ] {
            let found = RULES.check("config", &value).unwrap_err();
            assert_eq!((found.path.as_str(), found.expected.as_str()), (path, expected));
        }
    }

    #[test]
    fn what_is_unknown_unset_or_null_is_accepted() {
        for value in [
            json!({}),
            json!({"enabled": null, "rules": null, "color": [1]}),
            json!({"rules": [{"action": ""}, {"action": "flag"}], "words": {"a": [], "b": null}}),
        ] {
            assert_eq!(RULES.check("config", &value), Ok(()), "{value}");
        }
    }
}
