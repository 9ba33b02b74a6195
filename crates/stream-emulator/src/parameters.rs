//! The path and query parameters of a request.

use crate::error::ApiError;

/// The decoded parameters of the path.
#[derive(Debug, Clone, Default)]
pub(crate) struct PathParameters(Vec<(String, String)>);

impl PathParameters {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Returns a parameter of the path; empty if there is none of that name.
    pub(crate) fn get(&self, name: &str) -> &str {
        find(&self.0, name).unwrap_or_default()
    }
}

/// The decoded query.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryParameters(Vec<(String, String)>);

impl QueryParameters {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Sets a parameter unless the query has it.
    pub(crate) fn set_default(&mut self, name: &str, value: &str) {
        if self.get(name).is_none() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        find(&self.0, name)
    }

    /// Returns a required parameter.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).ok_or_else(|| ApiError::field(name, "is required"))
    }

    /// Returns a flag in one of the forms that Go's `strconv.ParseBool` accepts, since older Python SDKs send `True`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.get(name)
            .map(|text| match text {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
                "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
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

    /// Returns a comma-separated list.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.get(name)
            .into_iter()
            .flat_map(|text| text.split(','))
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
