//! Members, moderators and invitations of a channel.

use super::Channel;
use crate::bulk::{Bulk, IntoEntries};
use crate::request::{Actor, Request};
use stream_http::MaybeSend;
use stream_models::channels::{UpdateChannel, UpdateChannelRequest};
use stream_models::members::ChannelMemberRequest;
use stream_models::messages::MessageRequest;

/// The maximum number of members in one request.
const BATCH: usize = 100;

/// # Membership
///
/// All of them are `POST /api/v2/chat/channels/{type}/{id}`, which accepts 100 members per request.
impl Channel {
    /// Adds members: user IDs, or members with roles and custom data; in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn add_members<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelMemberRequest>,
    ) -> Bulk<'a, UpdateChannel, ChannelMemberRequest> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::add_members)
    }

    /// Invites users to become members, in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn invite_members<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelMemberRequest>,
    ) -> Bulk<'a, UpdateChannel, ChannelMemberRequest> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::invites)
    }

    /// Removes members by user ID, in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn remove_members<'a>(
        &self,
        user_ids: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, UpdateChannel, String> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::remove_members)
    }

    /// Makes members moderators, in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn add_moderators<'a>(
        &self,
        user_ids: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, UpdateChannel, String> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::add_moderators)
    }

    /// Makes moderators plain members again, in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn demote_moderators<'a>(
        &self,
        user_ids: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, UpdateChannel, String> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::demote_moderators)
    }

    /// Assigns roles to members of the channel, each with its `channel_role`; in batches of 100.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn assign_roles<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelMemberRequest>,
    ) -> Bulk<'a, UpdateChannel, ChannelMemberRequest> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::assign_roles)
    }

    /// Accepts the invitation of a user.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn accept_invite(&self, user: impl Into<Actor>) -> Request<UpdateChannel> {
        self.answer_invite(user, UpdateChannelRequest::new().accept_invite(true))
    }

    /// Rejects the invitation of a user.
    ///
    /// `POST /api/v2/chat/channels/{type}/{id}` · [guide](crate::guide::channels)
    pub fn reject_invite(&self, user: impl Into<Actor>) -> Request<UpdateChannel> {
        self.answer_invite(user, UpdateChannelRequest::new().reject_invite(true))
    }

    fn answer_invite(
        &self,
        user: impl Into<Actor>,
        mut answer: UpdateChannelRequest,
    ) -> Request<UpdateChannel> {
        answer.user_id = self.client().acting(user).into();
        self.update().body(|_| answer)
    }

    pub(super) fn change_in_batches<'a, T: 'a>(
        &self,
        size: usize,
        entries: impl IntoEntries<'a, T>,
        change: impl Fn(UpdateChannelRequest, Vec<T>) -> UpdateChannelRequest + MaybeSend + 'a,
    ) -> Bulk<'a, UpdateChannel, T> {
        let channel = self.clone();
        Bulk::new(self.client().executor(), size, entries, move |entries| {
            let body = change(UpdateChannelRequest::new(), entries);
            UpdateChannel::new(channel.channel_type(), channel.id(), body)
        })
    }
}

impl<T> Bulk<'_, UpdateChannel, T> {
    /// Sets a message that is posted to the channel about the change, with the first request. The
    /// message needs a user.
    pub fn message(self, message: impl Into<MessageRequest>) -> Self {
        let message = message.into();
        self.map_first(move |update| update.body.message = message.clone().into())
    }
}
