//! Documents as JSON values, for files: with timestamps as text and nested custom data.

use serde_json::{Map, Value};

use super::tree::{Node, Object};

impl Object {
    /// Returns the document as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let fields = self.fields().iter().filter(|field| !field.is_only_v1);
        let mut json: Map<String, Value> =
            fields.map(|field| (field.name.to_string(), field.value.to_json())).collect();
        if let Some(custom) = self.custom_data() {
            json.insert("custom".to_owned(), custom.clone().into());
        }
        json.into()
    }
}

impl Node {
    fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Integer(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Time(time) => time.to_rfc3339().into(),
            Self::Json(value) => value.clone(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(object) => object.to_json(),
            Self::Shared(object) => object.to_json(),
        }
    }
}
