use serde_json::{Map, Value};

use crate::shared::SortParamRequest;

impl SortParamRequest {
    /// Smallest, earliest or first in the alphabet first.
    pub fn ascending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(1)
    }

    /// Greatest, latest or last in the alphabet first.
    pub fn descending(field: impl Into<String>) -> Self {
        Self::new().field(field).direction(-1)
    }
}

/// A key of an order where the schema has a free-form object.
impl From<SortParamRequest> for Map<String, Value> {
    fn from(key: SortParamRequest) -> Self {
        let field = key.field.map(|field| ("field".to_owned(), field.into()));
        let way = key.direction.map(|way| ("direction".to_owned(), way.into()));
        let kind = key.type_.map(|kind| ("type".to_owned(), kind.into()));
        field.into_iter().chain(way).chain(kind).collect()
    }
}
