//! Unions: values of one of several forms, which the JSON tells apart.

use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Error, Value};

use super::decode::{Budget, Decode, OVER_BUDGET};
use super::encode::{EncodeObject, members};

/// What tells a form of a union from the others.
#[derive(Debug, Clone, Copy)]
pub enum UnionForm {
    /// An object whose member `tag` has one of the values.
    Tagged {
        tag: &'static str,
        values: &'static [&'static str],
    },
    /// An object with all required members.
    Object {
        required: &'static [&'static str],
        members: &'static [&'static str],
    },
    /// An object with any members.
    Map,
    List(&'static UnionForm),
    String,
    Integer,
    Number,
    Boolean,
    /// An RFC 3339 string or Unix nanoseconds.
    Timestamp,
    /// Any of these, which are the forms of a union in a union.
    AnyOf(&'static [UnionForm]),
    Any,
}

impl UnionForm {
    /// Returns how far a value is from the form: zero is best. `None` means that it does not fit.
    fn distance(&self, json: &Value) -> Option<usize> {
        let is_fitting = match (self, json) {
            (Self::Tagged { tag, values }, Value::Object(object)) => match object.get(*tag)? {
                Value::String(value) => values.contains(&value.as_str()),
                value @ (Value::Bool(_) | Value::Number(_)) => {
                    values.contains(&value.to_string().as_str())
                }
                _ => false,
            },
            (Self::Object { required, members }, Value::Object(object)) => {
                let is_unknown = |name: &&String| !members.contains(&name.as_str());
                return required
                    .iter()
                    .all(|name| object.contains_key(*name))
                    .then(|| object.keys().filter(is_unknown).count());
            }
            // What lists its members is closer.
            (Self::Map, Value::Object(object)) => return Some(object.len().saturating_add(1)),
            (Self::List(element), Value::Array(elements)) => {
                return elements
                    .iter()
                    .filter(|element| !element.is_null())
                    .try_fold(0, |sum: usize, json| {
                        Some(sum.saturating_add(element.distance(json)?))
                    });
            }
            (Self::String | Self::Timestamp, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                !number.is_f64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            (Self::Timestamp, Value::Number(number)) => return (!number.is_f64()).then_some(1),
            (Self::AnyOf(forms), json) => {
                return forms.iter().filter_map(|form| form.distance(json)).min();
            }
            (Self::Any, _) => return Some(usize::MAX),
            _ => false,
        };
        is_fitting.then_some(0)
    }
}

/// A union that is decoded by the form of the JSON.
pub trait DecodeUnion: Default {
    /// The forms, in the order of the schema.
    const FORMS: &'static [UnionForm];

    /// Decodes a value of the form with this index.
    fn form(index: usize, json: UnionJson<'_>) -> Result<Self, Error>;

    /// Returns a value of no known form.
    fn other(json: Value) -> Self;
}

/// JSON whose form is known.
pub struct UnionJson<'a> {
    json: &'a Value,
    budget: &'a mut Budget,
}

impl UnionJson<'_> {
    pub fn read<T: for<'de> Decode<'de>>(self) -> Result<T, Error> {
        let mut value = T::default();
        value.decode(self.json, self.budget)?;
        Ok(value)
    }
}

/// Decodes a union: the form that fits best, of equal ones the first. JSON that fits none, or
/// cannot be decoded as a form that it fits, is kept.
pub fn union<'de, T: DecodeUnion, D: Deserializer<'de>>(
    deserializer: D,
    budget: &mut Budget,
) -> Result<T, D::Error> {
    let taken = budget.taken();
    let mut json = Value::Null;
    json.decode(deserializer, budget)?;
    let mut fitting: Vec<(usize, usize)> = T::FORMS
        .iter()
        .enumerate()
        .filter_map(|(index, form)| Some((form.distance(&json)?, index)))
        .collect();
    fitting.sort_unstable();
    for (_, index) in fitting {
        let read = budget.again(|budget| T::form(index, UnionJson { json: &json, budget }));
        match read {
            Ok((value, more)) => {
                // The JSON is dropped.
                budget.reset(taken.saturating_add(more));
                return Ok(value);
            }
            Err(error) if error.to_string().starts_with(OVER_BUDGET) => {
                return Err(D::Error::custom(error));
            }
            Err(_) => {}
        }
    }
    Ok(T::other(json))
}

/// Implements [`Decode`] and `Deserialize` through [`DecodeUnion`].
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize_unions {
    ($($name:ident),* $(,)?) => {
        $(
            impl<'de> $crate::codec::decode::Decode<'de> for $name {
                fn decode<D: ::serde::Deserializer<'de>>(
                    &mut self,
                    deserializer: D,
                    budget: &mut $crate::codec::decode::Budget,
                ) -> Result<(), D::Error> {
                    *self = $crate::codec::union::union(deserializer, budget)?;
                    Ok(())
                }
            }
        )*
        $crate::codec::decode::deserialize!($($name),*);
    };
}
pub use __deserialize_unions as deserialize_unions;

/// Encodes an object with the tag of its form, whatever its own field contains.
pub fn tagged<T: EncodeObject, S: Serializer>(
    tag: &'static str,
    name: &str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry(tag, name)?;
    members(value, map, Some(tag))
}

#[cfg(test)]
mod tests {
    use serde::de::MapAccess;
    use serde_json::json;

