/// A field that a query can sort by.
///
/// ```
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
/// Where the schema does not list the fields that a query sorts by,
/// `SortParamRequest::ascending` and `SortParamRequest::descending` take any name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct SortField(&'static str);

impl SortField {
    /// Names a field; the generated queries do.
    #[inline]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name of the field on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl From<SortField> for String {
    fn from(field: SortField) -> Self {
        field.0.to_owned()
    }
}
