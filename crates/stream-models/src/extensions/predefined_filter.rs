//! Predefined filters in queries.

use serde_json::{Map, Value};

use crate::channels::QueryChannelsRequest;

/// A filter that the app stores under a name, with the values of one query for its placeholders.
///
/// ```
/// use stream_models::PredefinedFilter;
/// use stream_models::channels::QueryChannelsRequest;
///
/// let mine = PredefinedFilter::new("mine").value("user", "john").value("least", 3);
/// let query = QueryChannelsRequest::from(mine).limit(10);
/// assert_eq!(
///     serde_json::to_value(&query)?,
///     serde_json::json!({
///         "predefined_filter": "mine",
///         "filter_values": { "user": "john", "least": 3 },
///         "limit": 10,
///     })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct PredefinedFilter {
    name: String,
    values: Map<String, Value>,
    sort_values: Map<String, Value>,
}

impl PredefinedFilter {
    /// Creates a query by the name of a stored filter.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), values: Map::new(), sort_values: Map::new() }
    }

    /// Returns a placeholder for a value that each query sets: `{{name}}`.
    ///
    /// String fields accept it directly, and others after
    /// [`Field::untyped`](crate::filter::Field::untyped).
    ///
    /// ```
    /// use stream_models::PredefinedFilter;
    /// use stream_models::channels::ChannelFilter;
    ///
    /// let mine = ChannelFilter::members().is_in([PredefinedFilter::placeholder("user")])
    ///     & ChannelFilter::member_count().untyped().gte(PredefinedFilter::placeholder("least"));
    /// assert_eq!(
    ///     serde_json::to_string(&mine)?,
    ///     r#"{"$and":[{"members":{"$in":["{{user}}"]}},{"member_count":{"$gte":"{{least}}"}}]}"#
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn placeholder(name: &str) -> String {
        format!("{{{{{name}}}}}")
    }

    /// Sets the value of a placeholder in the conditions.
    pub fn value(mut self, placeholder: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(placeholder.into(), value.into());
        self
    }

    /// Sets the value of a placeholder in the sort order.
    pub fn sort_value(mut self, placeholder: impl Into<String>, value: impl Into<Value>) -> Self {
        self.sort_values.insert(placeholder.into(), value.into());
        self
    }
}

/// Creates a query with the stored conditions and their stored sort order.
impl From<PredefinedFilter> for QueryChannelsRequest {
    fn from(filter: PredefinedFilter) -> Self {
        let mut query = Self::new().predefined_filter(filter.name);
        if !filter.values.is_empty() {
            query = query.filter_values(filter.values);
        }
        if !filter.sort_values.is_empty() {
            query = query.sort_values(filter.sort_values);
        }
        query
    }
}
