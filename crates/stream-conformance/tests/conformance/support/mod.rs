//! The types of the generated tables, and the schema in the form that the tests use.

mod call;
mod kind;
mod sample;
mod schema;
mod verb;

pub(crate) use call::{Call, Extent};
pub(crate) use kind::{Kind, Object, Spec};
pub(crate) use sample::{Sample, enum_samples, full, minimal};
pub(crate) use schema::{Direction, Schema};
pub(crate) use verb::{Set, Verb};

/// Encodes a value as JSON. By way of text, as it goes over the wire: straight to a `Value` every type
/// would be compiled for one serializer more.
pub(crate) fn json(value: &impl serde::Serialize) -> serde_json::Result<serde_json::Value> {
    serde_json::from_slice(&serde_json::to_vec(value)?)
}
