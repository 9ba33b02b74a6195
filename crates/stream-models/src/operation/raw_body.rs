//! Bodies that are not JSON.

use std::fmt;
use std::str::{self, Utf8Error};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The body of a request or of a response that is neither JSON nor a form: bytes or text, as they
/// are.
///
/// ```
/// use stream_models::RawBody;
///
/// let body = RawBody::from("a,b").content_type("text/csv; charset=utf-8");
/// assert_eq!(body.text(), Ok("a,b"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawBody {
    /// The media type; in a request, defaults to that of the operation.
    pub content_type: Option<String>,
    /// The bytes.
    pub content: Vec<u8>,
}

impl RawBody {
    /// Creates a body from bytes or text.
    pub fn new(content: impl Into<Vec<u8>>) -> Self {
        Self { content_type: None, content: content.into() }
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Returns the content as text.
    ///
    /// # Errors
    /// The content is not UTF-8.
    pub fn text(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(&self.content)
    }
}

impl<T: Into<Vec<u8>>> From<T> for RawBody {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

/// Shows the number of bytes, since the content may be large or secret.
impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawBody")
            .field("content_type", &self.content_type)
            .field("content", &format_args!("{} bytes", self.content.len()))
            .finish()
    }
}

/// For executors that decode every response as JSON: the content is that JSON.
impl<'de> Deserialize<'de> for RawBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        serde_json::to_vec(&json).map(Self::new).map_err(D::Error::custom)
    }
}
