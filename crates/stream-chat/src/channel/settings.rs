use super::Channel;
use crate::request::Request;
use std::time::Duration;
use stream_models::channels::UpdateChannel;

/// Changes of single settings, all of them `POST /api/v2/chat/channels/{type}/{id}`.
impl Channel {
    /// Makes each member wait between two messages, up to 120 seconds; rounded up to whole seconds.
    pub fn enable_slow_mode(&self, interval: Duration) -> Request<UpdateChannel> {
        self.update().body(|body| body.cooldown(interval))
    }

    /// Ends the slow mode.
    pub fn disable_slow_mode(&self) -> Request<UpdateChannel> {
        self.update().body(|body| body.cooldown(Duration::ZERO))
    }

    /// Adds tags that channel queries can filter by, at most 10.
    pub fn add_filter_tags(
        &self,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> Request<UpdateChannel> {
        self.update().body(|body| body.add_filter_tags(tags))
    }

    /// Removes tags that channel queries can filter by.
    pub fn remove_filter_tags(
        &self,
        tags: impl IntoIterator<Item = impl Into<String>>,
    ) -> Request<UpdateChannel> {
        self.update().body(|body| body.remove_filter_tags(tags))
    }
}
