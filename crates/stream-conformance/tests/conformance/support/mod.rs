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
