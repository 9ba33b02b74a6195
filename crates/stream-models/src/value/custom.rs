//! Custom data.

use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Custom data of a user, channel, member, message and so on: any JSON object.
///
/// It dereferences to its map. Stream advises to prefix the keys, because new fields of the API
/// could clash with them; [`Custom::prefixed`] returns the entries of one prefix.
///
/// ```
/// use stream_models::Custom;
///
/// let mut custom = Custom::new();
/// custom.set("myapp_level", 3);
/// custom.set("myapp_tags", ["a", "b"]);
/// assert_eq!(custom.get_as::<u8>("myapp_level")?, Some(3));
/// assert_eq!(custom.get_as::<Vec<String>>("myapp_tags")?, Some(vec!["a".into(), "b".into()]));
/// assert_eq!(custom.get_as::<u8>("absent")?, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A type of your own can be written and read as a whole, with or without a prefix:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use stream_models::Custom;
///
/// #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// struct Profile {
///     level: u8,
///     title: Option<String>,
/// }
///
/// let profile = Profile { level: 3, title: None };
/// let mut custom = Custom::of(&profile);
/// assert_eq!(custom.read::<Profile>()?, profile);
/// custom.set_prefixed("myapp_", &profile);
/// assert_eq!(custom.get_as::<u8>("myapp_level")?, Some(3));
/// assert_eq!(custom.read_prefixed::<Profile>("myapp_")?, profile);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Custom {
    map: Map<String, Value>,
    /// The error of the first value that could not be serialized, returned when the request is
    /// encoded.
    error: Option<Box<str>>,
}

impl Custom {
    /// Creates empty custom data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates custom data from all entries of `data`, which serializes as an object.
    pub fn of(data: impl Serialize) -> Self {
        let mut custom = Self::new();
        custom.set_prefixed("", data);
        custom
    }

    /// Sets `key` to any serializable value. `None` and `()` become `null`, which is data here
    /// and is sent.
    ///
    /// A value that cannot be JSON, such as a map with keys that are not strings, makes the request
    /// fail before it is sent, with an error that names the key.
    pub fn set(&mut self, key: impl Into<String>, value: impl Serialize) {
        let key = key.into();
        match serde_json::to_value(value) {
            Ok(value) => {
                self.map.insert(key, value);
            }
            Err(error) => {
                self.error.get_or_insert_with(|| format!("custom data `{key}`: {error}").into());
            }
        }
    }

    /// Decodes `key` as any deserializable type; returns `None` if it is absent.
    ///
    /// # Errors
    /// The value is present and cannot be decoded as a `T`.
    pub fn get_as<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, serde_json::Error> {
        self.map.get(key).map(T::deserialize).transpose()
    }

    /// Decodes the data as one type.
    ///
    /// # Errors
    /// The data cannot be decoded as a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.map)
    }

    /// Returns the entries whose key begins with `prefix`, with the prefix removed.
    pub fn prefixed<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> + 'a {
        self.map.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value)))
    }

    /// Decodes the entries whose key begins with `prefix`, with the prefix removed, as one type.
    ///
    /// # Errors
    /// The entries cannot be decoded as a `T`.
    pub fn read_prefixed<T: DeserializeOwned>(&self, prefix: &str) -> Result<T, serde_json::Error> {
        let entries = self.prefixed(prefix).map(|(key, value)| (key.to_owned(), value.clone()));
        T::deserialize(Value::Object(entries.collect()))
    }

    /// Sets every entry of `data`, which serializes as an object, with `prefix` before its key.
    pub fn set_prefixed(&mut self, prefix: &str, data: impl Serialize) {
        match serde_json::to_value(data) {
            Ok(Value::Object(map)) => {
                for (key, value) in map {
                    self.map.insert(format!("{prefix}{key}"), value);
                }
            }
            Ok(_) => self.fail(format!("custom data `{prefix}`: not an object")),
            Err(error) => self.fail(format!("custom data `{prefix}`: {error}")),
        }
    }

    /// Sets every entry of `other`, in place of the one with the same key.
    pub fn merge(&mut self, other: Self) {
        self.map.extend(other.map);
        if let Some(error) = other.error {
            self.error.get_or_insert(error);
        }
    }

    /// Returns the map.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        self.map
    }

    fn fail(&mut self, error: String) {
        self.error.get_or_insert_with(|| error.into());
    }
}

impl Deref for Custom {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl DerefMut for Custom {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.map
    }
}

impl From<Map<String, Value>> for Custom {
    fn from(map: Map<String, Value>) -> Self {
        Self { map, error: None }
    }
}

impl From<Custom> for Map<String, Value> {
    fn from(custom: Custom) -> Self {
        custom.map
    }
}

impl IntoIterator for Custom {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter()
    }
}

impl<'a> IntoIterator for &'a Custom {
    type Item = (&'a String, &'a Value);
    type IntoIter = serde_json::map::Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.iter()
    }
}

impl<K: Into<String>, V: Serialize> FromIterator<(K, V)> for Custom {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut custom = Self::new();
        custom.extend(entries);
        custom
    }
}

impl<K: Into<String>, V: Serialize> Extend<(K, V)> for Custom {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.set(key, value);
        }
    }
}

impl Serialize for Custom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.error {
            None => self.map.serialize(serializer),
            Some(error) => Err(S::Error::custom(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_value_that_cannot_be_json_is_an_encoding_error() {
        let mut custom = Custom::new();
        custom.set("ok", 1);
        custom.set("bad", BTreeMap::from([((1, 2), 3)]));
        let error = serde_json::to_string(&custom).unwrap_err().to_string();
        assert!(error.contains("`bad`"), "{error}");
        let mut other = Custom::from_iter([("ok", 2)]);
        other.merge(custom);
        assert_eq!(other.get_as::<u8>("ok").unwrap(), Some(1));
        assert_eq!(serde_json::to_string(&other).unwrap_err().to_string(), error);
    }

    #[test]
    fn null_is_data() {
        let mut custom = Custom::new();
        custom.set("nothing", None::<u8>);
        assert_eq!(serde_json::to_string(&custom).unwrap(), r#"{"nothing":null}"#);
    }

    #[test]
    fn prefixed_data_is_set_and_read() {
        let mut custom = Custom::new();
        custom.set("other", true);
        custom.set_prefixed("myapp_", BTreeMap::from([("a", 1), ("b", 2)]));
        assert_eq!(custom.get_as::<i32>("myapp_b").unwrap(), Some(2));
        let own: Vec<_> = custom.prefixed("myapp_").map(|(key, _)| key).collect();
        assert_eq!(own, ["a", "b"]);
        let mut names: Vec<&str> = (&custom).into_iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["myapp_a", "myapp_b", "other"]);
        assert_eq!(custom.clone().into_iter().count(), Map::from(custom.clone()).len());
        let read: BTreeMap<String, i32> = custom.read_prefixed("myapp_").unwrap();
        assert_eq!(read.len(), 2);
        assert!(custom.read_prefixed::<BTreeMap<String, bool>>("myapp_").is_err());
        custom.set_prefixed("myapp_", 3);
        assert!(serde_json::to_string(&custom).is_err());
        assert!(serde_json::to_string(&Custom::of([1])).is_err());
    }
}
