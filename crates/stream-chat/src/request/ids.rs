//! Handles in place of IDs.
//!
//! Parameters for the ID of an object are `Into<String>`, so they accept a `&str`, a `String`, a
//! `&String` and a handle to the object. Parameters for the full ID of a channel are `Into<Cid>`.

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

/// Implements conversions from a handle to the ID as a string.
macro_rules! id {
    ($($(#[$feature:meta])? $handle:ident $id:ident)*) => {$(
        /// Returns the ID.
        $(#[$feature])?
        impl From<&$handle> for String {
            fn from(handle: &$handle) -> Self {
                handle.$id().to_owned()
            }
        }

        /// Returns the ID.
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

/// Implements conversions from a user's handle to the types that a user ID converts to.
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

/// Returns the full ID. If the type or the ID is empty, sending the request is an error.
impl From<&Channel> for Cid {
    fn from(channel: &Channel) -> Self {
        Self::from(channel.cid_string())
    }
}

/// Returns the full ID. If the type or the ID is empty, sending the request is an error.
impl From<Channel> for Cid {
    fn from(channel: Channel) -> Self {
        Self::from(&channel)
    }
}

/// Exports the whole channel.
#[cfg(feature = "admin")]
impl From<&Channel> for ChannelExport {
    fn from(channel: &Channel) -> Self {
        Self::from(Cid::from(channel))
    }
}
