//! Filters (`filter_conditions`).

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::{Kind, Rule};
use crate::error::ApiError;
use crate::state::Timestamp;

/// The maximum number of conditions of a filter. Each is compared with each item.
const MAX_CONDITIONS: usize = 500;
/// The maximum number of items in the list of a condition.
const MAX_ITEMS: usize = 10_000;

/// A value that filters and sorts read one field at a time, so that unused fields are not computed.
/// Timestamps are nanoseconds.
pub(crate) trait Fields {
    /// Returns a field by its name, or by a dotted path into custom data.
    fn field(&self, name: &str) -> Option<Value>;
}

impl Fields for Map<String, Value> {
    fn field(&self, name: &str) -> Option<Value> {
        custom_field(self, name)
    }
}

/// Returns a field of custom data, by its name or by a dotted path.
pub(crate) fn custom_field(custom: &Map<String, Value>, name: &str) -> Option<Value> {
    let name = name.strip_prefix("custom.").unwrap_or(name);
    if let Some(value) = custom.get(name) {
        return Some(value.clone()).filter(|value| !value.is_null());
    }
    let (head, rest) = name.split_once('.')?;
    let inner = custom.get(head)?;
    let value = inner.pointer(&format!("/{}", rest.replace('.', "/")))?;
    Some(value.clone()).filter(|value| !value.is_null())
}

/// A filter.
#[derive(Debug)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    None(Vec<Filter>),
    Field(String, Operator, Value),
}

/// An operator of filters.
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
    Words,
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
            "$any" => Self::Words,
            _ => return None,
        })
    }
}

impl Filter {
    /// Parses the `filter_conditions` of a query with the fields and operators in `rules`.
    pub(crate) fn parse(conditions: Map<String, Value>, rules: &[Rule]) -> Result<Self, ApiError> {
        let filter = Self::parse_object(conditions, rules)?;
        match filter.size() {
            0..=MAX_CONDITIONS => Ok(filter),
            size => Err(ApiError::field(
                "filter_conditions",
                format!("has {size} conditions, at most {MAX_CONDITIONS} are allowed"),
            )),
        }
    }

    /// Returns the number of conditions at any depth.
    fn size(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().map(Self::size).sum()
            }
            Self::Field(..) => 1,
        }
    }

    /// Parses an object. The JSON parser limits the nesting.
    fn parse_object(conditions: Map<String, Value>, rules: &[Rule]) -> Result<Self, ApiError> {
        let mut all = Vec::with_capacity(conditions.len());
        for (name, value) in conditions {
            match name.as_str() {
                "$and" => all.push(Self::All(Self::parse_list(&name, value, rules)?)),
                "$or" => all.push(Self::Any(Self::parse_list(&name, value, rules)?)),
                "$nor" => all.push(Self::None(Self::parse_list(&name, value, rules)?)),
                operator if operator.starts_with('$') => return Err(unknown(operator)),
                _ => all.extend(Self::parse_field(&name, value, rules)?),
            }
        }
        Ok(Self::All(all))
    }

    fn parse_list(name: &str, value: Value, rules: &[Rule]) -> Result<Vec<Self>, ApiError> {
        let Value::Array(parts) = value else {
            return Err(ApiError::field("filter_conditions", format!("{name} takes a list")));
        };
        parts
            .into_iter()
            .map(|part| match part {
                Value::Object(part) => Self::parse_object(part, rules),
                _ => Err(ApiError::field("filter_conditions", format!("{name} takes objects"))),
            })
            .collect()
    }

    fn parse_field(name: &str, value: Value, rules: &[Rule]) -> Result<Vec<Self>, ApiError> {
        let rule = Rule::of(rules, name)?;
        let operators = match value {
            // An object without operators is a value to compare with.
            Value::Object(operators) if operators.keys().any(|key| key.starts_with('$')) => {
                operators
            }
            value => Map::from_iter([("$eq".to_owned(), value)]),
        };
        operators
            .into_iter()
            .map(|(key, operand)| {
                let operator = Operator::parse(&key).ok_or_else(|| unknown(&key))?;
                if !rule.allows(&key) {
                    return Err(ApiError::field(
                        "filter_conditions",
                        format!("operator \"{key}\" is not allowed for field \"{name}\""),
                    ));
                }
                check_operand(&key, operator, &operand)?;
                check_kind(name, rule.kind, operator, &operand)?;
                Ok(Self::Field(name.to_owned(), operator, operand))
            })
            .collect()
    }

    /// Returns whether an item matches the filter.
    pub(crate) fn matches(&self, item: &impl Fields) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(item)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(item)),
            Self::None(parts) => !parts.iter().any(|part| part.matches(item)),
            Self::Field(name, operator, operand) => {
                compare(item.field(name).as_ref(), *operator, operand)
            }
        }
    }

    /// Returns the strings of which a list field must contain one, or all, if the filter requires
    /// that. They allow the use of an index.
    pub(crate) fn required_items(&self, field: &str) -> Option<Vec<&str>> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.required_items(field)),
            Self::Field(name, Operator::Equal | Operator::In | Operator::Contains, operand)
                if name == field =>
            {
                Some(match operand {
                    Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                    item => item.as_str().into_iter().collect(),
                })
            }
            _ => None,
        }
    }

    /// Returns whether a condition is about a field, at any depth.
    pub(crate) fn mentions(&self, field: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => {
                parts.iter().any(|part| part.mentions(field))
            }
            Self::Field(name, ..) => name == field,
        }
    }

    /// Returns the value that a field must equal, if the filter requires it at the top level.
    pub(crate) fn demanded(&self, field: &str) -> Option<&Value> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.demanded(field)),
            Self::Field(name, Operator::Equal, operand) if name == field => Some(operand),
            _ => None,
        }
    }
}

