use crate::client::Client;
use crate::request::Request;
use stream_models::Filter;
use stream_models::channels::{
    ChannelBatchFilter, ChannelBatchMemberRequest, ChannelBatchOperation, ChannelBatchUpdate,
    ChannelDataUpdate,
};

/// A handle to all channels that match a filter, which one task changes together.
#[derive(Debug, Clone)]
pub struct ChannelBatch {
    client: Client,
    filter: Filter<ChannelBatchFilter>,
}

impl ChannelBatch {
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the filter that chooses the channels.
    pub fn filter(&self) -> Filter<ChannelBatchFilter> {
        self.filter.clone()
    }
}

impl Client {
    /// Returns a handle to all channels that match a filter. This sends no request.
    #[must_use]
    pub fn channel_batch(&self, filter: impl Into<Filter<ChannelBatchFilter>>) -> ChannelBatch {
        ChannelBatch { client: self.clone(), filter: filter.into() }
    }
}

/// Each of them is `PUT /api/v2/chat/channels/batch`, which takes 100 members, and starts a task.
impl ChannelBatch {
    /// Adds members to the channels, at most 100.
    pub fn add_members(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::AddMembers).members(members)
    }

    /// Invites users to the channels, at most 100.
    pub fn invite_members(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::InviteMembers).members(members)
    }

    /// Removes members from the channels, at most 100.
    pub fn remove_members(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::RemoveMembers).members(members)
    }

    /// Makes members of the channels moderators, at most 100.
    pub fn add_moderators(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::AddModerators).members(members)
    }

    /// Makes moderators of the channels plain members, at most 100.
    pub fn demote_moderators(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::DemoteModerators).members(members)
    }

    /// Gives members of the channels roles, each with its `channel_role`, at most 100.
    pub fn assign_roles(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::AssignRoles).members(members)
    }

    /// Hides the channels from members, at most 100.
    pub fn hide(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::Hide).members(members)
    }

    /// Shows the channels to members again, at most 100.
    pub fn show(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::Show).members(members)
    }

    /// Archives the channels for members, at most 100.
    pub fn archive(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::Archive).members(members)
    }

    /// Takes the channels out of the archives of members, at most 100.
    pub fn unarchive(
        &self,
        members: impl IntoIterator<Item = impl Into<ChannelBatchMemberRequest>>,
    ) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::Unarchive).members(members)
    }

    /// Changes the data of the channels.
    pub fn update_data(&self, data: impl Into<ChannelDataUpdate>) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::UpdateData).data(data)
    }
}
