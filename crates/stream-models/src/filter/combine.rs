//! The operators `$and`, `$or` and `$nor`.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

use serde_json::{Map, Value};

use super::conditions::{Conditions, Filter, single};

const AND: &str = "$and";
const OR: &str = "$or";
const NOR: &str = "$nor";

impl<Q> Filter<Q> {
    /// Returns a filter that matches if all of the filters match: `{"$and": [...]}`.
    ///
    /// Filters without conditions are left out, and a nested `$and` is flattened. One filter stays
    /// unchanged, and an empty list gives [`Filter::new`].
    pub fn and(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Conditions::all(conditions(filters)))
    }

    /// Returns a filter that matches if at least one of the filters matches: `{"$or": [...]}`.
    ///
    /// A nested `$or` is flattened, and one filter stays unchanged. A filter without conditions,
    /// which matches everything, and an empty list are sent unchanged.
    pub fn or(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Conditions::any(conditions(filters)))
    }

    /// Returns a filter that matches if none of the filters matches: `{"$nor": [...]}`.
    ///
    /// A nested `$or` is flattened, which means the same.
    pub fn nor(filters: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Conditions::none(conditions(filters)))
    }
}

fn conditions<Q>(filters: impl IntoIterator<Item = Filter<Q>>) -> Vec<Conditions> {
    filters.into_iter().map(|filter| filter.conditions).collect()
}

impl Conditions {
    fn all(parts: Vec<Self>) -> Self {
        let mut operands = Operands::default();
        for part in parts {
            if part.error.is_some() || !part.map.is_empty() {
                operands.add(part, AND);
            }
        }
        operands.combine(AND, Map::new())
    }

    fn any(parts: Vec<Self>) -> Self {
        let mut operands = Operands::default();
        for part in parts {
            operands.add(part, OR);
        }
        operands.combine(OR, single(OR, Value::Array(Vec::new())))
    }

    fn none(parts: Vec<Self>) -> Self {
        let mut operands = Operands::default();
        for part in parts {
            operands.add(part, OR);
        }
        Self { map: single(NOR, operands.list.into()), error: operands.error }
    }
}

/// The filters that an operator combines.
#[derive(Default)]
struct Operands {
    list: Vec<Value>,
    error: Option<Box<str>>,
}

impl Operands {
    /// Adds a filter, or its parts if it consists only of the operator `nested`.
    fn add(&mut self, mut filter: Conditions, nested: &str) {
        if self.error.is_none() {
            self.error = filter.error;
        }
        if filter.map.len() == 1
            && let Some(Value::Array(parts)) = filter.map.get_mut(nested)
        {
            self.list.append(parts);
        } else {
            self.list.push(filter.map.into());
        }
    }

    fn combine(mut self, operator: &str, empty: Map<String, Value>) -> Conditions {
        let map = match self.list.as_mut_slice() {
            [] => empty,
            [Value::Object(only)] => std::mem::take(only),
            _ => single(operator, self.list.into()),
        };
        Conditions { map, error: self.error }
    }
}

/// Combines two filters like [`Filter::and`].
impl<Q> BitAnd for Filter<Q> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::and([self, other])
    }
}

impl<Q> BitAndAssign for Filter<Q> {
    fn bitand_assign(&mut self, other: Self) {
        *self = std::mem::take(self) & other;
    }
}

/// Combines two filters like [`Filter::or`].
impl<Q> BitOr for Filter<Q> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::or([self, other])
    }
}

impl<Q> BitOrAssign for Filter<Q> {
    fn bitor_assign(&mut self, other: Self) {
        *self = std::mem::take(self) | other;
    }
}

/// Inverts the filter like [`Filter::nor`].
impl<Q> Not for Filter<Q> {
    type Output = Self;

    fn not(self) -> Self {
        Self::nor([self])
    }
}
