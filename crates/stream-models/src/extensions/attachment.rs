//! Constructors of attachments.

use crate::messages::Attachment;
use crate::operation::{FileUrl, Uploaded};
use crate::uploads::{
    FileUploadResponse, ImageUploadResponse, UploadChannelFileResponse, UploadChannelResponse,
};

/// Implements `Uploaded` for the responses to uploads, which have the same form.
macro_rules! uploaded {
    ($($response:ident),*) => {$(
        impl Uploaded for $response {
            fn file_url(&self) -> FileUrl {
                FileUrl::new(&self.file, self.thumb_url.as_deref())
            }
        }
    )*};
}

uploaded!(
    FileUploadResponse,
    ImageUploadResponse,
    UploadChannelFileResponse,
    UploadChannelResponse
);

impl Attachment {
    /// Creates an image from its URL or from the response to its upload.
    ///
    /// ```
    /// use stream_models::messages::Attachment;
    ///
    /// let photo = Attachment::image("https://example.com/cat.jpg").custom("myapp_rating", 5);
    /// assert_eq!(photo.type_.as_deref(), Some("image"));
    /// ```
    pub fn image(file: impl Into<FileUrl>) -> Self {
        Self::at("image", file.into(), Self::image_url)
    }

    /// Creates a file from its URL or from the response to its upload.
    pub fn file(file: impl Into<FileUrl>) -> Self {
        Self::at("file", file.into(), Self::asset_url)
    }

    /// Creates a video from its URL or from the response to its upload.
    pub fn video(file: impl Into<FileUrl>) -> Self {
        Self::at("video", file.into(), Self::asset_url)
    }

    /// Creates an audio attachment from its URL or from the response to its upload.
    pub fn audio(file: impl Into<FileUrl>) -> Self {
        Self::at("audio", file.into(), Self::asset_url)
    }

    fn at(kind: &str, file: FileUrl, place: impl FnOnce(Self, String) -> Self) -> Self {
        let attachment = place(Self::new().type_(kind), file.url);
        match file.thumb_url {
            Some(url) => attachment.thumb_url(url),
            None => attachment,
        }
    }
}
