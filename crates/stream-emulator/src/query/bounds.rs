//! The bounds of a page: the ID or the creation of the items before and after it.

use serde::Deserialize;

use crate::state::Timestamp;

/// The bounds of a page by the IDs of users.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct IdBounds {
    #[serde(alias = "user_id_gt")]
    id_gt: Option<String>,
    #[serde(alias = "user_id_gte")]
    id_gte: Option<String>,
    #[serde(alias = "user_id_lt")]
    id_lt: Option<String>,
    #[serde(alias = "user_id_lte")]
    id_lte: Option<String>,
}

impl IdBounds {
    pub(crate) fn contain(&self, id: &str) -> bool {
        self.id_gt.as_deref().is_none_or(|bound| id > bound)
            && self.id_gte.as_deref().is_none_or(|bound| id >= bound)
            && self.id_lt.as_deref().is_none_or(|bound| id < bound)
            && self.id_lte.as_deref().is_none_or(|bound| id <= bound)
    }
}

/// The bounds of a page by when its items were created.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CreatedBounds {
    created_at_after: Option<Timestamp>,
    created_at_after_or_equal: Option<Timestamp>,
    created_at_before: Option<Timestamp>,
    created_at_before_or_equal: Option<Timestamp>,
}

impl CreatedBounds {
    pub(crate) fn contain(&self, at: Timestamp) -> bool {
        self.created_at_after.is_none_or(|bound| at > bound)
            && self.created_at_after_or_equal.is_none_or(|bound| at >= bound)
            && self.created_at_before.is_none_or(|bound| at < bound)
            && self.created_at_before_or_equal.is_none_or(|bound| at <= bound)
    }
}
