use super::Channel;
use crate::request::{Bulk, Request};
use stream_models::channels::{UpdateChannel, UpdateChannelRequest};
use stream_models::members::ChannelMemberRequest;
use stream_models::messages::MessageRequest;

/// How many members the server takes in one request.
const BATCH: usize = 100;

/// All of them are `POST /api/v2/chat/channels/{type}/{id}`, which takes 100 members a call.
impl Channel {
    /// Adds members: user ids, or members with roles and custom data; 100 a call.
    pub fn add_members<M: Into<ChannelMemberRequest>>(
        &self,
        members: impl IntoIterator<Item = M>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::add_members)
    }

    /// Invites users to become members, 100 a call.
    pub fn invite_members<M: Into<ChannelMemberRequest>>(
        &self,
        members: impl IntoIterator<Item = M>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::invites)
    }

    /// Removes members by user id, 100 a call.
    pub fn remove_members<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::remove_members)
    }

    /// Makes members moderators, 100 a call.
    pub fn add_moderators<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::add_moderators)
    }

    /// Makes moderators plain members again, 100 a call.
    pub fn demote_moderators<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, user_ids, UpdateChannelRequest::demote_moderators)
    }

    /// Gives members roles in the channel, each with its `channel_role`; 100 a call.
    pub fn assign_roles(
        &self,
        members: impl IntoIterator<Item = ChannelMemberRequest>,
    ) -> Bulk<UpdateChannel> {
        self.change_in_batches(BATCH, members, UpdateChannelRequest::assign_roles)
    }

    /// Accepts the invitation of a user.
    pub fn accept_invite(&self, user_id: impl Into<String>) -> Request<UpdateChannel> {
        self.update().body(|body| body.accept_invite(true).user_id(user_id))
    }

    /// Rejects the invitation of a user.
    pub fn reject_invite(&self, user_id: impl Into<String>) -> Request<UpdateChannel> {
        self.update().body(|body| body.reject_invite(true).user_id(user_id))
    }

    pub(super) fn change_in_batches<T>(
        &self,
        size: usize,
        entries: impl IntoIterator<Item = T>,
        change: impl Fn(UpdateChannelRequest, Vec<T>) -> UpdateChannelRequest,
    ) -> Bulk<UpdateChannel> {
        Bulk::new(self.client().executor(), size, entries, |entries| {
            let body = change(UpdateChannelRequest::new(), entries);
            UpdateChannel::new(self.channel_type(), self.id(), body)
        })
    }
}

impl Bulk<UpdateChannel> {
    /// A message that is posted to the channel about the change, with the first call; it needs a
    /// user.
    pub fn message(self, message: impl Into<MessageRequest>) -> Self {
        self.map_first(|update| update.body.message = message.into().into())
    }
}
