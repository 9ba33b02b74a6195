//! Queries that are paginated by cursors.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::check_limit;
use crate::error::ApiError;
use crate::query::{CursorPage, Fields, Filter, Picked, Rule, Sort, SortKey};

/// The input of such a query.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CursorQuery {
    #[serde(alias = "Filter")]
    filter: Option<Map<String, Value>>,
    #[serde(alias = "Sort")]
    sort: Option<Vec<SortKey>>,
    #[serde(flatten)]
    page: CursorPage,
    /// The fields that it can be sorted by; `None` allows any.
    #[serde(skip)]
    sortable: Option<&'static [&'static str]>,
    /// The default order, unless it is from the newest to the oldest.
    #[serde(skip)]
    default_order: Option<(&'static str, i32)>,
}

impl CursorQuery {
    /// Restricts the fields that it can be sorted by.
    pub(super) fn sortable_by(mut self, fields: &'static [&'static str]) -> Self {
        self.sortable = Some(fields);
        self
    }

    /// Sets the default order.
    pub(super) fn default_order(mut self, field: &'static str, direction: i32) -> Self {
        self.default_order = Some((field, direction));
        self
    }

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
        let default_order = self.default_order.unwrap_or(("created_at", -1));
        let sort = Sort::parse(self.sort, self.sortable, &[default_order])?;
        let found = sort.apply(all.filter(|item| filter.matches(item)).collect());
        self.page.pick(found, limit, key)
    }
}
