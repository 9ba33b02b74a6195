use stream_models::shared::SortParamRequest;

/// The order of a query: one field, or several of which each orders what those before leave equal.
///
/// ```
/// use stream_chat::Sort;
/// use stream_chat::models::threads::ThreadSort;
///
/// let one = Sort::from(ThreadSort::last_message_at().descending());
/// let two = Sort::from([
///     ThreadSort::has_unread().descending(),
///     ThreadSort::last_message_at().descending(),
/// ]);
/// assert_eq!((one.into_iter().count(), two.into_iter().count()), (1, 2));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sort(Vec<SortParamRequest>);

impl From<SortParamRequest> for Sort {
    fn from(field: SortParamRequest) -> Self {
        Self(vec![field])
    }
}

impl<const N: usize> From<[SortParamRequest; N]> for Sort {
    fn from(fields: [SortParamRequest; N]) -> Self {
        Self(fields.into())
    }
}

impl From<Vec<SortParamRequest>> for Sort {
    fn from(fields: Vec<SortParamRequest>) -> Self {
        Self(fields)
    }
}

impl IntoIterator for Sort {
    type Item = SortParamRequest;
    type IntoIter = std::vec::IntoIter<SortParamRequest>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
