//! Sort orders that are stored on the server, where the schema has free-form objects.

use crate::Sort;
use stream_models::Optional;
#[cfg(feature = "admin")]
use stream_models::channels::ChannelSort;
#[cfg(feature = "admin")]
use stream_models::predefined_filters::{CreatePredefinedFilter, UpdatePredefinedFilter};
#[cfg(feature = "moderation")]
use stream_models::review_queue::{CreateQueue, ReviewQueueSort, UpdateQueue};

/// Defines the setter of the sort order that an operation stores.
macro_rules! stored_sort {
    ($(#[$doc:meta])* $sort:ident of $create:ident, $update:ident) => {
        stored_sort! { $(#[$doc])* $sort of $create }
        stored_sort! { $(#[$doc])* $sort of $update }

        impl crate::Request<$update> {
            /// Clears the sort order.
            #[inline]
            pub fn clear_sort(mut self) -> Self {
                self.operation.body.sort = Optional::Null;
                self
            }
        }
    };
    ($(#[$doc:meta])* $sort:ident of $operation:ident) => {
        impl crate::Request<$operation> {
            $(#[$doc])*
            pub fn sort(mut self, value: impl Into<Sort<$sort>>) -> Self {
                let keys = Sort::of(value).into_iter().map(Into::into);
                self.operation.body.sort = Optional::Value(keys.collect());
                self
            }
        }
    };
}

#[cfg(feature = "admin")]
stored_sort! {
    /// Sets the sort order of the query, whose fields and values may be placeholders; see
    /// [`PredefinedFilter::placeholder`](crate::PredefinedFilter::placeholder).
    ChannelSort of CreatePredefinedFilter, UpdatePredefinedFilter
}

#[cfg(feature = "moderation")]
stored_sort! {
    /// Sets the sort order of the items in the queue.
    ReviewQueueSort of CreateQueue, UpdateQueue
}
