//! The body of an operation.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use super::InvalidRequest;

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
    /// A file.
    File(Upload),
}

/// A file to upload. A file on disk is read when the request is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upload {
    /// The name under which the file is stored, such as `photo.jpg`.
    pub file_name: String,
    /// The media type, such as `image/jpeg`; derived from the name if it is not set.
    pub content_type: Option<String>,
    /// The source of the content.
    pub source: UploadSource,
}

/// The source of the content of an [`Upload`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadSource {
    /// Content in memory.
    Bytes(Arc<[u8]>),
    /// A file on disk.
    Path(PathBuf),
}

impl fmt::Debug for UploadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
        }
    }
}

impl Upload {
    /// Creates an upload from memory.
    pub fn bytes(file_name: impl Into<String>, content: impl Into<Arc<[u8]>>) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: None,
            source: UploadSource::Bytes(content.into()),
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
