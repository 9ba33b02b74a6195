//! Lists in parts, with search.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::parameters::QueryParameters;

/// The maximum number of items in one part.
const MAX_LIMIT: usize = 500;
const DEFAULT_LIMIT: usize = 100;

/// The requested part of a list.
#[derive(Debug)]
pub(super) struct Listing {
    /// The search text in lower case; empty for all items.
    needle: String,
    offset: usize,
    limit: usize,
}

impl Listing {
    pub(super) fn read(query: &QueryParameters) -> Result<Self, ApiError> {
        Ok(Self {
            needle: query.get("q").unwrap_or_default().trim().to_lowercase(),
            offset: query.number("offset")?.unwrap_or_default(),
            limit: query.number("limit")?.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT),
        })
    }

    /// Returns whether one of the texts contains the search text.
    pub(super) fn matches<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        self.needle.is_empty()
            || texts.into_iter().any(|text| text.to_lowercase().contains(&self.needle))
    }

    /// Returns the requested part, with the total number of items.
    pub(super) fn part<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        show: impl Fn(T) -> Value,
    ) -> Value {
        let mut total = 0;
        let mut shown = Vec::new();
        for item in items {
            if total >= self.offset && shown.len() < self.limit {
                shown.push(show(item));
            }
            total += 1;
        }
        json!({"total": total, "offset": self.offset, "items": shown})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(pairs: &[(&str, &str)]) -> Listing {
        let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Listing::read(&QueryParameters::new(pairs.collect())).unwrap()
    }

    #[test]
    fn a_part_counts_all() {
        let part = listing(&[("offset", "2"), ("limit", "2")]).part(0..5, Value::from);
        assert_eq!(part, json!({"total": 5, "offset": 2, "items": [2, 3]}));
        let part = listing(&[("offset", "9"), ("limit", "100000")]).part(0..5, Value::from);
        assert_eq!(part, json!({"total": 5, "offset": 9, "items": []}));
    }

    #[test]
    fn a_search_knows_no_case() {
        assert!(listing(&[("q", " ÄNNE ")]).matches(["x", "Änne"]));
        assert!(!listing(&[("q", "z")]).matches(["x"]));
        assert!(listing(&[]).matches([]));
    }
}
