//! Lists whose responses have no field for the next page.

use super::{Paged, Stuck};
use stream_models::messages::MessageResponse;
use stream_models::threads::GetReplies;

/// Reads backward from the latest replies: each page is followed by the replies before its oldest.
/// A list that starts at an `id_gt` or `id_gte` is read forward.
impl Paged for GetReplies {
    type Item = MessageResponse;

    fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck> {
        let by_time = |message: &&MessageResponse| (message.created_at, message.id.clone());
        let mut next = first.clone();
        if first.id_gt.is_some() || first.id_gte.is_some() {
            let Some(latest) = page.messages.iter().max_by_key(by_time) else { return Ok(None) };
            if self.id_gt.as_ref() == Some(&latest.id) {
                return Err(Stuck::repeated());
            }
            next.id_gte = None;
            next.id_gt = Some(latest.id.clone());
        } else {
            let Some(oldest) = page.messages.iter().min_by_key(by_time) else { return Ok(None) };
            if self.id_lt.as_ref() == Some(&oldest.id) {
                return Err(Stuck::repeated());
            }
            next.id_lte = None;
            next.id_around = None;
            next.id_lt = Some(oldest.id.clone());
        }
        Ok(Some(next))
    }

    fn entries(page: &Self::Response) -> &[Self::Item] {
        &page.messages
    }

    fn into_entries(page: Self::Response) -> Vec<Self::Item> {
        page.messages
    }
}

#[cfg(feature = "campaigns")]
mod campaign {
    use super::super::next::follow;
    use super::super::{Paged, Stuck};
    use stream_models::campaigns::GetCampaign;
    use stream_models::users::UserResponse;

    /// Reads the users that the campaign was sent to.
    impl Paged for GetCampaign {
        type Item = UserResponse;

        fn next_page(&self, first: &Self, page: &Self::Response) -> Result<Option<Self>, Stuck> {
            let next = page.users.as_ref().and_then(|users| users.next.as_ref());
            let Some(cursor) = follow(self.next.as_ref(), next)? else { return Ok(None) };
            let mut next = first.clone();
            next.next = Some(cursor);
            Ok(Some(next))
        }

        fn entries(page: &Self::Response) -> &[Self::Item] {
            &page.campaign.users
        }

        fn into_entries(page: Self::Response) -> Vec<Self::Item> {
            page.campaign.users
        }
    }
}
