//! The state of a channel for one member: pinned and archived.

use super::Channel;
use crate::request::{Actor, Request};
use stream_models::members::UpdateMemberPartial;

/// # Member state
///
/// Changes to one member's own list of channels, all of them
/// `PATCH /api/v2/chat/channels/{type}/{id}/member`.
impl Channel {
    /// Pins the channel for a member.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}/member` · [guide](crate::guide::channels)
    pub fn pin(&self, member: impl Into<Actor>) -> Request<UpdateMemberPartial> {
        self.set_for(member, "pinned", true)
    }

    /// Unpins the channel for a member.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}/member` · [guide](crate::guide::channels)
    pub fn unpin(&self, member: impl Into<Actor>) -> Request<UpdateMemberPartial> {
        self.set_for(member, "pinned", false)
    }

    /// Archives the channel for a member.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}/member` · [guide](crate::guide::channels)
    pub fn archive(&self, member: impl Into<Actor>) -> Request<UpdateMemberPartial> {
        self.set_for(member, "archived", true)
    }

    /// Unarchives the channel for a member.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}/member` · [guide](crate::guide::channels)
    pub fn unarchive(&self, member: impl Into<Actor>) -> Request<UpdateMemberPartial> {
        self.set_for(member, "archived", false)
    }

    fn set_for(
        &self,
        member: impl Into<Actor>,
        key: &str,
        value: bool,
    ) -> Request<UpdateMemberPartial> {
        let member = self.client().acting(member);
        let mut request = self.update_member_partial(String::new()).set(key, value);
        request.operation.user_id = member;
        request
    }
}