fn unknown(operator: &str) -> ApiError {
    ApiError::field("filter_conditions", format!("the operator {operator} is not known"))
}

fn check_operand(name: &str, operator: Operator, operand: &Value) -> Result<(), ApiError> {
    if let Some(size) = operand.as_array().map(Vec::len).filter(|size| *size > MAX_ITEMS) {
        return Err(ApiError::field(
            "filter_conditions",
            format!("{name} takes at most {MAX_ITEMS} items, but got {size}"),
        ));
    }
    let (is_right, expected) = match operator {
        Operator::In | Operator::NotIn => (operand.is_array(), "a list"),
        Operator::Exists if !operand.is_boolean() => {
            return Err(ApiError::field(
                "filter_conditions",
                "$exists operator only support boolean values",
            ));
        }
        Operator::Autocomplete
            if operand.as_str().is_some_and(|text| !text.chars().any(char::is_alphanumeric)) =>
        {
            return Err(ApiError::field(
                "filter_conditions",
                "$autocomplete field is empty or contains invalid characters. Please provide a \
                 valid string to autocomplete",
            ));
        }
        Operator::Autocomplete | Operator::Query => (operand.is_string(), "a string"),
        _ => (true, ""),
    };
    if is_right {
        return Ok(());
    }
    Err(ApiError::field("filter_conditions", format!("{name} takes {expected}")))
}

/// Refuses other values of the filter by invitations than those that exist.
fn check_invite(name: &str, values: &[Value]) -> Result<(), ApiError> {
    const STATES: &[&str] = &["pending", "accepted", "rejected"];
    let is_state = |value: &Value| value.as_str().is_none_or(|state| STATES.contains(&state));
    if name != "invite" || values.iter().all(is_state) {
        return Ok(());
    }
    Err(ApiError::field(
        "filter_conditions",
        "invite value must be either \"pending\", \"accepted\" or \"rejected\"",
    ))
}

/// Refuses a value whose type is not that of the field.
fn check_kind(name: &str, kind: Kind, operator: Operator, operand: &Value) -> Result<(), ApiError> {
    if operator == Operator::Exists || kind == Kind::Custom {
        return Ok(());
    }
    let values = match operand {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let Some(wrong) = values.iter().find(|value| !value.is_null() && !kind.admits(value)) else {
        return check_invite(name, values);
    };
    let given = match wrong {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Err(ApiError::field(
        "filter_conditions",
        format!("field `{name}` contains type {given}. expecting {}", kind.name()),
    ))
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
        Operator::Words => match (value.and_then(Value::as_str), operand) {
            (Some(text), Value::Array(phrases)) => {
                has_words_of_any(text, phrases.iter().filter_map(Value::as_str))
            }
            (Some(text), Value::String(phrase)) => has_words_of_any(text, [phrase.as_str()]),
            _ => false,
        },
        Operator::Query => match (value.and_then(Value::as_str), operand) {
            (Some(text), Value::String(sought)) => has_words_of_any(text, [sought.as_str()]),
            _ => false,
        },
    }
}

/// Returns the words of a text.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Returns whether a text contains all words of one of the phrases. Each matches the beginning of a
/// word, or any position in scripts without spaces between words.
fn has_words_of_any<'a>(text: &str, phrases: impl IntoIterator<Item = &'a str>) -> bool {
    /// The first character of the East Asian scripts.
    const EAST_ASIA: char = '\u{2E80}';
    let text = text.to_lowercase();
    // Phrases may have thousands of words, so the text is split once.
    let mut known: Vec<&str> = words(&text).collect();
    known.sort_unstable();
    let begins_a_word = |wanted: &str| {
        let first = known.partition_point(|word| *word < wanted);
        known.get(first).is_some_and(|word| word.starts_with(wanted))
    };
    phrases.into_iter().any(|phrase| {
        let phrase = phrase.to_lowercase();
        let mut sought = words(&phrase).peekable();
        sought.peek().is_some()
            && sought.all(|wanted| match wanted.starts_with(|c| c >= EAST_ASIA) {
                true => text.contains(wanted),
                false => begins_a_word(wanted),
            })
    })
}

