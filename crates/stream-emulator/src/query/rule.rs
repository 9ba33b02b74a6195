//! The fields that a query may filter by.

use serde_json::Value;

use crate::error::ApiError;
use crate::state::Timestamp;

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Bool,
    Time,
    Number,
    /// Custom data: any field without another rule, of any type.
    Custom,
}

impl Kind {
    pub(super) fn admits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::Time => Timestamp::parse(value).is_some(),
            Self::Number => value.is_number(),
            Self::Custom => true,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Bool => "boolean",
            Self::Time => "date",
            Self::Number => "number",
            Self::Custom => "object",
        }
    }
}

/// A field that a query may filter by.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The operators, separated by spaces.
    pub(crate) operators: &'static str,
}

impl Rule {
    /// Returns the rule of a field.
    pub(super) fn of<'a>(rules: &'a [Self], name: &str) -> Result<&'a Self, ApiError> {
        let named = rules.iter().find(|rule| rule.name == name && rule.kind != Kind::Custom);
        named.or_else(|| rules.iter().find(|rule| rule.kind == Kind::Custom)).ok_or_else(|| {
            ApiError::field("filter_conditions", format!("unrecognized field \"{name}\""))
        })
    }

    pub(super) fn allows(&self, operator: &str) -> bool {
        self.operators.split(' ').any(|allowed| allowed == operator)
    }
}
