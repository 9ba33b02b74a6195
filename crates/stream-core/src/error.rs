//! How errors of different crates become one.

/// An error that becomes a `stream_http::Error`, which is `stream_chat::Error`, with `?`. There it is
/// the `source`, so nothing of it is lost.
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
}

/// What an [`SdkError`] is about. None of them has to do with a request that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// Something is not set up right, such as an empty secret.
    Configuration,
    /// A value cannot be sent or signed as it is, such as a CID without a colon.
    InvalidInput,
    /// A token or a webhook that came in is not authentic, or cannot be read.
    Unverified,
}
