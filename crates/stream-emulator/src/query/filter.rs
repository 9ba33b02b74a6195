//! Filters over JSON documents.
//!
//! A document is what can be asked about something: its fields, with times as nanoseconds, and
//! its custom data beside them.

use crate::{server::ApiError, state::Moment};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// A condition on a document.
#[derive(Debug)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    None(Vec<Filter>),
    Field(String, Operator, Value),
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    In,
    NotIn,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Exists,
    Contains,
    Autocomplete,
    Query,
}

impl Operator {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "$eq" => Self::Equal,
            "$ne" => Self::NotEqual,
            "$in" => Self::In,
            "$nin" => Self::NotIn,
            "$gt" => Self::Greater,
            "$gte" => Self::GreaterOrEqual,
            "$lt" => Self::Less,
            "$lte" => Self::LessOrEqual,
            "$exists" => Self::Exists,
            "$contains" => Self::Contains,
            "$autocomplete" => Self::Autocomplete,
            "$q" => Self::Query,
            _ => return None,
        })
    }
}

impl Filter {
    /// Reads `filter_conditions`. The nesting is as deep as the JSON parser lets pass.
    pub(crate) fn parse(conditions: Map<String, Value>) -> Result<Self, ApiError> {
        let mut all = Vec::with_capacity(conditions.len());
        for (name, value) in conditions {
            match name.as_str() {
                "$and" => all.push(Self::All(Self::parse_list(&name, value)?)),
                "$or" => all.push(Self::Any(Self::parse_list(&name, value)?)),
                "$nor" => all.push(Self::None(Self::parse_list(&name, value)?)),
                operator if operator.starts_with('$') => return Err(unknown(operator)),
                _ => all.extend(Self::parse_field(&name, value)?),
            }
        }
        Ok(Self::All(all))
    }

    fn parse_list(name: &str, value: Value) -> Result<Vec<Self>, ApiError> {
        let Value::Array(parts) = value else {
            return Err(ApiError::field("filter_conditions", format!("{name} takes a list")));
        };
        parts
            .into_iter()
            .map(|part| match part {
                Value::Object(part) => Self::parse(part),
                _ => Err(ApiError::field("filter_conditions", format!("{name} takes objects"))),
            })
            .collect()
    }

    fn parse_field(name: &str, value: Value) -> Result<Vec<Self>, ApiError> {
        let Value::Object(operators) = value else {
            return Ok(vec![Self::Field(name.to_owned(), Operator::Equal, value)]);
        };
        // An object without operators is a value to compare with.
        if !operators.keys().any(|key| key.starts_with('$')) {
            let value = Value::Object(operators);
            return Ok(vec![Self::Field(name.to_owned(), Operator::Equal, value)]);
        }
        operators
            .into_iter()
            .map(|(key, operand)| {
                let operator = Operator::parse(&key).ok_or_else(|| unknown(&key))?;
                check_operand(&key, operator, &operand)?;
                Ok(Self::Field(name.to_owned(), operator, operand))
            })
            .collect()
    }

    /// Whether a document meets the condition.
    pub(crate) fn matches(&self, document: &Map<String, Value>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(document)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(document)),
            Self::None(parts) => !parts.iter().any(|part| part.matches(document)),
            Self::Field(name, operator, operand) => {
                compare(lookup(document, name), *operator, operand)
            }
        }
    }
}

fn unknown(operator: &str) -> ApiError {
    ApiError::field("filter_conditions", format!("the operator {operator} is not known"))
}

fn check_operand(name: &str, operator: Operator, operand: &Value) -> Result<(), ApiError> {
    let (is_right, expected) = match operator {
        Operator::In | Operator::NotIn => (operand.is_array(), "a list"),
        Operator::Exists => (operand.is_boolean(), "a boolean"),
        Operator::Autocomplete | Operator::Query => (operand.is_string(), "a string"),
        _ => (true, ""),
    };
    if is_right {
        return Ok(());
    }
    Err(ApiError::field("filter_conditions", format!("{name} takes {expected}")))
}

/// A field by its name, or by a dotted path into objects.
fn lookup<'a>(document: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let name = name.strip_prefix("custom.").unwrap_or(name);
    if let Some(value) = document.get(name) {
        return Some(value).filter(|value| !value.is_null());
    }
    let (head, rest) = name.split_once('.')?;
    let inner = document.get(head)?;
    inner.pointer(&format!("/{}", rest.replace('.', "/"))).filter(|value| !value.is_null())
}

