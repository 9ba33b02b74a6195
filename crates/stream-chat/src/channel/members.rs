use super::Channel;
use crate::request::{Bulk, Request};
use stream_models::Filter;
use stream_models::channels::{UpdateChannel, UpdateChannelRequest};
use stream_models::members::{
    ChannelMemberRequest, MemberFilter, QueryMembers, QueryMembersPayload, UpdateMemberPartial,
    UpdateMemberPartialRequest,
};
use stream_models::messages::MessageRequest;

/// All of them are `POST /api/v2/chat/channels/{type}/{id}`, which takes 100 members a call.
impl Channel {
    /// Adds members: user ids, or members with roles and custom data; 100 a call.
    pub fn add_members<M: Into<ChannelMemberRequest>>(
        &self,
        members: impl IntoIterator<Item = M>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(members, UpdateChannelRequest::add_members)
    }

    /// Invites users to become members, 100 a call.
    pub fn invite_members<M: Into<ChannelMemberRequest>>(
        &self,
        members: impl IntoIterator<Item = M>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(members, UpdateChannelRequest::invites)
    }

    /// Removes members by user id, 100 a call.
    pub fn remove_members<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(user_ids, UpdateChannelRequest::remove_members)
    }

    /// Makes members moderators, 100 a call.
    pub fn add_moderators<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(user_ids, UpdateChannelRequest::add_moderators)
    }

    /// Makes moderators plain members again, 100 a call.
    pub fn demote_moderators<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(user_ids, UpdateChannelRequest::demote_moderators)
    }

    /// Gives members roles in the channel, each with its `channel_role`; 100 a call.
    pub fn assign_roles(
        &self,
        members: impl IntoIterator<Item = ChannelMemberRequest>,
    ) -> Bulk<UpdateChannel> {
        self.change_members(members, UpdateChannelRequest::assign_roles)
    }

    /// Accepts the invitation of a user.
    pub fn accept_invite(&self, user_id: impl Into<String>) -> Request<UpdateChannel> {
        self.update().body(|body| body.accept_invite(true).user_id(user_id))
    }

    /// Rejects the invitation of a user.
    pub fn reject_invite(&self, user_id: impl Into<String>) -> Request<UpdateChannel> {
        self.update().body(|body| body.reject_invite(true).user_id(user_id))
    }

    fn change_members<T>(
        &self,
        entries: impl IntoIterator<Item = T>,
        change: impl Fn(UpdateChannelRequest, Vec<T>) -> UpdateChannelRequest,
    ) -> Bulk<UpdateChannel> {
        Bulk::new(self.client.executor(), entries, |entries| {
            let body = change(UpdateChannelRequest::new(), entries);
            UpdateChannel::new(&self.channel_type, &self.id, body)
        })
    }
}

impl Channel {
    /// Finds members of the channel by a filter, of which the empty one finds all; at most 300 a
    /// page. [`Request::pages`] walks all of them.
    ///
    /// `GET /api/v2/chat/members`
    pub fn query_members(&self, filter: impl Into<Filter<MemberFilter>>) -> Request<QueryMembers> {
        let payload = QueryMembersPayload::new(filter, &self.channel_type).id(&self.id);
        self.request(QueryMembers::new().payload(payload))
    }

    /// Sets and removes custom data of one member.
    ///
    /// `PATCH /api/v2/chat/channels/{type}/{id}/member`
    pub fn update_member(&self, user_id: impl Into<String>) -> Request<UpdateMemberPartial> {
        let body = UpdateMemberPartialRequest::new();
        self.request(UpdateMemberPartial::new(&self.channel_type, &self.id, body).user_id(user_id))
    }
}

impl Bulk<UpdateChannel> {
    /// A message that is posted to the channel about the change, with the first call; it needs a
    /// user.
    pub fn message(self, message: impl Into<MessageRequest>) -> Self {
        self.map_first(|update| update.body.message = message.into().into())
    }

    /// Whether the members who are added see the messages that were there before.
    pub fn hide_history(self, hide: bool) -> Self {
        self.map(|mut update| {
            update.body.hide_history = hide.into();
            update
        })
    }
}
