use crate::client::Client;
use stream_models::Filter;
use stream_models::channels::ChannelBatchFilter;

/// A handle to all channels that match a filter, which one task changes together.
#[derive(Debug, Clone)]
pub struct ChannelBatch {
    client: Client,
    filter: Filter<ChannelBatchFilter>,
}

impl ChannelBatch {
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the filter that chooses the channels.
    pub fn filter(&self) -> Filter<ChannelBatchFilter> {
        self.filter.clone()
    }
}

impl Client {
    /// Returns a handle to all channels that match a filter. This sends no request.
    #[must_use]
    pub fn channel_batch(&self, filter: impl Into<Filter<ChannelBatchFilter>>) -> ChannelBatch {
        ChannelBatch { client: self.clone(), filter: filter.into() }
    }
}
