//! Constructors of sort orders.

use crate::SortParamRequest;

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
