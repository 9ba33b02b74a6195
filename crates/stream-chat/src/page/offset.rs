//! Lists that are counted by offset. They end with an empty page: a short one may only mean that
//! the server left something out.

use super::Paged;
use stream_models::Optional;
use stream_models::channels::{QueryChannels, QueryChannelsResponse};
use stream_models::members::{MembersResponse, QueryMembers};
use stream_models::users::{QueryUsers, QueryUsersResponse};

/// Moves an offset on by the entries of a page; `None` if there were none.
fn advance(offset: &mut Optional<i64>, entries: usize) -> Option<()> {
    let entries = i64::try_from(entries).ok().filter(|entries| *entries > 0)?;
    let start = offset.as_ref().copied().unwrap_or(0);
    *offset = start.checked_add(entries)?.into();
    Some(())
}

impl Paged for QueryChannels {
    fn next_page(mut self, page: &QueryChannelsResponse) -> Option<Self> {
        advance(&mut self.body.offset, page.channels.len())?;
        Some(self)
    }
}

impl Paged for QueryUsers {
    fn next_page(mut self, page: &QueryUsersResponse) -> Option<Self> {
        advance(&mut self.payload.as_mut()?.offset, page.users.len())?;
        Some(self)
    }
}

impl Paged for QueryMembers {
    fn next_page(mut self, page: &MembersResponse) -> Option<Self> {
        advance(&mut self.payload.as_mut()?.offset, page.members.len())?;
        Some(self)
    }
}

#[cfg(feature = "moderation")]
impl Paged for stream_models::bans_and_flags::QueryBannedUsers {
    fn next_page(mut self, page: &Self::Response) -> Option<Self> {
        advance(&mut self.payload.as_mut()?.offset, page.bans.len())?;
        Some(self)
    }
}
