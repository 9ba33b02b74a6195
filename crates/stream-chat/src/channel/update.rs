use crate::request::Request;
use serde::Serialize;
use stream_models::channels::{
    ChannelInputRequest, UpdateChannel, UpdateChannelPartial, UpdateChannelRequest,
};
use stream_models::messages::MessageRequest;

impl Request<UpdateChannel> {
    /// Sets one entry of the channel's custom data to anything that serialises. The entries that
    /// are not set here are removed.
    pub fn custom(self, key: impl Into<String>, value: impl Serialize) -> Self {
        self.data(|data| data.custom(key, value))
    }

    /// A message that is posted to the channel about the change; it needs a user.
    pub fn message(self, message: impl Into<MessageRequest>) -> Self {
        self.body(|body| body.message(message))
    }

    /// The user on whose behalf the channel is changed.
    pub fn user(self, user_id: impl Into<String>) -> Self {
        self.body(|body| body.user_id(user_id))
    }

    /// Changes the channel's data as a whole.
    pub fn data(mut self, change: impl FnOnce(ChannelInputRequest) -> ChannelInputRequest) -> Self {
        let data = self.operation.body.data.get_or_default();
        *data = change(std::mem::take(data));
        self
    }

    /// Everything else that an update can hold.
    pub fn body(
        mut self,
        change: impl FnOnce(UpdateChannelRequest) -> UpdateChannelRequest,
    ) -> Self {
        self.operation.body = change(std::mem::take(&mut self.operation.body));
        self
    }
}

impl Request<UpdateChannelPartial> {
    /// The user on whose behalf the channel is changed.
    pub fn user(mut self, user_id: impl Into<String>) -> Self {
        self.operation.body.user_id = user_id.into().into();
        self
    }
}