fn text_of(value: Option<&Value>, operand: &Value) -> Option<(String, String)> {
    let text = value?.as_str()?.to_lowercase();
    Some((text, operand.as_str()?.to_lowercase()))
}

/// Returns whether two values are equal. A list equals a list with the same items, and its only
/// item.
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

/// Returns the order of two values of the same type. A text compared with a number is parsed as a
/// timestamp.
pub(super) fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
        (Value::Number(nanoseconds), Value::String(text)) => {
            let other = Timestamp::parse_text(text)?.nanoseconds();
            Some(nanoseconds.as_i64()?.cmp(&other))
        }
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULES: &[Rule] = &[
        Rule { name: "id", kind: Kind::Text, operators: "$eq $in $exists" },
        Rule { name: "created_at", kind: Kind::Time, operators: "$gt $gte" },
        Rule {
            name: "custom",
            kind: Kind::Custom,
            operators: "$eq $in $exists $gt $lte $contains",
        },
    ];

    fn parse(filter: Value) -> Result<Filter, ApiError> {
        let Value::Object(filter) = filter else { panic!() };
        Filter::parse(filter, RULES)
    }

    fn matches(filter: Value, document: Value) -> bool {
        parse(filter).unwrap().matches(document.as_object().unwrap())
    }

    #[test]
    fn a_filter_has_a_maximum_size() {
        let wide = |count: usize| json!({"$or": vec![json!({"id": "a"}); count]});
        assert!(parse(wide(MAX_CONDITIONS)).is_ok());
        let error = parse(json!({"$and": [wide(MAX_CONDITIONS), {"id": "b"}]})).unwrap_err();
        assert!(error.message.contains("has 501 conditions"), "{}", error.message);
        let long = |count: usize| json!({"id": {"$in": vec!["a"; count]}});
        assert!(parse(long(MAX_ITEMS)).is_ok());
        assert!(parse(long(MAX_ITEMS + 1)).is_err());
    }

    #[test]
    fn words_are_found_at_their_beginnings() {
        for (sought, is_found) in [
            ("pine", true),
            ("MELON ripe pine", true),
            ("pineapples", false),
            ("apple", false),
            ("ripe missing", false),
            ("…", false),
            ("z", false),
            ("東京", true),
        ] {
            let found = has_words_of_any("Ripe pineapple, melon; 大東京", [sought]);
            assert_eq!(found, is_found, "{sought}");
        }
        assert!(has_words_of_any("one two", ["three", "two"]));
        assert!(!has_words_of_any("one two", []));
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
    fn fields_are_looked_up_in_depth() {
        let channel = json!({"address": {"city": "Delft"}});
        assert!(matches(json!({"address.city": "Delft"}), channel.clone()));
        assert!(matches(json!({"custom.address.city": "Delft"}), channel));
    }

    #[test]
    fn what_a_query_does_not_take_is_refused() {
        for filter in [
            json!({"id": {"$like": "j"}}),
            json!({"id": {"$in": "j"}}),
            json!({"id": {"$gt": "j"}}),
            json!({"id": 7}),
            json!({"id": {"$exists": 1}}),
            json!({"created_at": {"$gt": true}}),
            json!({"$not": 1}),
        ] {
            assert!(parse(filter.clone()).is_err(), "{filter}");
        }
        let without_custom = RULES.get(..1).unwrap();
        let Value::Object(other) = json!({"color": "red"}) else { panic!() };
        assert!(Filter::parse(other, without_custom).is_err());
    }

    #[test]
    fn what_an_index_can_answer_is_found() {
        let filter = parse(json!({"members": {"$in": ["a", "b"]}, "id": "x"})).unwrap();
        assert_eq!(filter.required_items("members"), Some(vec!["a", "b"]));
        assert_eq!(filter.demanded("id"), Some(&json!("x")));
        let either = parse(json!({"$or": [{"members": {"$in": ["a"]}}, {"id": "x"}]})).unwrap();
        assert_eq!(either.required_items("members"), None);
    }
}
