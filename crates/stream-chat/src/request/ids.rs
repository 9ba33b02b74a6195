//! Handles where IDs go.
//!
//! What takes the ID of a thing is `Into<String>`, so a `&str`, a `String`, a `&String` and the handle
//! of the thing all do. What takes a channel's full ID is `Into<Cid>`.

use crate::channel::Channel;
#[cfg(feature = "moderation")]
use crate::generated::handles::ReviewItem;
#[cfg(feature = "campaigns")]
use crate::generated::handles::{Campaign, SegmentHandle};
use crate::generated::handles::{Poll, Thread, UserGroupHandle};
use crate::message::Message;
use crate::task::Task;
use crate::user::User;
use stream_models::Cid;
use stream_models::channels::ChannelBatchMemberRequest;
#[cfg(feature = "admin")]
use stream_models::exports::ChannelExport;
use stream_models::members::ChannelMemberRequest;
use stream_models::users::UserRequest;

/// Declares that a handle stands for its ID in texts.
macro_rules! id {
    ($($(#[$feature:meta])? $handle:ident $id:ident)*) => {$(
        /// The ID.
        $(#[$feature])?
        impl From<&$handle> for String {
            fn from(handle: &$handle) -> Self {
                handle.$id().to_owned()
            }
        }

        /// The ID.
        $(#[$feature])?
        impl From<$handle> for String {
            fn from(handle: $handle) -> Self {
                Self::from(&handle)
            }
        }
    )*};
}

id! {
    Message id
    Poll id
    Task id
    Thread message_id
    User id
    UserGroupHandle id
    #[cfg(feature = "campaigns")] Campaign id
    #[cfg(feature = "campaigns")] SegmentHandle id
    #[cfg(feature = "moderation")] ReviewItem id
}

/// Declares what a user's handle makes as the user's ID alone does.
macro_rules! from_user {
    ($($name:ident)*) => {$(
        impl From<&User> for $name {
            fn from(user: &User) -> Self {
                Self::from(user.id())
            }
        }
    )*};
}

from_user! { ChannelBatchMemberRequest ChannelMemberRequest UserRequest }

/// The full ID. An empty type or ID is an error when what holds it is sent.
impl From<&Channel> for Cid {
    fn from(channel: &Channel) -> Self {
        Self::from(channel.cid_string())
    }
}

/// The full ID. An empty type or ID is an error when what holds it is sent.
impl From<Channel> for Cid {
    fn from(channel: Channel) -> Self {
        Self::from(&channel)
    }
}

/// The whole of the channel.
#[cfg(feature = "admin")]
impl From<&Channel> for ChannelExport {
    fn from(channel: &Channel) -> Self {
        Self::from(Cid::from(channel))
    }
}
