//! Conversions to filters whose fields the schema does not list: those that are stored on the
//! server and later used in another query.

use serde_json::Value;

use crate::channels::ChannelFilter;
use crate::filter::Filter;
#[cfg(feature = "moderation")]
use crate::review_queue::ReviewQueueFilter;
use crate::users::UserFilter;

macro_rules! untyped {
    ($($(#[$feature:meta])? $query:ident of $what:literal)*) => {$(
        #[doc = concat!("Keeps the conditions, for ", $what, ".")]
        $(#[$feature])?
        impl From<Filter<$query>> for Filter {
            fn from(filter: Filter<$query>) -> Self {
                filter.untyped()
            }
        }
    )*};
}

untyped! {
    ChannelFilter of "a segment of channels"
    UserFilter of "a segment of users"
    #[cfg(feature = "moderation")] ReviewQueueFilter of "a queue of moderation"
}

/// Creates a filter from JSON; see [`Filter::raw`].
impl From<Value> for Filter {
    fn from(filter: Value) -> Self {
        Self::raw(filter)
    }
}
