//! Users and channels, of which the server counts no more than a thousand by offset. Without an
//! order of the caller's they are walked by a key: what comes after the last entry.

use super::next::advance;
use super::{Paged, Stuck};
use stream_models::channels::{ChannelFilter, ChannelStateResponseFields, QueryChannels};
use stream_models::shared::SortParamRequest;
use stream_models::users::{FullUserResponse, QueryUsers, UserFilter};
use stream_models::{Filter, Timestamp};

/// The greatest offset that the server takes.
const MAX_OFFSET: i64 = 1000;

const ADVICE: &str = "query without `sort`, and `pages` walks the list by a key";

/// Returns the next offset, as far as the server takes it.
fn offset(current: Option<&i64>, entries: usize) -> Result<Option<i64>, Stuck> {
    match advance(current, entries) {
        Some(next) if next > MAX_OFFSET => Err(Stuck::too_far(MAX_OFFSET, ADVICE)),
        next => Ok(next),
    }
}

fn by_id() -> Vec<SortParamRequest> {
    vec![SortParamRequest::ascending("id")]
}

/// By id.
impl Paged for QueryUsers {
    type Item = FullUserResponse;

    fn first_page(mut self) -> Self {
        if let Some(query) = &mut self.payload
            && query.sort.as_ref().is_none_or(Vec::is_empty)
            && query.offset.is_unset()
        {
            query.sort = by_id().into();
        }
        self
    }

    fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck> {
        let (Some(last), Some(query)) = (page.users.last(), &first.payload) else {
            return Ok(None);
        };
        let is_walked = query.offset.is_unset() && query.sort.as_ref() == Some(&by_id());
        let mut next = first.clone();
        let Some(query) = &mut next.payload else { return Ok(None) };
        if is_walked {
            let base = std::mem::take(&mut query.filter_conditions);
            query.filter_conditions = base & UserFilter::id().gt(&*last.id);
        } else {
            let current = self.payload.as_ref().and_then(|query| query.offset.as_ref());
            let Some(offset) = offset(current, page.users.len())? else { return Ok(None) };
            query.offset = offset.into();
        }
        Ok(Some(next))
    }

    fn entries(page: &Self::Response) -> &[Self::Item] {
        &page.users
    }

    fn into_entries(page: Self::Response) -> Vec<Self::Item> {
        page.users
    }
}

fn by_creation() -> Vec<SortParamRequest> {
    vec![SortParamRequest::ascending("created_at")]
}

/// By the time of creation: after the last channel come those that were created then or later,
/// without the ones of that very time that were there already.
impl Paged for QueryChannels {
    type Item = ChannelStateResponseFields;

    fn first_page(mut self) -> Self {
        let query = &mut self.body;
        if query.sort.as_ref().is_none_or(Vec::is_empty)
            && query.offset.is_unset()
            && query.predefined_filter.is_unset()
        {
            query.sort = by_creation().into();
        }
        self
    }

    fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck> {
        // A channel without a time of creation cannot be walked by it.
        let created = |entry: &ChannelStateResponseFields| {
            Some(entry.channel.created_at).filter(|time| *time != Timestamp::UNIX_EPOCH)
        };
        let Some(last) = page.channels.last() else { return Ok(None) };
        let is_walked =
            first.body.offset.is_unset() && first.body.sort.as_ref() == Some(&by_creation());
        let mut next = first.clone();
        let entries = page.channels.len();
        if let (true, Some(time)) = (is_walked, created(last)) {
            let same = page.channels.iter().rev().take_while(|entry| created(entry) == Some(time));
            let mut known = same.count();
            if known == entries {
                // The whole page was created at one time, and may not be the first of it.
                let before = self.body.offset.as_ref().copied().unwrap_or(0);
                known += usize::try_from(before).unwrap_or(0);
            }
            let base = match std::mem::take(&mut next.body.filter_conditions).into_option() {
                Some(filter) => filter,
                None => Filter::new(),
            };
            let since = ChannelFilter::created_at().gte(time);
            next.body.filter_conditions = (base & since).into();
            next.body.offset = i64::try_from(known).unwrap_or(i64::MAX).into();
            return Ok(Some(next));
        }
        let Some(offset) = offset(self.body.offset.as_ref(), entries)? else { return Ok(None) };
        next.body.offset = offset.into();
        Ok(Some(next))
    }

    fn entries(page: &Self::Response) -> &[Self::Item] {
        &page.channels
    }

    fn into_entries(page: Self::Response) -> Vec<Self::Item> {
        page.channels
    }
}
