//! The full ID of a channel.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use stream_core::{ErrorClass, SdkError};

/// The full ID of a channel: its type and its ID, written `type:id`.
///
/// ```
/// use stream_models::Cid;
///
/// let cid: Cid = "messaging:general".parse()?;
/// assert_eq!((cid.channel_type(), cid.id()), ("messaging", "general"));
/// assert!("general".parse::<Cid>().is_err());
/// # Ok::<(), stream_models::InvalidCid>(())
/// ```
///
/// Parsing and [`Cid::new`] check the form. `From` does not: the string of a response is kept
/// unchanged, and [`Cid::is_valid`] says whether it has the form. A request with an invalid CID
/// fails before it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(String);

impl Cid {
    /// Joins a type, such as `messaging`, and an ID.
    ///
    /// # Errors
    /// The type or the ID is empty, or the type contains a colon.
    pub fn new(channel_type: impl AsRef<str>, id: impl AsRef<str>) -> Result<Self, InvalidCid> {
        let (channel_type, id) = (channel_type.as_ref(), id.as_ref());
        let cid = Self(format!("{channel_type}:{id}"));
        if cid.channel_type() == channel_type { cid.checked() } else { Err(InvalidCid(cid.0)) }
    }

    /// Returns the type of the channel, such as `messaging`; empty if there is no colon.
    #[must_use]
    pub fn channel_type(&self) -> &str {
        self.0.split_once(':').map_or("", |(channel_type, _)| channel_type)
    }

    /// Returns the ID of the channel within its type: what follows the first colon, or all of it.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, id)| id)
    }

    /// Returns the type and the ID as one string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the string has the form `type:id`, with neither part empty.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.0
            .split_once(':')
            .is_some_and(|(channel_type, id)| !channel_type.is_empty() && !id.is_empty())
    }

    /// Checks that the string has the form `type:id`.
    ///
    /// # Errors
    /// The string does not have the form `type:id`.
    pub(crate) fn check(&self) -> Result<(), InvalidCid> {
        if self.is_valid() { Ok(()) } else { Err(InvalidCid(self.0.clone())) }
    }

    fn checked(self) -> Result<Self, InvalidCid> {
        self.check().map(|()| self)
    }

    pub(crate) const fn text_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cid {
    type Err = InvalidCid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self(text.to_owned()).checked()
    }
}

/// Keeps the string unchanged, whether or not it is valid.
impl From<String> for Cid {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Keeps the string unchanged, whether or not it is valid.
impl From<&str> for Cid {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Keeps the string unchanged, whether or not it is valid.
impl From<&String> for Cid {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl From<&Self> for Cid {
    fn from(cid: &Self) -> Self {
        cid.clone()
    }
}

impl From<Cid> for String {
    fn from(cid: Cid) -> Self {
        cid.0
    }
}

impl From<&Cid> for String {
    fn from(cid: &Cid) -> Self {
        cid.0.clone()
    }
}

impl AsRef<str> for Cid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Cid {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for Cid {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

impl PartialEq<String> for Cid {
    fn eq(&self, text: &String) -> bool {
        self.0 == *text
    }
}

impl Serialize for Cid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A string that is not a valid [`Cid`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCid(String);

impl fmt::Display for InvalidCid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a valid CID: expected `type:id`, such as `messaging:general`",
            self.0
        )
    }
}

impl std::error::Error for InvalidCid {}

impl SdkError for InvalidCid {
    fn class(&self) -> ErrorClass {
        ErrorClass::InvalidInput
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_type_and_an_id_are_valid() {
        for text in ["messaging:general", "a:b", "messaging:a:b", "messaging:!members-x"] {
            let cid: Cid = text.parse().unwrap();
            assert!(cid.is_valid() && cid == text, "{text}");
        }
        for text in ["", "general", ":", "messaging:", ":general"] {
            assert!(text.parse::<Cid>().is_err(), "{text}");
            assert_eq!(Cid::from(text).as_str(), text);
        }
        assert_eq!(Cid::new("messaging", "a:b").unwrap().id(), "a:b");
        assert!(Cid::new("a:b", "c").is_err());
        assert!(Cid::new("", "c").is_err());
    }

    #[test]
    fn an_invalid_cid_of_a_response_is_kept_as_its_id() {
        let odd = Cid::from("general");
        assert_eq!((odd.channel_type(), odd.id()), ("", "general"));
    }
}
