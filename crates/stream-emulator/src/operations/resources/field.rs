//! One field of a resource.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::state::Kind;

/// The value of a field that a request does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::operations) enum Default {
    /// The field is left out.
    Absent,
    Text(&'static str),
    Bool(bool),
    Integer(i64),
    EmptyList,
    EmptyObject,
}

impl Default {
    fn value(self) -> Option<Value> {
        Some(match self {
            Self::Absent => return None,
            Self::Text(text) => text.into(),
            Self::Bool(value) => value.into(),
            Self::Integer(value) => value.into(),
            Self::EmptyList => Value::Array(Vec::new()),
            Self::EmptyObject => Value::Object(Map::new()),
        })
    }
}

/// One field of a resource.
#[derive(Debug, Clone, Copy)]
pub(in crate::operations) struct Field {
    pub(in crate::operations) name: &'static str,
    /// The name in responses.
    pub(in crate::operations) shown_as: &'static str,
    pub(in crate::operations) kind: Kind,
    is_required: bool,
    default: Default,
    /// The maximum number of characters or items.
    max: usize,
    /// Whether an update may change it.
    pub(in crate::operations) is_mutable: bool,
    /// Whether responses contain it. They do not contain credentials.
    pub(in crate::operations) is_shown: bool,
}

impl Field {
    pub(in crate::operations) const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            shown_as: name,
            kind,
            is_required: false,
            default: Default::Absent,
            max: usize::MAX,
            is_mutable: true,
            is_shown: true,
        }
    }

    pub(in crate::operations) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub(in crate::operations) const fn default(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    pub(in crate::operations) const fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    pub(in crate::operations) const fn shown_as(mut self, name: &'static str) -> Self {
        self.shown_as = name;
        self
    }

    /// Excludes the field from updates.
    pub(in crate::operations) const fn fixed(mut self) -> Self {
        self.is_mutable = false;
        self
    }

    /// Excludes the field from responses.
    pub(in crate::operations) const fn secret(mut self) -> Self {
        self.is_shown = false;
        self
    }

    /// Returns the value of the field in a new resource.
    pub(super) fn of_new(&self, given: &Map<String, Value>) -> Result<Option<Value>, ApiError> {
        match given.get(self.name).filter(|value| !value.is_null()) {
            Some(value) => self.check(value).map(|()| Some(value.clone())),
            None if self.is_required => {
                Err(ApiError::field(self.name, format!("{} is a required field", self.name)))
            }
            None => Ok(self.default.value()),
        }
    }

    /// Returns the value that an update sets, if it sets one.
    pub(in crate::operations) fn of_update(
        &self,
        given: &Map<String, Value>,
    ) -> Result<Option<Value>, ApiError> {
        match given.get(self.name).filter(|value| !value.is_null()) {
            Some(value) if self.is_mutable => self.check(value).map(|()| Some(value.clone())),
            _ => Ok(None),
        }
    }

    fn check(&self, value: &Value) -> Result<(), ApiError> {
        if self.is_required && value == "" {
            return Err(ApiError::field(self.name, format!("{} is a required field", self.name)));
        }
        self.kind.check(self.name, value)?;
        let size = match value {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.len(),
            _ => 0,
        };
        if size > self.max {
            return Err(ApiError::field(
                self.name,
                format!("has a size of {size}, at most {} is allowed", self.max),
            ));
        }
        Ok(())
    }
}
