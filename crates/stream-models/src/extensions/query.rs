use crate::channels::{ChannelFilter, QueryChannelsRequest};
use crate::filter::Filter;
use crate::messages::SearchPayload;
use crate::threads::{QueryThreadsRequest, ThreadFilter};
use crate::users::{QueryUsersPayload, UserFilter};

/// The channels that match, in the server's order.
impl From<Filter<ChannelFilter>> for QueryChannelsRequest {
    fn from(filter: Filter<ChannelFilter>) -> Self {
        Self::new().filter_conditions(filter)
    }
}

/// The users who match, in the server's order.
impl From<Filter<UserFilter>> for QueryUsersPayload {
    fn from(filter: Filter<UserFilter>) -> Self {
        Self::new(filter)
    }
}

/// The messages in the channels that match.
impl From<Filter<ChannelFilter>> for SearchPayload {
    fn from(filter: Filter<ChannelFilter>) -> Self {
        Self::new(filter)
    }
}

/// The threads that match, in the server's order.
impl From<Filter<ThreadFilter>> for QueryThreadsRequest {
    fn from(filter: Filter<ThreadFilter>) -> Self {
        Self::new().filter(filter)
    }
}
