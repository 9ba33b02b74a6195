//! The conditions of a query.

use std::fmt;
use std::marker::PhantomData;

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::codec::decode::{Budget, Decode};

/// The conditions of a query, which select the channels, users, messages and so on that it returns.
///
/// `Q` is the query whose fields the conditions use: the conditions of
/// [`ChannelFilter`](crate::channels::ChannelFilter) create a `Filter<ChannelFilter>`. `&` and `|`
/// combine two filters and `!` inverts one; [`and`](Self::and), [`or`](Self::or) and
/// [`nor`](Self::nor) combine any number.
///
/// ```
/// use stream_models::{Filter, users::UserFilter};
///
/// let names = ["Tom", "Jane"].map(|name| UserFilter::name().autocomplete(name));
/// let filter = Filter::or(names) & !UserFilter::banned().eq(true);
/// assert_eq!(
///     serde_json::to_value(&filter)?,
///     serde_json::json!({ "$and": [
///         { "$or": [
///             { "name": { "$autocomplete": "Tom" } },
///             { "name": { "$autocomplete": "Jane" } },
///         ] },
///         { "$nor": [{ "banned": { "$eq": true } }] },
///     ] })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub struct Filter<Q = Untyped> {
    pub(super) conditions: Conditions,
    query: PhantomData<fn() -> Q>,
}

/// Marks a filter whose fields the schema does not list, such as that of a segment. JSON and the
/// filters of the queries that it may run convert into one, as does [`Filter::untyped`].
#[derive(Debug)]
pub enum Untyped {}

/// A filter object of any query.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conditions {
    pub(super) map: Map<String, Value>,
    /// The error of the first value that could not be serialized, returned when the request is
    /// encoded.
    pub(super) error: Option<Box<str>>,
}

impl<Q> Filter<Q> {
    /// Creates a filter without conditions, `{}`, which matches everything.
    pub fn new() -> Self {
        Self::of(Conditions::default())
    }

    /// Creates a filter from JSON, for conditions that the schema does not know. It is sent
    /// unchanged.
    ///
    /// A value that does not serialize as an object makes the request fail before it is sent.
    ///
    /// ```
    /// use stream_models::{Filter, channels::{ChannelFilter, QueryChannelsRequest}};
    /// use serde_json::json;
    ///
    /// let newer = Filter::raw(json!({ "mood": { "$like": "good" } }));
    /// let filter = newer & ChannelFilter::frozen().eq(false);
    /// let request = QueryChannelsRequest::new().filter_conditions(filter);
    /// assert_eq!(
    ///     serde_json::to_string(&request)?,
    ///     r#"{"filter_conditions":{"$and":[{"mood":{"$like":"good"}},{"frozen":{"$eq":false}}]}}"#
    /// );
    ///
    /// let request = QueryChannelsRequest::new().filter_conditions(Filter::raw(json!("mood")));
    /// assert!(serde_json::to_string(&request).is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn raw(filter: impl Serialize) -> Self {
        Self::of(Conditions::raw(serde_json::to_value(filter)))
    }

    /// Converts the filter for a field that accepts filters of several queries.
    pub fn untyped(self) -> Filter {
        Filter::of(self.conditions)
    }

    pub(super) const fn of(conditions: Conditions) -> Self {
        Self { conditions, query: PhantomData }
    }

    /// Returns whether there are no conditions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conditions.map.is_empty() && self.conditions.error.is_none()
    }

    /// Returns the filter object that will be sent.
    #[must_use]
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.conditions.map
    }
}

impl Conditions {
    /// Creates the condition `{field: {operator: operand}}`.
    pub(super) fn new(field: &str, operator: &str, operand: Result<Value, Box<str>>) -> Self {
        match operand {
            Ok(operand) => {
                Self { map: single(field, single(operator, operand).into()), error: None }
            }
            Err(error) => Self {
                map: Map::new(),
                error: Some(format!("filter on `{field}`: {error}").into()),
            },
        }
    }

    fn raw(filter: Result<Value, serde_json::Error>) -> Self {
        let error = match filter {
            Ok(Value::Object(map)) => return Self { map, error: None },
            Ok(other) => format!("filter: {other} is not an object"),
            Err(error) => format!("filter: {error}"),
        };
        Self { map: Map::new(), error: Some(error.into()) }
    }
}

/// Returns an object with one member.
pub(super) fn single(key: &str, value: Value) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert(key.to_owned(), value);
    map
}

impl<Q> Clone for Filter<Q> {
    fn clone(&self) -> Self {
        Self::of(self.conditions.clone())
    }
}

impl<Q> Default for Filter<Q> {
    fn default() -> Self {
        Self::new()
    }
}

impl<Q> PartialEq for Filter<Q> {
    fn eq(&self, other: &Self) -> bool {
        self.conditions == other.conditions
    }
}

impl<Q> fmt::Debug for Filter<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.conditions.error {
            None => write!(f, "Filter({})", Value::Object(self.as_map().clone())),
            Some(error) => write!(f, "Filter({error})"),
        }
    }
}

impl<Q> Serialize for Filter<Q> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.conditions.error {
            None => self.conditions.map.serialize(serializer),
            Some(error) => Err(S::Error::custom(error)),
        }
    }
}

/// Decodes any object as a filter, without checking fields and operators.
impl<'de, Q> Decode<'de> for Filter<Q> {
    fn decode<D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        let mut map = Map::new();
        map.decode(deserializer, budget)?;
        *self = Self::of(Conditions { map, error: None });
        Ok(())
    }
}

/// Decodes any object as a filter, without checking fields and operators.
impl<'de, Q> Deserialize<'de> for Filter<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(deserializer)?;
        Ok(Self::of(Conditions { map, error: None }))
    }
}
