//! Orders that are stored on the server, where the schema has free-form objects.

#[cfg(feature = "admin")]
mod predefined_filters {
    use crate::{Request, Sort};
    use stream_models::Optional;
    use stream_models::channels::ChannelSort;
    use stream_models::predefined_filters::{CreatePredefinedFilter, UpdatePredefinedFilter};

    impl Request<CreatePredefinedFilter> {
        /// Sets the order of the query, whose fields and values may be placeholders; see
        /// [`PredefinedFilter::placeholder`](crate::PredefinedFilter::placeholder).
        pub fn sort(mut self, value: impl Into<Sort<ChannelSort>>) -> Self {
            let keys = Sort::of(value).into_iter().map(Into::into);
            self.operation.body.sort = Optional::Value(keys.collect());
            self
        }
    }

    impl Request<UpdatePredefinedFilter> {
        /// Sets the order of the query, whose fields and values may be placeholders; see
        /// [`PredefinedFilter::placeholder`](crate::PredefinedFilter::placeholder).
        pub fn sort(mut self, value: impl Into<Sort<ChannelSort>>) -> Self {
            let keys = Sort::of(value).into_iter().map(Into::into);
            self.operation.body.sort = Optional::Value(keys.collect());
            self
        }

        /// Clears what [`sort`](Self::sort) sets.
        #[inline]
        pub fn clear_sort(mut self) -> Self {
            self.operation.body.sort = Optional::Null;
            self
        }
    }
}

#[cfg(feature = "moderation")]
mod queues {
    use crate::{Request, Sort};
    use stream_models::Optional;
    use stream_models::review_queue::{CreateQueue, ReviewQueueSort, UpdateQueue};

    impl Request<CreateQueue> {
        /// Sets the order of the items in the queue.
        pub fn sort(mut self, value: impl Into<Sort<ReviewQueueSort>>) -> Self {
            let keys = Sort::of(value).into_iter().map(Into::into);
            self.operation.body.sort = Optional::Value(keys.collect());
            self
        }
    }

    impl Request<UpdateQueue> {
        /// Sets the order of the items in the queue.
        pub fn sort(mut self, value: impl Into<Sort<ReviewQueueSort>>) -> Self {
            let keys = Sort::of(value).into_iter().map(Into::into);
            self.operation.body.sort = Optional::Value(keys.collect());
            self
        }

        /// Clears what [`sort`](Self::sort) sets.
        #[inline]
        pub fn clear_sort(mut self) -> Self {
            self.operation.body.sort = Optional::Null;
            self
        }
    }
}
