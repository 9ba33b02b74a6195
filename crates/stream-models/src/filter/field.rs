//! The fields that a query can filter on.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use super::conditions::{Conditions, Filter};
use super::operators::{
    AllowsAny, AllowsAutocomplete, AllowsContains, AllowsEq, AllowsExists, AllowsGt, AllowsGte,
    AllowsIn, AllowsLt, AllowsLte, AllowsNe, AllowsNin, AllowsQ,
};
use super::value::sealed::Sealed as _;
use super::value::{FilterValue, Json};

/// A field that the query `Q` can filter on, with values of type `T` and the operators `O`.
///
/// Only the operators that the schema allows on the field compile; the documentation of the
/// field lists them.
///
/// ```
/// use stream_models::channels::ChannelFilter;
///
/// let count = ChannelFilter::member_count();
/// let small_groups = count.gt(2) & count.lte(10);
/// # assert_eq!(
/// #     serde_json::to_string(&small_groups).unwrap(),
/// #     r#"{"$and":[{"member_count":{"$gt":2}},{"member_count":{"$lte":10}}]}"#
/// # );
/// ```
#[must_use]
pub struct Field<Q, T, O> {
    name: Cow<'static, str>,
    #[expect(clippy::type_complexity)]
    kind: PhantomData<fn() -> (Q, T, O)>,
}

impl<Q, T, O> Field<Q, T, O> {
    /// Creates a field with a name from the schema, for generated queries.
    #[doc(hidden)]
    #[inline]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), kind: PhantomData }
    }

    /// Creates a field of the application's custom data, for generated queries.
    #[doc(hidden)]
    pub fn custom(name: impl Into<String>) -> Self {
        Self { name: Cow::Owned(name.into()), kind: PhantomData }
    }

    /// Returns the name of the field on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Creates a condition with an operator or a value that the schema does not know:
    /// `{field: {operator: value}}`.
    ///
    /// Use it for an operator that is newer than this version, or for a value of another type.
    ///
    /// ```
    /// use stream_models::channels::ChannelFilter;
    ///
    /// let filter = ChannelFilter::cid().raw("$like", "messaging:%");
    /// assert_eq!(serde_json::to_string(&filter)?, r#"{"cid":{"$like":"messaging:%"}}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn raw(&self, operator: &str, value: impl Serialize) -> Filter<Q> {
        self.condition(operator, Json::from(value).into_json())
    }

    /// Returns the field with values of any type, such as a placeholder in a predefined filter.
    pub fn untyped(&self) -> Field<Q, Json, O> {
        Field { name: self.name.clone(), kind: PhantomData }
    }

    fn condition(&self, operator: &str, operand: Result<Value, Box<str>>) -> Filter<Q> {
        Filter::of(Conditions::new(&self.name, operator, operand))
    }

    fn text(&self, operator: &str, text: impl Into<String>) -> Filter<Q> {
        self.condition(operator, Ok(Value::String(text.into())))
    }
}

impl<Q, T: FilterValue, O> Field<Q, T, O> {
    fn one(&self, operator: &str, value: impl Into<T>) -> Filter<Q> {
        self.condition(operator, value.into().into_json())
    }

    fn list(&self, operator: &str, values: impl IntoIterator<Item = impl Into<T>>) -> Filter<Q> {
        let values = values.into_iter().map(|value| value.into().into_json());
        self.condition(operator, values.collect::<Result<_, _>>().map(Value::Array))
    }
}

impl<Q, T: FilterValue, O: AllowsEq> Field<Q, T, O> {
    /// Matches if the field has this value: `{field: {"$eq": value}}`.
    pub fn eq(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$eq", value)
    }
}

impl<Q, T: FilterValue, O: AllowsNe> Field<Q, T, O> {
    /// Matches if the field does not have this value: `{field: {"$ne": value}}`.
    pub fn ne(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$ne", value)
    }
}

impl<Q, T: FilterValue, O: AllowsIn> Field<Q, T, O> {
    /// Matches if the field has one of these values: `{field: {"$in": [value, ...]}}`.
    ///
    /// A list, such as the members of a channel, has to contain one of them.
    pub fn is_in(&self, values: impl IntoIterator<Item = impl Into<T>>) -> Filter<Q> {
        self.list("$in", values)
    }
}

impl<Q, T: FilterValue, O: AllowsNin> Field<Q, T, O> {
    /// Matches if the field has none of these values: `{field: {"$nin": [value, ...]}}`.
    pub fn not_in(&self, values: impl IntoIterator<Item = impl Into<T>>) -> Filter<Q> {
        self.list("$nin", values)
    }
}

impl<Q, T: FilterValue, O: AllowsGt> Field<Q, T, O> {
    /// Matches if the field is greater or later than this value: `{field: {"$gt": value}}`.
    pub fn gt(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$gt", value)
    }
}

impl<Q, T: FilterValue, O: AllowsGte> Field<Q, T, O> {
    /// Matches if the field is this value, or greater or later: `{field: {"$gte": value}}`.
    pub fn gte(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$gte", value)
    }
}

impl<Q, T: FilterValue, O: AllowsLt> Field<Q, T, O> {
    /// Matches if the field is less or earlier than this value: `{field: {"$lt": value}}`.
    pub fn lt(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$lt", value)
    }
}

impl<Q, T: FilterValue, O: AllowsLte> Field<Q, T, O> {
    /// Matches if the field is this value, or less or earlier: `{field: {"$lte": value}}`.
    pub fn lte(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$lte", value)
    }
}

impl<Q, T: FilterValue, O: AllowsExists> Field<Q, T, O> {
    /// Matches if the field is set, or with `false` if it is not set: `{field: {"$exists": true}}`.
    pub fn exists(&self, exists: bool) -> Filter<Q> {
        self.condition("$exists", Ok(exists.into()))
    }
}

impl<Q, T: FilterValue, O: AllowsAutocomplete> Field<Q, T, O> {
    /// Matches if a word of the field begins with this text: `{field: {"$autocomplete": text}}`.
    pub fn autocomplete(&self, text: impl Into<String>) -> Filter<Q> {
        self.text("$autocomplete", text)
    }
}

impl<Q, T: FilterValue, O: AllowsContains> Field<Q, T, O> {
    /// Matches if the list in the field contains this value: `{field: {"$contains": value}}`.
    pub fn contains(&self, value: impl Into<T>) -> Filter<Q> {
        self.one("$contains", value)
    }
}

impl<Q, T: FilterValue, O: AllowsQ> Field<Q, T, O> {
    /// Matches if a full-text search for this text finds the field: `{field: {"$q": text}}`.
    pub fn search(&self, text: impl Into<String>) -> Filter<Q> {
        self.text("$q", text)
    }
}

impl<Q, T: FilterValue, O: AllowsAny> Field<Q, T, O> {
    /// Matches if the field matches any of these values: `{field: {"$any": [value, ...]}}`.
    pub fn any(&self, values: impl IntoIterator<Item = impl Into<T>>) -> Filter<Q> {
        self.list("$any", values)
    }
}

impl<Q, T, O> Clone for Field<Q, T, O> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), kind: PhantomData }
    }
}

impl<Q, T, O> fmt::Debug for Field<Q, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({})", self.name)
    }
}
