//! Uploads: the options of requests with a file.

use crate::Request;
use stream_models::uploads::{UploadChannelFile, UploadChannelImage, UploadFile, UploadImage};
use stream_models::{Operation, Upload};

impl<O: Operation + HoldsFile> Request<O> {
    /// Sets the media type of the file, such as `image/png`. By default it is derived from the file
    /// name or, failing that, from the first bytes; without the feature `media-types`, it is
    /// `application/octet-stream`.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.operation.file_mut().content_type = Some(content_type.into());
        self
    }

    /// Sets another name for the stored file.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.operation.file_mut().file_name = name.into();
        self
    }

    /// Calls `report` with the number of bytes sent and the total, both including the form around
    /// the file; the total is `None` if it is not known. It is called often and must not block. The
    /// file is read while it is sent, and the count of a retried upload starts again at zero.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::{Attachment, MessageRequest, Upload};
    ///
    /// let channel = client.channel("messaging", "general");
    /// let uploaded = channel
    ///     .upload_file(Upload::path("report.pdf"), "john")
    ///     .on_progress(|sent, total| println!("{sent} of {total:?} bytes"))
    ///     .await?;
    /// let message = MessageRequest::from("Here it is").attachment(Attachment::file(&uploaded));
    /// channel.send_message(message.user_id("john")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(
        mut self,
        report: impl Fn(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        self.options =
            self.options.on_progress(move |progress| report(progress.sent, progress.total));
        self
    }
}

/// An operation that uploads a file.
pub trait HoldsFile: sealed::Sealed {
    /// Returns the file.
    #[doc(hidden)]
    fn file_mut(&mut self) -> &mut Upload;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! holds_file {
    ($($operation:ident),*) => {$(
        impl sealed::Sealed for $operation {}

        impl HoldsFile for $operation {
            fn file_mut(&mut self) -> &mut Upload {
                &mut self.body.file
            }
        }
    )*};
}

holds_file!(UploadChannelFile, UploadChannelImage, UploadFile, UploadImage);