    use super::super::decode::{DecodeObject, Member, deserialize_objects};
    use super::super::encode::Object;
    use super::*;

    #[derive(Debug, Default, PartialEq)]
    struct Cat {
        lives: Option<i64>,
    }

    impl DecodeObject for Cat {
        fn member<'de, A: MapAccess<'de>>(
            &mut self,
            name: &str,
            value: Member<'_, A>,
        ) -> Result<(), A::Error> {
            match name {
                "lives" => value.read(&mut self.lives),
                _ => value.skip(),
            }
        }
    }

    impl EncodeObject for Cat {
        fn members<O: Object>(&self, object: &mut O) {
            object.required("kind", "dog");
            object.optional("lives", &self.lives);
        }
    }
    deserialize_objects!(Cat);

    #[derive(Debug, PartialEq)]
    enum Pet {
        Cat(Box<Cat>),
        Named(String),
        Pets(Vec<Pet>),
        Other(Value),
    }

    impl Default for Pet {
        fn default() -> Self {
            Self::Other(Value::Null)
        }
    }

    impl DecodeUnion for Pet {
        const FORMS: &'static [UnionForm] = &[
            UnionForm::Tagged { tag: "kind", values: &["cat"] },
            UnionForm::String,
            UnionForm::List(&UnionForm::Any),
        ];

        fn form(index: usize, json: UnionJson<'_>) -> Result<Self, Error> {
            Ok(match index {
                0 => Self::Cat(json.read()?),
                1 => Self::Named(json.read()?),
                _ => Self::Pets(json.read()?),
            })
        }

        fn other(json: Value) -> Self {
            Self::Other(json)
        }
    }
    deserialize_unions!(Pet);

    #[test]
    fn the_form_of_the_json_is_that_of_the_value() {
        let read = |json: &Value| serde_json::from_value::<Pet>(json.clone()).unwrap();
        let cat = json!({ "lives": 9, "kind": "cat", "more": 1 });
        assert_eq!(read(&cat), Pet::Cat(Box::new(Cat { lives: Some(9) })));
        assert_eq!(read(&json!("Tom")), Pet::Named("Tom".to_owned()));
        for other in
            [json!({ "kind": "emu" }), json!({}), json!(1), json!({ "kind": "cat", "lives": {} })]
        {
            assert_eq!(read(&other), Pet::Other(other.clone()));
        }
        assert_eq!(
            read(&json!([cat, "Tom", 1])),
            Pet::Pets(vec![read(&cat), read(&json!("Tom")), Pet::Other(json!(1))])
        );
        assert_eq!(read(&Value::Null), Pet::default());
    }

    #[test]
    fn the_tag_is_written_first_and_once() {
        let mut written = Vec::new();
        let mut serializer = serde_json::Serializer::new(&mut written);
        tagged("kind", "cat", &Cat { lives: Some(1) }, &mut serializer).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), r#"{"kind":"cat","lives":1}"#);
    }

    #[test]
    fn the_closest_form_fits_and_of_equal_ones_the_first() {
        const FIRST: UnionForm = UnionForm::Object { required: &["id"], members: &["id"] };
        const SECOND: UnionForm = UnionForm::Object { required: &["id"], members: &["id", "name"] };
        let id = json!({ "id": 1 });
        let both = json!({ "id": 1, "name": "x", "new": 2 });
        assert_eq!((FIRST.distance(&id), SECOND.distance(&id)), (Some(0), Some(0)));
        assert_eq!((FIRST.distance(&both), SECOND.distance(&both)), (Some(2), Some(1)));
        assert_eq!(FIRST.distance(&json!({ "name": 1 })), None);
        assert_eq!(UnionForm::Map.distance(&id), Some(2));
        assert_eq!(UnionForm::Integer.distance(&json!(1.0)), Some(0));
        assert_eq!(UnionForm::Integer.distance(&json!(1.5)), None);
        assert_eq!(UnionForm::Timestamp.distance(&json!(1)), Some(1));
        assert_eq!(UnionForm::AnyOf(&[UnionForm::String, FIRST]).distance(&id), Some(0));
        let flag = UnionForm::Tagged { tag: "ok", values: &["true"] };
        assert_eq!(flag.distance(&json!({ "ok": true })), Some(0));
        assert_eq!(flag.distance(&json!({ "ok": false })), None);
        assert_eq!(UnionForm::List(&UnionForm::String).distance(&json!(["a", null])), Some(0));
        assert_eq!(UnionForm::List(&UnionForm::String).distance(&json!(["a", 1])), None);
    }

    /// Lists in lists are read again at every level, which must not earn memory.
    #[test]
    fn nesting_does_not_multiply_the_budget() {
        let depth = 100;
        let many = vec!["{}"; 20_000].join(",");
        let text = format!("{}{many}{}", "[".repeat(depth), "]".repeat(depth));
        let error = serde_json::from_str::<Pet>(&text).unwrap_err().to_string();
        assert!(error.contains("times its length in memory"), "{error}");
        // Siblings do not add up: the JSON of each is dropped.
        let cats = vec![r#"{"kind":"cat"}"#; 20_000].join(",");
        assert!(matches!(
            serde_json::from_str::<Vec<Pet>>(&format!("[{cats}]")).unwrap().as_slice(),
            [Pet::Cat(_), ..]
        ));
    }
}
