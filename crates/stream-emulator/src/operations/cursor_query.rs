//! Queries that are paginated by cursors.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::check_limit;
use crate::error::ApiError;
use crate::query::{CursorPage, Fields, Filter, Picked, Rule, Sort, SortKey};

/// The input of such a query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CursorQuery {
    #[serde(alias = "Filter")]
    filter: Option<Map<String, Value>>,
    #[serde(alias = "Sort")]
    sort: Option<Vec<SortKey>>,
    #[serde(flatten)]
    page: CursorPage,
}

impl CursorQuery {
    /// Returns the requested page of the items that match the filter. `key` identifies an item.
    pub(super) fn pick<T: Fields>(
        self,
        rules: &[Rule],
        all: impl Iterator<Item = T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Picked<T>, ApiError> {
        self.pick_up_to(100, rules, all, key)
    }

    /// Returns a page as [`Self::pick`] does, with at most `most` items.
    pub(super) fn pick_up_to<T: Fields>(
        self,
        most: usize,
        rules: &[Rule],
        all: impl Iterator<Item = T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Picked<T>, ApiError> {
        let limit = check_limit(self.page.limit, 25, most)?;
        let filter = Filter::parse(self.filter.unwrap_or_default(), rules)?;
        let sort = Sort::parse(self.sort, None, &[("created_at", -1)])?;
        let found = sort.apply(all.filter(|item| filter.matches(item)).collect());
        self.page.pick(found, limit, key)
    }
}
