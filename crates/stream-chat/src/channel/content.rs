use super::Channel;
use crate::request::Request;
use stream_models::Upload;
use stream_models::custom_events::{EventRequest, SendEvent, SendEventRequest};
use stream_models::messages::{GetManyMessages, MessageRequest, SendMessage, SendMessageRequest};
use stream_models::shared::OnlyUserId;
use stream_models::uploads::{
    DeleteChannelFile, DeleteChannelImage, UploadChannelFile, UploadChannelFileRequest,
    UploadChannelImage, UploadChannelRequest,
};

impl Channel {
    /// Sends a message; it needs a user.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/message`
    pub fn send_message(&self, message: impl Into<MessageRequest>) -> Request<SendMessage> {
        let body = SendMessageRequest::new(message);
        self.request(SendMessage::new(&self.channel_type, &self.id, body))
    }

    /// Gets messages of the channel by id, at most 50.
    ///
    /// `GET /api/v2/chat/channels/{type}/{id}/messages`
    pub fn get_messages<S: Into<String>>(
        &self,
        message_ids: impl IntoIterator<Item = S>,
    ) -> Request<GetManyMessages> {
        self.request(GetManyMessages::new(&self.channel_type, &self.id, message_ids))
    }

    /// Sends an event of your own to those who are connected to the channel; it needs a user.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/event`
    pub fn send_event(&self, event: impl Into<EventRequest>) -> Request<SendEvent> {
        let body = SendEventRequest::new(event);
        self.request(SendEvent::new(&self.channel_type, &self.id, body))
    }

    /// Uploads a file on behalf of a user; the answer has its URL.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/file`
    pub fn upload_file(
        &self,
        file: Upload,
        user: impl Into<OnlyUserId>,
    ) -> Request<UploadChannelFile> {
        let body = UploadChannelFileRequest::new(file).user(user);
        self.request(UploadChannelFile::new(&self.channel_type, &self.id, body))
    }

    /// Uploads an image on behalf of a user; the answer has its URL.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}/image`
    pub fn upload_image(
        &self,
        image: Upload,
        user: impl Into<OnlyUserId>,
    ) -> Request<UploadChannelImage> {
        let body = UploadChannelRequest::new(image).user(user);
        self.request(UploadChannelImage::new(&self.channel_type, &self.id, body))
    }

    /// Deletes a file that was uploaded to the channel.
    ///
    /// `DELETE /api/v2/chat/channels/{type}/{id}/file`
    pub fn delete_file(&self, url: impl Into<String>) -> Request<DeleteChannelFile> {
        self.request(DeleteChannelFile::new(&self.channel_type, &self.id).url(url))
    }

    /// Deletes an image that was uploaded to the channel.
    ///
    /// `DELETE /api/v2/chat/channels/{type}/{id}/image`
    pub fn delete_image(&self, url: impl Into<String>) -> Request<DeleteChannelImage> {
        self.request(DeleteChannelImage::new(&self.channel_type, &self.id).url(url))
    }
}

impl Request<SendMessage> {
    /// Sends no push notification for the message.
    pub fn skip_push(self) -> Self {
        self.body(|body| body.skip_push(true))
    }

    /// Everything else that can go with a message.
    pub fn body(mut self, change: impl FnOnce(SendMessageRequest) -> SendMessageRequest) -> Self {
        self.operation.body = change(self.operation.body);
        self
    }
}
