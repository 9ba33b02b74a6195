//! Lists that are walked by a cursor: each page but the last names the next.

use super::Paged;
use stream_models::drafts::QueryDrafts;
use stream_models::messages::{QueryMessageHistory, Search};
use stream_models::polls::{QueryPollVotes, QueryPolls};
use stream_models::reactions::QueryReactions;
use stream_models::reminders::QueryReminders;
use stream_models::threads::QueryThreads;

/// The cursor of a page, unless it was the last.
fn cursor(next: Option<&String>) -> Option<String> {
    next.filter(|next| !next.is_empty()).cloned()
}

macro_rules! by_cursor {
    ($($operation:path),* $(,)?) => {$(
        impl Paged for $operation {
            fn next_page(mut self, page: &Self::Response) -> Option<Self> {
                self.body.next = cursor(page.next.as_ref())?.into();
                Some(self)
            }
        }
    )*};
}

by_cursor!(
    QueryDrafts,
    QueryMessageHistory,
    QueryPollVotes,
    QueryPolls,
    QueryReactions,
    QueryReminders,
    QueryThreads,
);

#[cfg(feature = "campaigns")]
by_cursor!(
    stream_models::campaigns::QueryCampaigns,
    stream_models::segments::QuerySegmentTargets,
    stream_models::segments::QuerySegments,
);

#[cfg(feature = "moderation")]
by_cursor!(stream_models::review_queue::QueryReviewQueue);

impl Paged for Search {
    fn next_page(mut self, page: &Self::Response) -> Option<Self> {
        self.payload.as_mut()?.next = cursor(page.next.as_ref())?.into();
        Some(self)
    }
}
