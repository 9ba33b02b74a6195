use crate::request::Request;
use serde::Serialize;
use stream_models::channels::{ChannelInput, GetOrCreateChannel, GetOrCreateDistinctChannel};
use stream_models::members::ChannelMemberRequest;

/// Setters of the requests that create a channel.
macro_rules! creation {
    ($($operation:ident),*) => {$(
        impl Request<$operation> {
            /// The user who creates the channel. The server wants one when the channel is new.
            pub fn created_by(self, user_id: impl Into<String>) -> Self {
                self.data(|data| data.created_by_id(user_id))
            }

            /// The first members, at most 100: user ids, or members with roles and custom data.
            pub fn members<M: Into<ChannelMemberRequest>>(
                self,
                members: impl IntoIterator<Item = M>,
            ) -> Self {
                self.data(|data| data.members(members))
            }

            /// Sets one entry of the channel's custom data to anything that serialises; `name` and
            /// `image` are what clients show.
            pub fn custom(self, key: impl Into<String>, value: impl Serialize) -> Self {
                self.data(|data| data.custom(key, value))
            }

            /// The team that the channel belongs to.
            pub fn team(self, team: impl Into<String>) -> Self {
                self.data(|data| data.team(team))
            }

            /// Everything else that a channel can be made of.
            pub fn data(mut self, change: impl FnOnce(ChannelInput) -> ChannelInput) -> Self {
                let data = self.operation.body.data.get_or_default();
                *data = change(std::mem::take(data));
                self
            }
        }
    )*};
}

creation!(GetOrCreateChannel, GetOrCreateDistinctChannel);
