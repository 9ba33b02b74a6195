//! Users, channels and members, for which the server limits the offset. Without a sort order from
//! the caller, they are paginated by a key: each page begins after the last entry of the previous
//! one.

use super::next::advance;
use super::{Paged, Stuck};
use stream_models::channels::{ChannelFilter, ChannelStateResponseFields, QueryChannels};
use stream_models::members::{ChannelMemberResponse, MemberFilter, QueryMembers};
use stream_models::shared::SortParamRequest;
use stream_models::users::{FullUserResponse, QueryUsers, UserFilter};
use stream_models::{Filter, Timestamp};

/// The maximum offset of queries for users and channels.
const MAX_OFFSET: i64 = 1000;
/// The maximum offset of queries for members.
const MAX_OFFSET_OF_MEMBERS: i64 = 10_000;

const ADVICE: &str = "query without `sort`, and `pages` walks the list by a key";

/// Returns the next offset, unless the server refuses it.
fn offset(current: Option<&i64>, entries: usize, most: i64) -> Result<Option<i64>, Stuck> {
    match advance(current, entries) {
        Some(next) if next > most => Err(Stuck::too_far(most, ADVICE)),
        next => Ok(next),
    }
}

fn by_id() -> Vec<SortParamRequest> {
    vec![SortParamRequest::ascending("id")]
}

/// Paginates by ID.
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
            let entries = page.users.len();
            let Some(offset) = offset(current, entries, MAX_OFFSET)? else { return Ok(None) };
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

/// The position of a list that is paginated by creation timestamp.
struct LastCreated {
    time: Timestamp,
    /// The number of known entries with exactly this timestamp.
    known: i64,
}

impl LastCreated {
    /// Returns the last entry of a page; `None` if the page is empty or the entry has no timestamp.
    fn of<T>(entries: &[T], created: impl Fn(&T) -> Timestamp) -> Option<Self> {
        let time = created(entries.last()?);
        let same = entries.iter().rev().take_while(|entry| created(entry) == time).count();
        let known = i64::try_from(same).unwrap_or(i64::MAX);
        (time != Timestamp::UNIX_EPOCH).then_some(Self { time, known })
    }

    /// Returns the offset of the next page. A page that was requested from the same timestamp on
    /// counts the entries before it.
    fn offset(&self, is_same_walk: bool, before: Option<&i64>) -> i64 {
        let before = before.copied().filter(|_| is_same_walk).unwrap_or(0);
        self.known.saturating_add(before)
    }
}

/// Paginates by creation timestamp: the next page has the channels that were created at or after
/// the timestamp of the last one, without the known ones of that timestamp.
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
        let entries = &page.channels;
        let is_walked =
            first.body.offset.is_unset() && first.body.sort.as_ref() == Some(&by_creation());
        let before = self.body.offset.as_ref();
        let last = LastCreated::of(entries, |entry| entry.channel.created_at);
        let mut next = first.clone();
        if let (true, Some(last)) = (is_walked, last) {
            let base = match std::mem::take(&mut next.body.filter_conditions).into_option() {
                Some(filter) => filter,
                None => Filter::new(),
            };
            let since = ChannelFilter::created_at().gte(last.time);
            next.body.filter_conditions = (base & since).into();
            let is_same = next.body.filter_conditions == self.body.filter_conditions;
            next.body.offset = last.offset(is_same, before).into();
            return Ok(Some(next));
        }
        let Some(offset) = offset(before, entries.len(), MAX_OFFSET)? else { return Ok(None) };
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

/// Paginates like channels.
impl Paged for QueryMembers {
    type Item = ChannelMemberResponse;

    fn first_page(mut self) -> Self {
        if let Some(query) = &mut self.payload
            && query.sort.as_ref().is_none_or(Vec::is_empty)
            && query.offset.is_unset()
            && query.user_id_gt.is_unset()
            && query.user_id_gte.is_unset()
            && query.user_id_lt.is_unset()
            && query.user_id_lte.is_unset()
        {
            query.sort = by_creation().into();
        }
        self
    }

    fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck> {
        let mut next = first.clone();
        let Some(query) = &mut next.payload else { return Ok(None) };
        let is_walked = query.offset.is_unset() && query.sort.as_ref() == Some(&by_creation());
        let before = self.payload.as_ref().and_then(|query| query.offset.as_ref());
        let last = LastCreated::of(&page.members, |member| member.created_at);
        if let (true, Some(last)) = (is_walked, last) {
            let base = std::mem::take(&mut query.filter_conditions);
            query.filter_conditions = base & MemberFilter::created_at().gte(last.time);
            let asked = self.payload.as_ref().map(|query| &query.filter_conditions);
            let is_same = asked == Some(&query.filter_conditions);
            query.offset = last.offset(is_same, before).into();
            return Ok(Some(next));
        }
        let entries = page.members.len();
        let Some(offset) = offset(before, entries, MAX_OFFSET_OF_MEMBERS)? else {
            return Ok(None);
        };
        query.offset = offset.into();
        Ok(Some(next))
    }

    fn entries(page: &Self::Response) -> &[Self::Item] {
        &page.members
    }

    fn into_entries(page: Self::Response) -> Vec<Self::Item> {
        page.members
    }
}
