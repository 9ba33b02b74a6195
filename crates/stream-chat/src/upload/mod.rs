//! Uploads: what requests with a file can be told about it.

use crate::Request;
use stream_models::uploads::{UploadChannelFile, UploadChannelImage, UploadFile, UploadImage};
use stream_models::{Operation, Upload};

impl<O: Operation + HoldsFile> Request<O> {
    /// Sets the media type of the file, such as `image/png`. Otherwise it follows from the name of
    /// the file or, where that says nothing, from its first bytes.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.operation.file_mut().content_type = Some(content_type.into());
        self
    }

    /// Stores the file under another name.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.operation.file_mut().file_name = name.into();
        self
    }

    /// Calls `report` with the bytes that have gone so far and their whole number, with the few of
    /// the form around the file; `None` if that is not known. It is called often and must not block.
    /// The file is read while it is sent, and an upload that is repeated counts anew.
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
