//! The file of an upload.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use tokio::io::AsyncRead;

use stream_models::{ExternalSource, Upload, UploadSource};

/// A file to upload, which is streamed from memory, from disk, or from any reader.
///
/// Memory and files can be read again for a retry; a reader cannot.
#[derive(Clone)]
pub struct FileSource {
    pub(super) file_name: String,
    pub(super) content_type: Option<String>,
    pub(super) content: FileContent,
}

pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;

#[derive(Clone)]
pub(super) enum FileContent {
    Bytes(Bytes),
    Path(PathBuf),
    Reader { slot: Arc<Mutex<Option<Reader>>>, length: Option<u64> },
}

impl FileSource {
    /// Creates a file from memory.
    pub fn bytes(file_name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(file_name.into(), FileContent::Bytes(content.into()))
    }

    /// Creates a file on disk, opened when the request is sent and stored under its own name.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self::new(name, FileContent::Path(path))
    }

    /// Creates a file from a reader. With its exact `length` in bytes, the request has a
    /// `Content-Length`, which some proxies require; without it, the body is sent chunked.
    pub fn reader<R>(file_name: impl Into<String>, reader: R, length: Option<u64>) -> Self
    where
        R: AsyncRead + Send + Unpin + 'static,
    {
        let slot = Arc::new(Mutex::new(Some(Box::new(reader) as Reader)));
        Self::new(file_name.into(), FileContent::Reader { slot, length })
    }

    /// Sets the name under which the file is stored.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Returns the name under which the file is stored.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file_name
    }

    /// Sets the media type unless it is set already.
    #[must_use]
    pub fn or_content_type(mut self, content_type: &str) -> Self {
        self.content_type.get_or_insert_with(|| content_type.to_owned());
        self
    }

    /// Sets the media type, such as `image/png`. By default, it is derived from the name or, if the
    /// name has no known extension, from the first bytes of content in memory or on disk. Without
    /// the feature `media-types`, the default is `application/octet-stream`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    fn new(file_name: String, content: FileContent) -> Self {
        Self { file_name, content_type: None, content }
    }

    /// Returns the media type that was set or that the name implies.
    fn told_media_type(&self) -> Option<&str> {
        let of_name = || media_type::of_name(&self.file_name);
        self.content_type.as_deref().or_else(of_name)
    }

    /// Returns whether only the content can determine the media type.
    pub(super) fn needs_head(&self) -> bool {
        cfg!(feature = "media-types") && self.told_media_type().is_none()
    }

    /// Returns the media type that was set or that the name or the first bytes imply.
    pub(super) fn media_type(&self, head: &[u8]) -> &str {
        let of_content = || media_type::of_content(head);
        self.told_media_type().or_else(of_content).unwrap_or("application/octet-stream")
    }

    pub(super) const fn is_replayable(&self) -> bool {
        !matches!(self.content, FileContent::Reader { .. })
    }
}

/// The content of an [`Upload`], not copied.
struct SharedVec(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedVec {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Upload> for FileSource {
    fn from(upload: Upload) -> Self {
        let content = match upload.source {
            UploadSource::Bytes(bytes) => FileContent::Bytes(Bytes::from_owner(SharedVec(bytes))),
            UploadSource::Path(path) => FileContent::Path(path),
            UploadSource::External(source) => match source.downcast_ref::<FileContent>() {
                Some(content) => content.clone(),
                None => FileContent::Path(PathBuf::new()),
            },
            // An unknown source fails like a missing file.
            _ => FileContent::Path(PathBuf::new()),
        };
        Self { file_name: upload.file_name, content_type: upload.content_type, content }
    }
}

/// So that operations with an [`Upload`] take a file from any source.
impl From<FileSource> for Upload {
    fn from(file: FileSource) -> Self {
        let mut upload = Self::external(file.file_name, ExternalSource::new(file.content));
        upload.content_type = file.content_type;
        upload
    }
}

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.content {
            FileContent::Bytes(bytes) => format!("{} bytes", bytes.len()),
            FileContent::Path(path) => path.display().to_string(),
            FileContent::Reader { .. } => "a reader".to_owned(),
        };
        f.debug_struct("FileSource")
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("content", &content)
            .finish()
    }
}

/// The media types that names and contents imply.
mod media_type {
    #[cfg(feature = "media-types")]
    pub(super) fn of_name(name: &str) -> Option<&'static str> {
        mime_guess::from_path(name).first_raw()
    }

    #[cfg(feature = "media-types")]
    pub(super) fn of_content(head: &[u8]) -> Option<&'static str> {
        infer::get(head).map(|kind| kind.mime_type())
    }

    #[cfg(not(feature = "media-types"))]
    pub(super) const fn of_name(_: &str) -> Option<&'static str> {
        None
    }

    #[cfg(not(feature = "media-types"))]
    pub(super) const fn of_content(_: &[u8]) -> Option<&'static str> {
        None
    }
}

/// The progress of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes of the body passed to the transport, which buffers some of them.
    pub sent: u64,
    /// The bytes of the whole body, including the form around the file; `None` if unknown.
    pub total: Option<u64>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
}
