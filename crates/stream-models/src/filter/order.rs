//! The order of a query.

use std::fmt;
use std::marker::PhantomData;

use super::SortField;
use crate::shared::SortParamRequest;

/// The order of the query `Q`: one or more fields, each of which sorts the entries that are equal
/// by the fields before it.
///
/// ```
/// use stream_models::filter::Sort;
/// use stream_models::threads::{QueryThreadsRequest, ThreadSort};
///
/// let request = QueryThreadsRequest::new().sort([
///     ThreadSort::has_unread().descending(),
///     ThreadSort::last_message_at().descending(),
/// ]);
/// # assert_eq!(
/// #     serde_json::to_string(&request).unwrap(),
/// #     r#"{"sort":[{"direction":-1,"field":"has_unread"},{"direction":-1,"field":"last_message_at"}]}"#
/// # );
/// ```
///
/// A field that the schema does not list, such as one of custom data, is given by name:
///
/// ```
/// use stream_models::channels::{ChannelSort, QueryChannelsRequest};
/// use stream_models::filter::Sort;
///
/// let by_mood = Sort::field("myapp_mood").ascending();
/// let request = QueryChannelsRequest::new().sort(by_mood.then(ChannelSort::updated_at().descending()));
/// # assert_eq!(request.sort.as_ref().map(Vec::len), Some(2));
/// ```
#[must_use]
pub struct Sort<Q> {
    fields: Vec<SortParamRequest>,
    query: PhantomData<fn() -> Q>,
}

impl<Q> Sort<Q> {
    /// Creates a field that the schema does not list, such as one of custom data.
    pub fn field(name: impl Into<String>) -> SortField<Q> {
        SortField::custom(name)
    }

    /// Adds `next`, which sorts the entries that are equal by this order.
    pub fn then(mut self, next: impl Into<Self>) -> Self {
        self.fields.extend(next.into().fields);
        self
    }

    /// Converts the order to the form that is sent, for generated setters.
    #[doc(hidden)]
    pub fn of(order: impl Into<Self>) -> Vec<SortParamRequest> {
        order.into().fields
    }
}

impl<Q> From<SortParamRequest> for Sort<Q> {
    fn from(field: SortParamRequest) -> Self {
        vec![field].into()
    }
}

impl<Q> From<Vec<SortParamRequest>> for Sort<Q> {
    fn from(fields: Vec<SortParamRequest>) -> Self {
        Self { fields, query: PhantomData }
    }
}

impl<Q, const N: usize> From<[Self; N]> for Sort<Q> {
    fn from(orders: [Self; N]) -> Self {
        orders.into_iter().collect()
    }
}

impl<Q> From<Vec<Self>> for Sort<Q> {
    fn from(orders: Vec<Self>) -> Self {
        orders.into_iter().collect()
    }
}

impl<Q> FromIterator<Self> for Sort<Q> {
    fn from_iter<I: IntoIterator<Item = Self>>(orders: I) -> Self {
        let fields: Vec<_> = orders.into_iter().flat_map(|order| order.fields).collect();
        fields.into()
    }
}

impl<Q> IntoIterator for Sort<Q> {
    type Item = SortParamRequest;
    type IntoIter = std::vec::IntoIter<SortParamRequest>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.into_iter()
    }
}

impl<Q> Clone for Sort<Q> {
    fn clone(&self) -> Self {
        self.fields.clone().into()
    }
}

impl<Q> PartialEq for Sort<Q> {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl<Q> fmt::Debug for Sort<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sort").field(&self.fields).finish()
    }
}

impl<Q> SortField<Q> {
    /// Sorts by the field in ascending order.
    pub fn ascending(self) -> Sort<Q> {
        SortParamRequest::ascending(self).into()
    }

    /// Sorts by the field in descending order.
    pub fn descending(self) -> Sort<Q> {
        SortParamRequest::descending(self).into()
    }
}
