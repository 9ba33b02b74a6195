//! The fields that a query can sort by.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A field that the query `Q` can sort by, such as those of `ThreadSort`; `Sort::field` takes any
/// name.
#[must_use]
pub struct SortField<Q> {
    name: Cow<'static, str>,
    query: PhantomData<fn() -> Q>,
}

impl<Q> SortField<Q> {
    /// Creates a field with a name from the schema, for generated queries.
    #[doc(hidden)]
    #[inline]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), query: PhantomData }
    }

    /// Creates a field that the schema does not list.
    #[doc(hidden)]
    pub fn custom(name: impl Into<String>) -> Self {
        Self { name: Cow::Owned(name.into()), query: PhantomData }
    }

    /// Returns the name of the field on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<Q> Clone for SortField<Q> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), query: PhantomData }
    }
}

impl<Q> fmt::Debug for SortField<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SortField({})", self.name)
    }
}

impl<Q> From<SortField<Q>> for String {
    fn from(field: SortField<Q>) -> Self {
        field.name.into_owned()
    }
}
