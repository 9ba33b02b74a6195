//! How errors of different crates become one.

use serde_json::error::Category;

/// An error that becomes a `stream_http::Error`, which is `stream_chat::Error`, with `?`. Nothing of it
/// is lost: `Error::downcast_ref` gives it back.
///
/// It is implemented for the errors of the SDK. An error of yours can have it too.
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
    /// Returns what the error is about.
    fn class(&self) -> ErrorClass;

    /// Returns the text that the one error shows; by default what `Display` shows.
    fn text(&self) -> String {
        self.to_string()
    }
}

/// What an [`SdkError`] is about. None of them has to do with a request that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Something is not set up right, such as an empty secret.
    Configuration,
    /// A value cannot be sent or signed as it is, such as a CID without a colon.
    InvalidInput,
    /// A token or a webhook that came in is not authentic, or is not of the expected form.
    Unverified,
    /// JSON that came in, such as custom data, is not of the shape that it is read as.
    Decode,
}

/// What reading custom data as a type of one's own fails with.
impl SdkError for serde_json::Error {
    fn class(&self) -> ErrorClass {
        ErrorClass::Decode
    }

    /// Leaves out what people wrote: the text of `serde_json` quotes values.
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
