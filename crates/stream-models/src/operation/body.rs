//! The body of an operation.

use std::any::Any;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::{InvalidRequest, RawBody};

/// The body of a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Body {
    /// No body.
    Empty,
    /// Encoded JSON.
    Json(Vec<u8>),
    /// A multipart form.
    Multipart(Vec<Part>),
    /// Bytes or text, with a media type.
    Raw(RawBody),
}

impl Body {
    /// Encodes `value` as JSON.
    ///
    /// # Errors
    /// The value cannot be encoded, for example because custom data contains a map whose keys are
    /// not strings.
    pub fn json<T: Serialize>(value: &T) -> Result<Self, InvalidRequest> {
        serde_json::to_vec(value)
            .map(Self::Json)
            .map_err(|error| InvalidRequest::new(format!("body: {error}")))
    }

    /// Encodes `value` as JSON of another media type than `application/json`, such as
    /// `application/merge-patch+json`.
    ///
    /// # Errors
    /// As of [`Body::json`].
    pub fn json_of_type<T: Serialize>(
        value: &T,
        content_type: &str,
    ) -> Result<Self, InvalidRequest> {
        serde_json::to_vec(value)
            .map(|json| Self::Raw(RawBody::new(json).content_type(content_type)))
            .map_err(|error| InvalidRequest::new(format!("body: {error}")))
    }

    /// Returns a body that is sent as it is, with the media type of the operation if it has none.
    #[must_use]
    pub fn raw(body: &RawBody, content_type: &str) -> Self {
        let mut body = body.clone();
        body.content_type.get_or_insert_with(|| content_type.to_owned());
        Self::Raw(body)
    }
}

/// One part of a multipart form.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Part {
    /// The name of the field.
    pub name: &'static str,
    /// The content of the field.
    pub content: PartContent,
}

impl Part {
    /// Returns a part with JSON, if the value is set.
    ///
    /// # Errors
    /// The value could not be encoded as JSON.
    pub fn json<T: Serialize>(
        name: &'static str,
        value: Option<&T>,
    ) -> Result<Option<Self>, InvalidRequest> {
        let Some(value) = value else { return Ok(None) };
        let json = serde_json::to_vec(value)
            .map_err(|error| InvalidRequest::new(format!("part `{name}`: {error}")))?;
        Ok(Some(Self { name, content: PartContent::Json(json) }))
    }

    /// Returns a part with a text, if the value is set.
    #[must_use]
    pub fn text<T: Display>(name: &'static str, value: Option<&T>) -> Option<Self> {
        value.map(|value| Self { name, content: PartContent::Text(value.to_string()) })
    }

    /// Returns a part with a file, if there is one.
    #[must_use]
    pub fn file(name: &'static str, file: Option<&Upload>) -> Option<Self> {
        file.map(|file| Self { name, content: PartContent::File(file.clone()) })
    }
}

/// The content of a part of a multipart form.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PartContent {
    /// Encoded JSON.
    Json(Vec<u8>),
    /// A text.
    Text(String),
    /// A file.
    File(Upload),
}

/// A file to upload: from memory, from disk, or with `FileSource::reader` of `stream-http` from a
/// reader. A file on disk is read when the request is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// The name under which the file is stored, such as `photo.jpg`.
    pub file_name: String,
    /// The media type, such as `image/jpeg`; found from the name or the first bytes if it is not set.
    pub content_type: Option<String>,
    /// The source of the content.
    pub source: UploadSource,
}

/// The source of the content of an [`Upload`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadSource {
    /// Content in memory. Clones of the upload share it.
    Bytes(Arc<Vec<u8>>),
    /// A file on disk.
    Path(PathBuf),
    /// A source of the HTTP client, such as a reader.
    External(ExternalSource),
}

/// A source of content that this crate does not know, such as the reader in a `FileSource` of
/// `stream-http`, which sends it.
#[derive(Clone)]
pub struct ExternalSource(Arc<dyn Any + Send + Sync>);

impl ExternalSource {
    /// Wraps a source.
    pub fn new(source: impl Any + Send + Sync) -> Self {
        Self(Arc::new(source))
    }

    /// Returns the source, if it is a `T`.
    #[must_use]
    pub fn downcast_ref<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

/// Compares whether both are the same source, not its content.
impl PartialEq for ExternalSource {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ExternalSource {}

impl fmt::Debug for ExternalSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternalSource(..)")
    }
}

impl fmt::Debug for UploadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::External(source) => f.debug_tuple("External").field(source).finish(),
        }
    }
}

impl Upload {
    /// Creates an upload from memory: bytes of any type, or a text. A `Vec<u8>` and a `String` are
    /// not copied.
    ///
    /// ```
    /// use stream_models::Upload;
    ///
    /// let report = Upload::bytes("report.txt", "all is well");
    /// let image = Upload::bytes("dot.png", b"\x89PNG\r\n\x1a\n").content_type("image/png");
    /// assert_ne!(report, image);
    /// ```
    pub fn bytes(file_name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: None,
            source: UploadSource::Bytes(Arc::new(content.into())),
        }
    }

    /// Creates an upload from a source of the HTTP client. `FileSource` of `stream-http` converts
    /// itself.
    pub fn external(file_name: impl Into<String>, source: ExternalSource) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: None,
            source: UploadSource::External(source),
        }
    }

    /// Creates an upload of a file on disk, stored under its own name.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self {
            file_name: name.to_string_lossy().into_owned(),
            content_type: None,
            source: UploadSource::Path(path.to_owned()),
        }
    }

    /// Stores the file under another name.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }
}
