use std::fmt;
use std::str::FromStr;

/// The identifier of a channel in the whole app: its type and its id, written `type:id`.
///
/// ```
/// use stream_chat::Cid;
///
/// let cid: Cid = "messaging:general".parse()?;
/// assert_eq!((cid.channel_type(), cid.id()), ("messaging", "general"));
/// assert!("general".parse::<Cid>().is_err());
/// # Ok::<(), stream_chat::InvalidCid>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid {
    channel_type: String,
    id: String,
}

impl Cid {
    /// Makes the full ID of a channel.
    ///
    /// # Errors
    /// The type or the id is empty, or the type holds a colon.
    pub fn new(channel_type: impl Into<String>, id: impl Into<String>) -> Result<Self, InvalidCid> {
        let cid = Self { channel_type: channel_type.into(), id: id.into() };
        if cid.channel_type.is_empty() || cid.id.is_empty() || cid.channel_type.contains(':') {
            return Err(InvalidCid(cid.to_string()));
        }
        Ok(cid)
    }

    /// The type of the channel, such as `messaging`.
    #[must_use]
    pub fn channel_type(&self) -> &str {
        &self.channel_type
    }

    /// The id of the channel within its type.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl From<&Cid> for Cid {
    fn from(cid: &Cid) -> Self {
        cid.clone()
    }
}

impl From<Cid> for String {
    fn from(cid: Cid) -> Self {
        cid.to_string()
    }
}

impl From<&Cid> for String {
    fn from(cid: &Cid) -> Self {
        cid.to_string()
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.channel_type, self.id)
    }
}

impl FromStr for Cid {
    type Err = InvalidCid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (channel_type, id) = text.split_once(':').ok_or_else(|| InvalidCid(text.to_owned()))?;
        Self::new(channel_type, id)
    }
}

/// A string that is not a valid [`Cid`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCid(String);

impl fmt::Display for InvalidCid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a valid cid: expected `type:id`, neither part empty", self.0)
    }
}

impl std::error::Error for InvalidCid {}

impl From<InvalidCid> for stream_http::Error {
    fn from(invalid: InvalidCid) -> Self {
        Self::invalid_request(invalid.to_string())
    }
}
