//! Changes to all channels that match a filter.

use crate::bulk::{Bulk, IntoEntries};
use crate::client::Client;
use crate::request::Request;
use stream_models::Filter;
use stream_models::channels::{
    ChannelBatchFilter, ChannelBatchMemberRequest, ChannelBatchOperation, ChannelBatchUpdate,
    ChannelBatchUpdateRequest, ChannelDataUpdate,
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

    /// Returns the filter that selects the channels.
    pub fn filter(&self) -> Filter<ChannelBatchFilter> {
        self.filter.clone()
    }
}

/// # Handles
impl Client {
    /// Returns a handle to all channels that match a filter. This sends no request.
    #[must_use]
    pub fn channel_batch(&self, filter: impl Into<Filter<ChannelBatchFilter>>) -> ChannelBatch {
        ChannelBatch { client: self.clone(), filter: filter.into() }
    }
}

/// The maximum number of members in one request.
const BATCH: usize = 100;

/// # Operations
///
/// Each of them is `PUT /api/v2/chat/channels/batch`, which accepts 100 members per request and
/// starts a task for each request.
impl ChannelBatch {
    /// Adds members to the channels, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn add_members<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::AddMembers, members)
    }

    /// Invites users to the channels, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn invite_members<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::InviteMembers, members)
    }

    /// Removes members from the channels, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn remove_members<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::RemoveMembers, members)
    }

    /// Makes members of the channels moderators, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn add_moderators<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::AddModerators, members)
    }

    /// Makes moderators of the channels plain members, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn demote_moderators<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::DemoteModerators, members)
    }

    /// Assigns roles to members of the channels, each with its `channel_role`, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn assign_roles<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::AssignRoles, members)
    }

    /// Hides the channels from members, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn hide<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::Hide, members)
    }

    /// Shows the channels to members again, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn show<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::Show, members)
    }

    /// Archives the channels for members, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn archive<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::Archive, members)
    }

    /// Unarchives the channels for members, in batches of 100.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn unarchive<'a>(
        &self,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        self.of_members(ChannelBatchOperation::Unarchive, members)
    }

    /// Changes the data of the channels.
    ///
    /// `PUT /api/v2/chat/channels/batch` · [guide](crate::guide::channels)
    pub fn update_data(&self, data: impl Into<ChannelDataUpdate>) -> Request<ChannelBatchUpdate> {
        self.update(ChannelBatchOperation::UpdateData).data(data)
    }

    fn of_members<'a>(
        &self,
        operation: ChannelBatchOperation,
        members: impl IntoEntries<'a, ChannelBatchMemberRequest>,
    ) -> Bulk<'a, ChannelBatchUpdate, ChannelBatchMemberRequest> {
        let filter = self.filter();
        Bulk::new(self.client.executor(), BATCH, members, move |members| {
            let body = ChannelBatchUpdateRequest::new(operation.clone(), filter.clone());
            ChannelBatchUpdate::new(body.members(members))
        })
    }
}