fn compare(value: Option<&Value>, operator: Operator, operand: &Value) -> bool {
    let ordering = || value.and_then(|value| order(value, operand));
    match operator {
        Operator::Exists => Some(value.is_some()) == operand.as_bool(),
        Operator::Equal => equals(value, operand),
        Operator::NotEqual => !equals(value, operand),
        Operator::In => is_among(value, operand),
        Operator::NotIn => !is_among(value, operand),
        Operator::Greater => ordering() == Some(Ordering::Greater),
        Operator::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
        Operator::Less => ordering() == Some(Ordering::Less),
        Operator::LessOrEqual => ordering().is_some_and(Ordering::is_le),
        Operator::Contains => match value {
            Some(Value::Array(list)) => list.contains(operand),
            _ => false,
        },
        Operator::Autocomplete => text_of(value, operand).is_some_and(|(text, sought)| {
            text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&sought))
                || text.starts_with(&sought)
        }),
        Operator::Query => {
            text_of(value, operand).is_some_and(|(text, sought)| text.contains(&sought))
        }
    }
}

fn text_of(value: Option<&Value>, operand: &Value) -> Option<(String, String)> {
    let text = value?.as_str()?.to_lowercase();
    Some((text, operand.as_str()?.to_lowercase()))
}

/// A list equals a list with the same items, and a value that is its only item.
fn equals(value: Option<&Value>, operand: &Value) -> bool {
    match (value, operand) {
        (None, operand) => operand.is_null(),
        (Some(Value::Array(list)), Value::Array(items)) => {
            list.len() == items.len() && items.iter().all(|item| list.contains(item))
        }
        (Some(Value::Array(list)), item) => list.len() == 1 && list.contains(item),
        (Some(value), operand) => {
            value == operand || order(value, operand) == Some(Ordering::Equal)
        }
    }
}

fn is_among(value: Option<&Value>, operand: &Value) -> bool {
    let options = operand.as_array().map_or(&[][..], Vec::as_slice);
    match value {
        Some(Value::Array(list)) => list.iter().any(|item| options.contains(item)),
        value => options.iter().any(|option| equals(value, option)),
    }
}

/// The order of two values of the same kind. Text beside a number is taken for a time.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
        (Value::Number(nanoseconds), Value::String(text)) => {
            let other = Moment::parse_text(text)?.nanoseconds();
            Some(nanoseconds.as_i64()?.cmp(&other))
        }
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(filter: Value, document: Value) -> bool {
        let (Value::Object(filter), Value::Object(document)) = (filter, document) else {
            panic!("both must be objects");
        };
        Filter::parse(filter).unwrap().matches(&document)
    }

    #[test]
    fn fields_are_joined_by_and() {
        let user = json!({"id": "jane", "role": "admin", "level": 3});
        assert!(matches(json!({}), user.clone()));
        assert!(matches(json!({"id": "jane", "role": {"$in": ["user", "admin"]}}), user.clone()));
        assert!(!matches(json!({"id": "jane", "role": "user"}), user.clone()));
        assert!(matches(json!({"level": {"$gt": 2, "$lte": 3}}), user.clone()));
        assert!(matches(json!({"email": {"$exists": false}}), user.clone()));
        assert!(matches(json!({"$or": [{"id": "bob"}, {"level": 3}]}), user.clone()));
        assert!(matches(json!({"$nor": [{"id": "bob"}, {"level": 4}]}), user));
    }

    #[test]
    fn lists_match_by_overlap_or_as_a_whole() {
        let channel = json!({"members": ["bob", "jane"]});
        assert!(matches(json!({"members": {"$in": ["jane", "kate"]}}), channel.clone()));
        assert!(matches(json!({"members": {"$eq": ["jane", "bob"]}}), channel.clone()));
        assert!(!matches(json!({"members": "bob"}), channel.clone()));
        assert!(matches(json!({"members": {"$contains": "bob"}}), channel));
    }

    #[test]
    fn times_are_given_as_text() {
        let document = json!({"created_at": 1_000_000_000_i64});
        let filter = json!({"created_at": {"$gte": "1970-01-01T00:00:01Z"}});
        assert!(matches(filter, document.clone()));
        assert!(!matches(json!({"created_at": {"$gt": "1970-01-01T00:00:01Z"}}), document));
    }

    #[test]
    fn unknown_operators_and_wrong_operands_are_refused() {
        for filter in
            [json!({"id": {"$like": "j"}}), json!({"id": {"$in": "j"}}), json!({"$not": 1})]
        {
            let Value::Object(filter) = filter else { panic!() };
            assert!(Filter::parse(filter).is_err());
        }
    }
}
