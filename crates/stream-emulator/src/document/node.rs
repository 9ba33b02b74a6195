//! A value of a document.

use serde_json::{Map, Value};

use super::Object;
use crate::state::Timestamp;

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    /// A timestamp; the wire format determines its form.
    Time(Timestamp),
    /// JSON from a client.
    Json(Value),
    /// A field that v1 has and v2 does not.
    OnlyV1(Box<Node>),
    List(Vec<Node>),
    Object(Object),
}

impl Node {
    /// Creates an empty list.
    pub(crate) const fn empty_list() -> Self {
        Self::List(Vec::new())
    }

    /// Creates a value that v1 has and v2 does not.
    pub(crate) fn only_v1(value: impl Into<Self>) -> Self {
        Self::OnlyV1(Box::new(value.into()))
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $node:expr),* $(,)?) => {
        $(impl From<$type> for Node {
            fn from($value: $type) -> Self {
                $node
            }
        })*
    };
}

from! {
    bool => |value| Self::Bool(value),
    i32 => |value| Self::Integer(value.into()),
    u32 => |value| Self::Integer(value.into()),
    i64 => |value| Self::Integer(value),
    usize => |value| Self::Integer(i64::try_from(value).unwrap_or(i64::MAX)),
    f64 => |value| Self::Float(value),
    &str => |value| Self::Text(value.to_owned()),
    String => |value| Self::Text(value),
    &String => |value| Self::Text(value.clone()),
    Timestamp => |value| Self::Time(value),
    Value => |value| Self::Json(value),
    Map<String, Value> => |value| Self::Json(Value::Object(value)),
    Object => |value| Self::Object(value),
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Node>> FromIterator<T> for Node {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
