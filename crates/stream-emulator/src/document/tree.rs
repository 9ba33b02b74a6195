//! The objects of a document, built field by field, and their values.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::timestamp::Timestamp;

/// An object of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Object {
    fields: Vec<Field>,
    custom: Option<Map<String, Value>>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: Cow<'static, str>,
    pub(crate) value: Node,
    /// Whether v1 has the field and v2 does not.
    pub(crate) is_only_v1: bool,
}

impl Object {
    pub(crate) const fn new() -> Self {
        Self { fields: Vec::new(), custom: None }
    }

    /// Creates an object with a capacity.
    pub(crate) fn with_capacity(fields: usize) -> Self {
        Self { fields: Vec::with_capacity(fields), custom: None }
    }

    /// Adds a field that the object does not have yet.
    pub(crate) fn field(self, name: impl Into<Cow<'static, str>>, value: impl Into<Node>) -> Self {
        self.with(Field { name: name.into(), value: value.into(), is_only_v1: false })
    }

    fn with(mut self, field: Field) -> Self {
        debug_assert!(!self.has(&field.name), "the document has {} twice", field.name);
        self.fields.push(field);
        self
    }

    /// Adds a field if it has a value.
    pub(crate) fn optional(
        self,
        name: impl Into<Cow<'static, str>>,
        value: Option<impl Into<Node>>,
    ) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds a field that v1 has and v2 does not.
    pub(crate) fn only_v1(self, name: &'static str, value: impl Into<Node>) -> Self {
        self.with(Field { name: name.into(), value: value.into(), is_only_v1: true })
    }

    /// Adds a field. Without a value, it is `null` in v1 and absent in v2.
    pub(crate) fn nullable(self, name: &'static str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self.only_v1(name, Node::Null),
        }
    }

    /// Adds a list of strings unless it is empty.
    pub(crate) fn non_empty(self, name: &'static str, list: &[String]) -> Self {
        self.optional(name, (!list.is_empty()).then(|| list.to_vec()))
    }

    /// Adds custom data, which is nested in v2 and flat in v1.
    pub(crate) fn custom(mut self, custom: &Map<String, Value>) -> Self {
        self.custom = Some(custom.clone());
        self
    }

    /// Sets a field, and replaces an existing one, even one that v2 does not have.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Node>) {
        let new = Field { name: name.into(), value: value.into(), is_only_v1: false };
        match self.fields.iter_mut().find(|field| field.name == new.name) {
            Some(field) => *field = new,
            None => self.fields.push(new),
        }
    }

    /// Removes a field.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Node> {
        let position = self.fields.iter().position(|field| field.name == name)?;
        Some(self.fields.remove(position).value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn custom_data(&self) -> Option<&Map<String, Value>> {
        self.custom.as_ref()
    }
}

impl<K: Into<Cow<'static, str>>, V: Into<Node>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        let fields = fields.into_iter().map(|(name, value)| Field {
            name: name.into(),
            value: value.into(),
            is_only_v1: false,
        });
        Self { fields: fields.collect(), custom: None }
    }
}

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
    List(Vec<Node>),
    Object(Object),
    /// An object that occurs several times.
    Shared(Arc<Object>),
}

impl Node {
    /// Creates an empty list.
    pub(crate) const fn empty_list() -> Self {
        Self::List(Vec::new())
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
    Arc<Object> => |value| Self::Shared(value),
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
