use crate::filter::SortField;
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

impl SortField {
    /// Smallest, earliest or first in the alphabet first.
    pub fn ascending(self) -> SortParamRequest {
        SortParamRequest::ascending(self)
    }

    /// Greatest, latest or last in the alphabet first.
    pub fn descending(self) -> SortParamRequest {
        SortParamRequest::descending(self)
    }
}
