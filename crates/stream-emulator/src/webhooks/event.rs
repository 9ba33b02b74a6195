//! An event, ready to be sent.

use crate::{
    render::{Object, View},
    state::Moment,
};
use serde_json::Value;
use std::borrow::Cow;

/// Something that has happened, as the app's servers are told of it.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: Cow<'static, str>,
    fields: Object,
}

impl Event {
    /// An event with what all events have.
    pub(crate) fn new(kind: impl Into<Cow<'static, str>>, view: View<'_>, now: Moment) -> Self {
        let kind = kind.into();
        let fields = Object::new()
            .field("type", kind.as_ref())
            .field("created_at", view.time(now))
            .field("received_at", view.time(now))
            .field("custom", Value::Object(serde_json::Map::new()));
        Self { kind, fields }
    }

    /// With a field.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields = self.fields.field(name, value);
        self
    }

    /// With a field if there is something to say.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The bytes to sign and to send.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        Value::from(self.fields).to_string().into_bytes()
    }
}
