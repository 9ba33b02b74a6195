use crate::messages::Attachment;

impl Attachment {
    /// An image that lies at `url`.
    ///
    /// ```
    /// use stream_models::messages::Attachment;
    ///
    /// let photo = Attachment::image("https://example.com/cat.jpg").custom("myapp_rating", 5);
    /// assert_eq!(photo.type_.as_deref(), Some("image"));
    /// ```
    pub fn image(url: impl Into<String>) -> Self {
        Self::new().type_("image").image_url(url)
    }

    /// A file that lies at `url`.
    pub fn file(url: impl Into<String>) -> Self {
        Self::new().type_("file").asset_url(url)
    }

    /// A video that lies at `url`.
    pub fn video(url: impl Into<String>) -> Self {
        Self::new().type_("video").asset_url(url)
    }

    /// A sound recording that lies at `url`.
    pub fn audio(url: impl Into<String>) -> Self {
        Self::new().type_("audio").asset_url(url)
    }
}
