//! A user's muted channels, push preferences and live locations.

use super::User;
use crate::bulk::{Bulk, IntoEntries};
use crate::request::Request;
use stream_models::channels::{
    MuteChannel, MuteChannelRequest, UnmuteChannel, UnmuteChannelRequest,
};
use stream_models::locations::UpdateLiveLocation;
use stream_models::push::{PushPreferenceInput, UpdatePushNotificationPreferences};
use stream_models::read_state::MarkChannelsRead;
use stream_models::{Cid, Timestamp};

/// The maximum number of channels that the server mutes in one request.
const MAX_MUTES: usize = 25;

/// # Channels, push and locations
impl User {
    /// Mutes channels for this user, in batches of 25.
    ///
    /// `POST /api/v2/chat/moderation/mute/channel` · [guide](crate::guide::channels)
    pub fn mute_channels<'a>(&self, cids: impl IntoEntries<'a, Cid>) -> Bulk<'a, MuteChannel, Cid> {
        let user = self.clone();
        Bulk::new(self.client().executor(), MAX_MUTES, cids, move |cids| {
            MuteChannel::new(MuteChannelRequest::new().channel_cids(cids).user_id(user.id()))
        })
    }

    /// Unmutes channels for this user, in batches of 25.
    ///
    /// `POST /api/v2/chat/moderation/unmute/channel` · [guide](crate::guide::channels)
    pub fn unmute_channels<'a>(
        &self,
        cids: impl IntoEntries<'a, Cid>,
    ) -> Bulk<'a, UnmuteChannel, Cid> {
        let user = self.clone();
        Bulk::new(self.client().executor(), MAX_MUTES, cids, move |cids| {
            UnmuteChannel::new(UnmuteChannelRequest::new().channel_cids(cids).user_id(user.id()))
        })
    }

    /// Sets which push notifications the user gets, in the whole app or, with `channel_cid`, in one
    /// channel.
    ///
    /// `POST /api/v2/push_preferences` · [guide](crate::guide::administration)
    pub fn set_push_preferences(
        &self,
        preferences: impl Into<PushPreferenceInput>,
    ) -> Request<UpdatePushNotificationPreferences> {
        self.client().set_push_preferences([preferences.into().user_id(self.id())])
    }

    /// Stops sharing a live location.
    ///
    /// `PUT /api/v2/users/live_locations` · [guide](crate::guide::conversations)
    pub fn stop_live_location(&self, message_id: impl Into<String>) -> Request<UpdateLiveLocation> {
        self.update_live_location(message_id).end_at(Timestamp::now())
    }
}

impl Request<MarkChannelsRead> {
    /// Marks one channel as read up to a message; can be called for up to 30 channels. Without it,
    /// all channels are marked.
    pub fn channel(self, cid: impl Into<Cid>, message_id: impl Into<String>) -> Self {
        let (cid, message_id) = (cid.into().to_string(), message_id.into());
        self.body(|mut body| {
            body.read_by_channel.get_or_default().insert(cid, message_id);
            body
        })
    }
}
