//! The API secret of an app.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::hmac::HmacKey;
use stream_core::{ErrorClass, SdkError};

/// The API secret of a Stream app: the key that signs tokens and webhooks.
///
/// Anyone who knows it can act as any user of the app. So its memory is overwritten when it is
/// dropped, `Debug` shows nothing of it, and there is neither `Display` nor `Serialize`.
///
/// ```
/// use stream_auth::ApiSecret;
///
/// let secret = ApiSecret::new("s3cr3t")?;
/// assert_eq!(format!("{secret:?}"), "ApiSecret(..)");
/// assert!(ApiSecret::new("").is_err());
/// # Ok::<(), stream_auth::SecretError>(())
/// ```
#[derive(Clone)]
pub struct ApiSecret {
    text: Zeroizing<String>,
    key: HmacKey,
}

impl ApiSecret {
    /// Creates a secret from the text that the dashboard shows, without trimming or decoding it.
    ///
    /// # Errors
    /// [`SecretError::Empty`] if the text is empty, [`SecretError::Blank`] if it contains only
    /// white space, [`SecretError::ControlCharacter`] if it contains a line break or another control
    /// character, which no secret does.
    pub fn new(secret: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(secret.into());
        if text.is_empty() {
            return Err(SecretError::Empty);
        }
        if text.trim().is_empty() {
            return Err(SecretError::Blank);
        }
        if text.contains(char::is_control) {
            return Err(SecretError::ControlCharacter);
        }
        let key = HmacKey::new(text.as_bytes());
        Ok(Self { text, key })
    }

    /// Returns the secret itself, for code that has to pass it on, such as a redaction filter.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.text
    }

    pub(crate) fn key(&self) -> &HmacKey {
        &self.key
    }
}

impl fmt::Debug for ApiSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiSecret(..)")
    }
}

impl FromStr for ApiSecret {
    type Err = SecretError;

    fn from_str(secret: &str) -> Result<Self, Self::Err> {
        Self::new(secret)
    }
}

impl TryFrom<String> for ApiSecret {
    type Error = SecretError;

    fn try_from(secret: String) -> Result<Self, Self::Error> {
        Self::new(secret)
    }
}

impl TryFrom<&str> for ApiSecret {
    type Error = SecretError;

    fn try_from(secret: &str) -> Result<Self, Self::Error> {
        Self::new(secret)
    }
}

/// The reason why a text cannot be an [`ApiSecret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// The text is empty, most often because an environment variable is empty.
    Empty,
    /// The text contains only white space.
    Blank,
    /// The text contains a control character, most often the line break at the end of a file.
    ControlCharacter,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => {
                "the API secret is empty: copy it from the app's page in the Stream dashboard"
            }
            Self::Blank => {
                "the API secret contains only white space: copy it from the app's page in the Stream dashboard"
            }
            Self::ControlCharacter => {
                "the API secret contains a line break or another control character: trim it if it comes from a file"
            }
        })
    }
}

impl Error for SecretError {}

impl SdkError for SecretError {
    fn class(&self) -> ErrorClass {
        ErrorClass::Configuration
    }
}
