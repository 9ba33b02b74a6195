//! The URL of an attachment's file.

/// The URL of an attachment's file, from a string or from the response to an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUrl {
    #[cfg_attr(not(feature = "chat"), allow(dead_code, reason = "attachments are of chat"))]
    pub(crate) url: String,
    #[cfg_attr(not(feature = "chat"), allow(dead_code, reason = "attachments are of chat"))]
    pub(crate) thumb_url: Option<String>,
}

impl From<&str> for FileUrl {
    fn from(url: &str) -> Self {
        url.to_owned().into()
    }
}

impl From<&String> for FileUrl {
    fn from(url: &String) -> Self {
        url.clone().into()
    }
}

impl From<String> for FileUrl {
    fn from(url: String) -> Self {
        Self { url, thumb_url: None }
    }
}

/// A response to an upload.
pub trait Uploaded {
    /// Returns the URL of the stored file.
    fn file_url(&self) -> FileUrl;
}

impl<T: Uploaded> From<&T> for FileUrl {
    fn from(uploaded: &T) -> Self {
        uploaded.file_url()
    }
}

#[cfg(feature = "chat")]
impl FileUrl {
    pub(crate) fn new(url: &str, thumb_url: Option<&str>) -> Self {
        let thumb_url = thumb_url.filter(|url| !url.is_empty()).map(str::to_owned);
        Self { url: url.to_owned(), thumb_url }
    }
}
