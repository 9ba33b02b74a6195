//! Individual settings of a channel.

use std::time::Duration;

use super::Channel;
use crate::bulk::{Bulk, IntoEntries};
use crate::request::Request;
use stream_models::channels::{UpdateChannel, UpdateChannelRequest};

/// The maximum number of filter tags in one request.
const TAGS: usize = 10;

/// # Individual settings
///
/// Changes to individual settings, all of them `POST /api/v2/chat/channels/{type}/{id}`.
impl Channel {
    /// Makes each member wait between two messages, up to 120 seconds; the interval is rounded up
    /// to whole seconds.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn enable_slow_mode(&self, interval: Duration) -> Request<UpdateChannel> {
        self.update().body(|body| body.cooldown(interval))
    }

    /// Disables slow mode.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn disable_slow_mode(&self) -> Request<UpdateChannel> {
        self.update().body(|body| body.cooldown(Duration::ZERO))
    }

    /// Adds tags that channel queries can filter by, in batches of 10.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn add_filter_tags<'a>(
        &self,
        tags: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, UpdateChannel, String> {
        self.change_in_batches(TAGS, tags, UpdateChannelRequest::add_filter_tags)
    }

    /// Removes tags that channel queries can filter by, in batches of 10.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn remove_filter_tags<'a>(
        &self,
        tags: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, UpdateChannel, String> {
        self.change_in_batches(TAGS, tags, UpdateChannelRequest::remove_filter_tags)
    }
}
