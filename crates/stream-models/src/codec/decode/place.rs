//! Where a value goes.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer};
use serde_json::{Map, Value};

use super::budget::OverBudget;
use super::collections::{ListVisitor, MapVisitor};
use super::json::{JsonObject, JsonSeed};
use super::object::ObjectVisitor;
use super::scalars::{NumberVisitor, TextVisitor};
use super::{Budget, Decode, DecodeList, DecodeMap, DecodeObject, DecodeText};
use crate::value::Timestamp;

/// Where a value goes, by the kind of JSON that it is.
pub enum Place<'a> {
    Bool(&'a mut bool),
    /// An integer, also one that is written with a zero fraction.
    Integer(&'a mut i64),
    Float(&'a mut f64),
    /// Unix nanoseconds or RFC 3339.
    Timestamp(&'a mut Timestamp),
    String(&'a mut String),
    /// A string that becomes another type.
    Text(&'a mut dyn DecodeText),
    /// Any JSON.
    Json(&'a mut Value),
    /// Any object.
    JsonObject(&'a mut Map<String, Value>),
    Object(&'a mut dyn DecodeObject),
    List(&'a mut dyn DecodeList),
    Map(&'a mut dyn DecodeMap),
    /// A value in memory of its own, with its size in bytes.
    Boxed(&'a mut dyn Decode, usize),
}

impl Place<'_> {
    pub(super) fn decode<'de, D: Deserializer<'de>>(
        self,
        deserializer: D,
        budget: &mut Budget,
    ) -> Result<(), D::Error> {
        match self {
            Self::Bool(target) => *target = bool::deserialize(deserializer)?,
            Self::Integer(target) => {
                *target = deserializer.deserialize_any(NumberVisitor::new("a whole number"))?;
            }
            Self::Float(target) => *target = f64::deserialize(deserializer)?,
            Self::Timestamp(target) => {
                let visitor = NumberVisitor::new("an RFC 3339 time or Unix nanoseconds");
                *target = deserializer.deserialize_any(visitor)?;
            }
            Self::String(target) => {
                *target = String::deserialize(deserializer)?;
                budget.read(target.len() + 1);
            }
            Self::Text(target) => deserializer.deserialize_str(TextVisitor { target, budget })?,
            Self::Json(target) => *target = JsonSeed(budget).deserialize(deserializer)?,
            Self::JsonObject(target) => {
                *target = deserializer.deserialize_map(JsonObject(budget))?;
            }
            Self::Object(target) => {
                deserializer.deserialize_map(ObjectVisitor { target, budget })?;
            }
            Self::List(target) => {
                target.clear();
                deserializer.deserialize_seq(ListVisitor { target, budget })?;
            }
            Self::Map(target) => {
                target.clear();
                deserializer.deserialize_map(MapVisitor { target, budget })?;
            }
            Self::Boxed(target, size) => {
                budget.take(size).map_err(OverBudget::into_error)?;
                target.place().decode(deserializer, budget)?;
            }
        }
        Ok(())
    }
}
