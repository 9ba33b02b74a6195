//! Conversions from a user ID.

use crate::channels::ChannelBatchMemberRequest;
use crate::members::ChannelMemberRequest;
use crate::shared::OnlyUserId;
use crate::users::UserRequest;

/// Implements the conversions for types that a user ID alone creates.
macro_rules! from_user_id {
    ($($name:ident),*) => {$(
        impl From<&str> for $name {
            fn from(user_id: &str) -> Self {
                Self::new(user_id)
            }
        }

        impl From<&String> for $name {
            fn from(user_id: &String) -> Self {
                Self::new(user_id)
            }
        }

        impl From<String> for $name {
            fn from(user_id: String) -> Self {
                Self::new(user_id)
            }
        }
    )*};
}

from_user_id!(ChannelBatchMemberRequest, ChannelMemberRequest, OnlyUserId, UserRequest);
