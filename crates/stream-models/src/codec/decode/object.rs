//! Decoding of structs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Budget, Decode, Slot};

/// A struct that is decoded member by member.
pub trait DecodeObject: Default {
    /// Decodes the member `name` into its field, or skips it.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Member<'_, A>,
    ) -> Result<(), A::Error>;
}

/// The value of one member of an object, not yet decoded.
pub struct Member<'a, A> {
    map: &'a mut A,
    budget: &'a mut Budget,
}

impl<'de, A: MapAccess<'de>> Member<'_, A> {
    pub fn read<T: Decode<'de>>(self, field: &mut T) -> Result<(), A::Error> {
        self.map.next_value_seed(Slot::new(field, self.budget)).map(drop)
    }

    /// Decodes a member that the schema does not list into a map of these.
    pub fn rest<T: Decode<'de>>(
        self,
        name: &str,
        members: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let mut value = T::default();
        if self.map.next_value_seed(Slot::new(&mut value, self.budget))? {
            self.budget.take_entry::<T, _>(members.len())?;
            members.insert(name.to_owned(), value);
        }
        Ok(())
    }

    pub fn skip(self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(drop)
    }
}

/// Implements [`Decode`] and `Deserialize` through [`DecodeObject`].
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize_objects {
    ($($name:ident),* $(,)?) => {
        $(
            impl<'de> $crate::codec::decode::Decode<'de> for $name {
                fn decode<D: ::serde::Deserializer<'de>>(
                    &mut self,
                    deserializer: D,
                    budget: &mut $crate::codec::decode::Budget,
                ) -> Result<(), D::Error> {
                    $crate::codec::decode::object(self, deserializer, budget)
                }
            }
        )*
        $crate::codec::decode::deserialize!($($name),*);
    };
}
pub use __deserialize_objects as deserialize_objects;

/// Decodes the members of an object into the fields of `target`.
pub fn object<'de, T: DecodeObject, D: Deserializer<'de>>(
    target: &mut T,
    deserializer: D,
    budget: &mut Budget,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(ObjectVisitor { target, budget })
}

struct ObjectVisitor<'a, T> {
    target: &'a mut T,
    budget: &'a mut Budget,
}

impl<'de, T: DecodeObject> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.budget.read(1);
        while let Some(Name(name)) = map.next_key()? {
            self.budget.read(name.len() + MEMBER);
            self.target.member(&name, Member { map: &mut map, budget: self.budget })?;
        }
        Ok(())
    }
}

/// The bytes of a member besides its name and its value: two quotes, a colon, a comma or brace.
pub(super) const MEMBER: usize = 4;

/// A member's name, borrowed from the input if it has no escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::codec::encode::{EncodeObject, Object, serialize};

    #[derive(Debug, Default, PartialEq)]
    struct Open {
        id: String,
        rest: BTreeMap<String, i64>,
    }

    impl DecodeObject for Open {
        fn member<'de, A: MapAccess<'de>>(
            &mut self,
            name: &str,
            value: Member<'_, A>,
        ) -> Result<(), A::Error> {
            match name {
                "id" => value.read(&mut self.id),
                _ => value.rest(name, &mut self.rest),
            }
        }
    }

    impl EncodeObject for Open {
        fn members<O: Object>(&self, object: &mut O) {
            object.required("id", &self.id);
            object.rest(&self.rest);
        }
    }
    deserialize_objects!(Open);
    serialize!(Open);

    #[test]
    fn members_that_are_not_listed_are_kept() {
        let open: Open = serde_json::from_str(r#"{"b":2,"id":"i","none":null,"a":1.0}"#).unwrap();
        let json = json!({ "id": "i", "a": 1, "b": 2 });
        assert_eq!(serde_json::to_value(&open).unwrap(), json);
        let error = serde_json::from_str::<Open>(r#"{"a":"text"}"#).unwrap_err();
        assert!(error.to_string().contains("expected a whole number"), "{error}");
    }

    #[test]
    fn members_that_are_not_listed_take_from_the_budget() {
        #[derive(Debug, Default)]
        struct Wide([[u64; 32]; 32], BTreeMap<String, Self>);

        impl DecodeObject for Wide {
            fn member<'de, A: MapAccess<'de>>(
                &mut self,
                name: &str,
                value: Member<'_, A>,
            ) -> Result<(), A::Error> {
                self.0 = [[1; 32]; 32];
                value.rest(name, &mut self.1)
            }
        }
        deserialize_objects!(Wide);
        let members: Vec<String> = (0..10_000).map(|index| format!("\"{index}\":{{}}")).collect();
        let error =
            serde_json::from_str::<Wide>(&format!("{{{}}}", members.join(","))).unwrap_err();
        assert!(error.to_string().contains("in memory"), "{error}");
    }
}
