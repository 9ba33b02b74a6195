//! The query string of an operation.

use std::fmt::{self, Display};

use percent_encoding::utf8_percent_encode;
use serde::Serialize;
use serde_json::Value;

use super::InvalidRequest;
use super::path::RESERVED;
use crate::value::Cid;

/// Builds a percent-encoded query string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// Creates a query without parameters.
    #[must_use]
    pub const fn new() -> Self {
        Self(String::new())
    }

    /// Adds a string, number, boolean or timestamp, if it is set.
    pub fn scalar<T: Display>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.pair(name, &value.to_string());
        }
    }

    /// Adds the full ID of a channel, if it is set.
    ///
    /// # Errors
    /// It does not have the form `type:id`.
    pub fn cid(&mut self, name: &str, value: Option<&Cid>) -> Result<(), InvalidRequest> {
        if let Some(cid) = value {
            cid.check().map_err(|error| InvalidRequest::new(format!("query `{name}`: {error}")))?;
            self.pair(name, cid.as_str());
        }
        Ok(())
    }

    /// Adds a list of scalars joined by commas, if it is set.
    pub fn list<T: Display>(&mut self, name: &str, values: Option<&[T]>) {
        self.separated(name, values, ",");
    }

    /// Adds a list of scalars joined by a separator, if it is set.
    pub fn separated<T: Display>(&mut self, name: &str, values: Option<&[T]>, separator: &str) {
        if let Some(values) = values {
            let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
            self.pair(name, &texts.join(separator));
        }
    }

    /// Adds each scalar of a list as a parameter of this name, if the list is set.
    pub fn repeated<T: Display>(&mut self, name: &str, values: Option<&[T]>) {
        for value in values.into_iter().flatten() {
            self.pair(name, &value.to_string());
        }
    }

    /// Adds each member of an object as a parameter `name[member]`, if the object is set. Each
    /// element of a list is a parameter of its own.
    ///
    /// # Errors
    /// The value could not be encoded as JSON.
    pub fn deep<T: Serialize>(
        &mut self,
        name: &str,
        value: Option<&T>,
    ) -> Result<(), InvalidRequest> {
        if let Some(json) = json(name, value)? {
            self.deep_json(name, &json);
        }
        Ok(())
    }

    fn deep_json(&mut self, name: &str, json: &Value) {
        match json {
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.deep_json(name, element));
            }
            Value::Object(members) => {
                for (key, value) in members {
                    self.deep_json(&format!("{name}[{key}]"), value);
                }
            }
            scalar => text(scalar).iter().for_each(|text| self.pair(name, text)),
        }
    }

    /// Adds each member of an object as a parameter of the member's name, if the object is set.
    /// Each element of a list is a parameter of its own.
    ///
    /// # Errors
    /// The value could not be encoded as JSON.
    pub fn members<T: Serialize>(
        &mut self,
        name: &str,
        value: Option<&T>,
    ) -> Result<(), InvalidRequest> {
        match json(name, value)? {
            Some(Value::Object(members)) => {
                members.iter().for_each(|(key, value)| self.deep_json(key, value));
            }
            Some(other) => self.deep_json(name, &other),
            None => {}
        }
        Ok(())
    }

    /// Adds the names and the values of an object's members in turn, joined by commas, if the object
    /// is set.
    ///
    /// # Errors
    /// The value could not be encoded as JSON.
    pub fn flat<T: Serialize>(
        &mut self,
        name: &str,
        value: Option<&T>,
    ) -> Result<(), InvalidRequest> {
        match json(name, value)? {
            Some(Value::Object(members)) => {
                let texts =
                    members.into_iter().filter_map(|(key, value)| Some([key, text(&value)?]));
                let texts: Vec<String> = texts.flatten().collect();
                self.list(name, Some(&texts));
            }
            Some(other) => self.deep_json(name, &other),
            None => {}
        }
        Ok(())
    }

    /// Adds a value as JSON, if it is set.
    ///
    /// # Errors
    /// The value could not be encoded as JSON.
    pub fn json<T: Serialize>(
        &mut self,
        name: &str,
        value: Option<&T>,
    ) -> Result<(), InvalidRequest> {
        if let Some(value) = value {
            let json = serde_json::to_string(value)
                .map_err(|error| InvalidRequest::new(format!("query `{name}`: {error}")))?;
            self.pair(name, &json);
        }
        Ok(())
    }

    /// Adds a parameter, and encodes its name and its value.
    pub fn pair(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.extend(utf8_percent_encode(name, RESERVED));
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, RESERVED));
    }

    /// Returns whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the query string, without a question mark.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns a value as JSON, if it is set.
fn json<T: Serialize>(name: &str, value: Option<&T>) -> Result<Option<Value>, InvalidRequest> {
    value
        .map(serde_json::to_value)
        .transpose()
        .map_err(|error| InvalidRequest::new(format!("query `{name}`: {error}")))
}

/// Returns the text of a scalar, or the JSON of a list or an object; `null` has none.
fn text(json: &Value) -> Option<String> {
    match json {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_objects_have_other_styles() {
        let ids = ["a".to_owned(), "b c".to_owned()];
        let mut query = Query::new();
        query.separated("pipes", Some(&ids), "|");
        query.repeated("id", Some(&ids));
        query.repeated::<String>("none", None);
        let filter = serde_json::json!({ "a": { "b": 1 }, "c": [true, null, "d"], "e": null });
        query.deep("f", Some(&filter)).unwrap();
        query
            .members("all", Some(&serde_json::json!({ "x": 1, "y": ["b", true], "z": null })))
            .unwrap();
        query.flat("flat", Some(&serde_json::json!({ "x": 1, "y": "b", "z": null }))).unwrap();
        query.flat("flat", Some(&"text")).unwrap();
        assert_eq!(
            query.as_str(),
            "pipes=a%7Cb%20c&id=a&id=b%20c&f%5Ba%5D%5Bb%5D=1&f%5Bc%5D=true&f%5Bc%5D=d\
             &x=1&y=b&y=true&flat=x%2C1%2Cy%2Cb&flat=text"
        );
    }

    #[test]
    fn scalars_lists_and_json_are_encoded() {
        let mut query = Query::new();
        query.scalar("limit", Some(&3));
        query.scalar::<bool>("state", None);
        query.scalar("text", Some(&"a b+é"));
        query.list("ids", Some(&["a".to_owned(), "b".to_owned()]));
        query.cid("cid", Some(&"a:b".into())).unwrap();
        let error = query.cid("cid", Some(&"b".into())).unwrap_err().to_string();
        assert!(error.contains("`cid`") && error.contains("type:id"), "{error}");
        query.json("sort", Some(&serde_json::json!([{"field": "x"}]))).unwrap();
        assert_eq!(
            query.as_str(),
            "limit=3&text=a%20b%2B%C3%A9&ids=a%2Cb&cid=a%3Ab&sort=%5B%7B%22field%22%3A%22x%22%7D%5D"
        );
    }
}
