//! The parameters of a request in its path and its query.

use super::ApiError;
use axum::extract::Query;
use http::Uri;
use serde_json::Value;

/// The decoded values of the path's parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathParameters(Vec<(String, String)>);

impl PathParameters {
    pub(super) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// A parameter of the path; empty if the path has none of that name.
    pub(crate) fn get(&self, name: &str) -> &str {
        find(&self.0, name).unwrap_or_default()
    }
}

/// The decoded query.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    pub(super) fn parse(uri: &Uri) -> Result<Self, ApiError> {
        Query::try_from_uri(uri)
            .map(|Query(pairs)| Self(pairs))
            .map_err(|error| ApiError::input(format!("the query cannot be read: {error}")))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        find(&self.0, name)
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.get(name)
            .map(|text| match text {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(ApiError::field(name, "must be true or false")),
            })
            .transpose()
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<usize>, ApiError> {
        self.get(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| ApiError::field(name, "must be a whole number, not below zero"))
            })
            .transpose()
    }

    /// A list, comma-joined.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.get(name)
            .into_iter()
            .flat_map(|text| text.split(','))
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A parameter that holds JSON; an empty object if it is absent.
    pub(crate) fn json(&self, name: &str) -> Result<Value, ApiError> {
        match self.get(name) {
            None => Ok(Value::Object(serde_json::Map::new())),
            Some(text) => serde_json::from_str(text)
                .map_err(|error| ApiError::field(name, format!("is not JSON: {error}"))),
        }
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
