use super::User;
use crate::request::{Bulk, Request};
use stream_models::channels::{
    MuteChannel, MuteChannelRequest, UnmuteChannel, UnmuteChannelRequest,
};
use stream_models::locations::UpdateLiveLocation;
use stream_models::push::{PushPreferenceInput, UpdatePushNotificationPreferences};
use stream_models::read_state::MarkChannelsRead;
use stream_models::{Cid, Timestamp};

/// How many channels the server mutes in one request.
const MAX_MUTES: usize = 25;

impl User {
    /// Mutes channels for this user. The server takes 25 at a time; more are sent in several
    /// requests, one after another.
    ///
    /// `POST /api/v2/chat/moderation/mute/channel`
    pub fn mute_channels(
        &self,
        cids: impl IntoIterator<Item = impl Into<Cid>>,
    ) -> Bulk<MuteChannel> {
        Bulk::new(self.client().executor(), MAX_MUTES, cids, |cids| {
            MuteChannel::new(MuteChannelRequest::new().channel_cids(cids).user_id(self.id()))
        })
    }

    /// Unmutes channels for this user. The server takes 25 at a time; more are sent in several
    /// requests, one after another.
    ///
    /// `POST /api/v2/chat/moderation/unmute/channel`
    pub fn unmute_channels(
        &self,
        cids: impl IntoIterator<Item = impl Into<Cid>>,
    ) -> Bulk<UnmuteChannel> {
        Bulk::new(self.client().executor(), MAX_MUTES, cids, |cids| {
            UnmuteChannel::new(UnmuteChannelRequest::new().channel_cids(cids).user_id(self.id()))
        })
    }

    /// Sets of what the user is notified by push, in the whole app or, with `channel_cid`, in one
    /// channel.
    ///
    /// `POST /api/v2/push_preferences`
    pub fn set_push_preferences(
        &self,
        preferences: impl Into<PushPreferenceInput>,
    ) -> Request<UpdatePushNotificationPreferences> {
        self.client().set_push_preferences([preferences.into().user_id(self.id())])
    }

    /// Ends the sharing of a live location now.
    ///
    /// `PUT /api/v2/users/live_locations`
    pub fn stop_live_location(&self, message_id: impl Into<String>) -> Request<UpdateLiveLocation> {
        self.update_live_location(message_id).end_at(Timestamp::now())
    }
}

impl Request<MarkChannelsRead> {
    /// Marks one channel as read up to a message; may be called for up to 30 channels. Without it,
    /// all channels are marked.
    pub fn channel(self, cid: impl Into<Cid>, message_id: impl Into<String>) -> Self {
        let (cid, message_id) = (cid.into().to_string(), message_id.into());
        self.body(|mut body| {
            body.read_by_channel.get_or_default().insert(cid, message_id);
            body
        })
    }
}
