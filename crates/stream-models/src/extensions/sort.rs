//! Constructors of sort parameters.

use serde_json::{Map, Value};

use crate::shared::SortParamRequest;

impl SortParamRequest {
    /// Sorts by a field in ascending order.
    pub fn ascending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(1)
    }

    /// Sorts by a field in descending order.
    pub fn descending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(-1)
    }
}

/// Converts a sort parameter to the free-form object that some schemas have.
impl From<SortParamRequest> for Map<String, Value> {
    fn from(key: SortParamRequest) -> Self {
        let field = key.field.map(|field| ("field".to_owned(), field.into()));
        let way = key.direction.map(|way| ("direction".to_owned(), way.into()));
        let kind = key.type_.map(|kind| ("type".to_owned(), kind.into()));
        field.into_iter().chain(way).chain(kind).collect()
    }
}
