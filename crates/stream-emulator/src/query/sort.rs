//! Sorting of query results.

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::Value;

use super::{Fields, filter};
use crate::error::ApiError;

/// The maximum number of sort keys.
const MAX_KEYS: usize = 5;

/// A sort key.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SortKey {
    field: Option<String>,
    direction: Option<i32>,
}

impl SortKey {
    /// Returns 1 for an ascending order, and -1 for a descending one.
    pub(crate) fn direction(&self) -> Result<i32, ApiError> {
        match self.direction {
            None => Ok(1),
            Some(direction @ (1 | -1)) => Ok(direction),
            Some(direction) => {
                Err(ApiError::field("sort", format!("direction is {direction}, must be 1 or -1")))
            }
        }
    }
}

/// A sort order: the requested keys, or the default ones.
#[derive(Debug)]
pub(crate) struct Sort(Vec<(String, i32)>);

impl Sort {
    /// Parses a sort order. `allowed` lists the fields that can be sorted by; `None` allows any.
    pub(crate) fn parse(
        keys: Option<Vec<SortKey>>,
        allowed: Option<&[&str]>,
        usual: &[(&str, i32)],
    ) -> Result<Self, ApiError> {
        let keys = keys.unwrap_or_default();
        if keys.len() > MAX_KEYS {
            return Err(ApiError::field("sort", format!("at most {MAX_KEYS} fields are allowed")));
        }
        let mut asked = Vec::with_capacity(keys.len());
        for key in keys {
            let direction = key.direction()?;
            let Some(field) = key.field.filter(|field| !field.is_empty()) else {
                return Err(ApiError::field("sort", "each key must have a field"));
            };
            if allowed.is_some_and(|allowed| !allowed.contains(&field.as_str())) {
                return Err(ApiError::field("sort", format!("cannot sort by \"{field}\"")));
            }
            asked.push((field, direction));
        }
        if asked.is_empty() {
            asked = usual.iter().map(|(field, way)| ((*field).to_owned(), *way)).collect();
        }
        Ok(Self(asked))
    }

    /// Sorts the results. Those without the field come last, in either direction.
    pub(crate) fn apply<T: Fields>(&self, found: Vec<T>) -> Vec<T> {
        let mut keyed: Vec<(Vec<Option<Value>>, T)> = found
            .into_iter()
            .map(|item| (self.0.iter().map(|(field, _)| item.field(field)).collect(), item))
            .collect();
        keyed.sort_by(|(one, _), (other, _)| {
            one.iter()
                .zip(other)
                .zip(&self.0)
                .map(|((one, other), (_, way))| by_value(one.as_ref(), other.as_ref(), *way))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        keyed.into_iter().map(|(_, item)| item).collect()
    }
}

fn by_value(one: Option<&Value>, other: Option<&Value>, direction: i32) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => {
            let ordering = filter::order(one, other).unwrap_or(Ordering::Equal);
            if direction < 0 { ordering.reverse() } else { ordering }
        }
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}
