//! The trait of errors that convert into the one error of the SDK.

use serde_json::error::Category;

/// An error that `?` converts into a `stream_http::Error`, which is also `stream_chat::Error`.
/// `Error::downcast_ref` returns the original.
///
/// The errors of the SDK implement it, and your own errors can.
///
/// ```
/// use stream_core::{ErrorClass, SdkError};
///
/// #[derive(Debug)]
/// struct UnknownShop;
///
/// impl std::fmt::Display for UnknownShop {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("there is no such shop")
///     }
/// }
/// impl std::error::Error for UnknownShop {}
///
/// impl SdkError for UnknownShop {
///     fn class(&self) -> ErrorClass {
///         ErrorClass::InvalidInput
///     }
/// }
/// ```
pub trait SdkError: std::error::Error + Send + Sync + 'static {
    /// Returns the class of the error.
    fn class(&self) -> ErrorClass;

    /// Returns the text that the converted error shows; defaults to that of `Display`.
    fn text(&self) -> String {
        self.to_string()
    }
}

/// The class of an [`SdkError`]. No class is about a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// A setting is wrong, such as an empty secret.
    Configuration,
    /// A value cannot be sent or signed, such as a CID without a colon.
    InvalidInput,
    /// A received token or webhook is not authentic, or is not of the expected form.
    Unverified,
    /// Received JSON, such as custom data, does not have the shape of the type it is decoded as.
    Decode,
    /// The server refused what a request was about, although its response was a success, such as a
    /// message with a blocked word.
    Refused,
}

/// The error of decoding custom data as an application's own type.
impl SdkError for serde_json::Error {
    fn class(&self) -> ErrorClass {
        ErrorClass::Decode
    }

    /// Returns a text without user content, because the text of `serde_json` quotes values.
    fn text(&self) -> String {
        let problem = match self.classify() {
            Category::Data => "a value is missing or of another kind than expected",
            Category::Eof => "the JSON ends too early",
            Category::Syntax | Category::Io => "the text is not JSON",
        };
        match (self.line(), self.column()) {
            (0, 0) => problem.to_owned(),
            (line, column) => format!("{problem}, at line {line} column {column}"),
        }
    }
}
