//! The values that filters compare with.

use serde::Serialize;
use serde_json::Value;

use crate::value::Timestamp;
use sealed::Sealed;

/// A value that a field is compared with: [`String`], `bool`, [`Number`], [`Timestamp`] or, for
/// custom data, [`Json`].
pub trait FilterValue: Sealed {}

pub(super) mod sealed {
    use serde_json::Value;

    pub trait Sealed {
        /// Converts the value to JSON, or returns the reason why it cannot be converted.
        fn into_json(self) -> Result<Value, Box<str>>;
    }
}

/// An integer or a fraction. A number that is not finite makes the request fail before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Number(Result<serde_json::Number, f64>);

/// Any serializable value. A value that cannot be JSON makes the request fail before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(Result<Value, Box<str>>);

impl FilterValue for String {}
impl FilterValue for bool {}
impl FilterValue for Timestamp {}
impl FilterValue for Number {}
impl FilterValue for Json {}

impl Sealed for String {
    fn into_json(self) -> Result<Value, Box<str>> {
        Ok(self.into())
    }
}

impl Sealed for bool {
    fn into_json(self) -> Result<Value, Box<str>> {
        Ok(self.into())
    }
}

/// Filters contain timestamps as RFC 3339.
impl Sealed for Timestamp {
    fn into_json(self) -> Result<Value, Box<str>> {
        Ok(self.to_string().into())
    }
}

impl Sealed for Number {
    fn into_json(self) -> Result<Value, Box<str>> {
        self.0
            .map(Value::Number)
            .map_err(|number| format!("{number} is not a number of JSON").into())
    }
}

impl Sealed for Json {
    fn into_json(self) -> Result<Value, Box<str>> {
        self.0
    }
}

impl<T: Serialize> From<T> for Json {
    fn from(value: T) -> Self {
        Self(serde_json::to_value(value).map_err(|error| error.to_string().into()))
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self(serde_json::Number::from_f64(number).ok_or(number))
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Number {
            fn from(number: $kind) -> Self {
                Self(Ok(number.into()))
            }
        }
    )*};
}

whole_numbers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
