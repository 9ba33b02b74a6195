//! What each emulated operation does, in folders by domain.

mod app;
mod call;
mod channel_types;
mod channels;
mod messages;
mod references;
mod tasks;
mod users;

pub(crate) use call::{Call, Input};
pub(crate) use messages::MessageInput;
pub(crate) use messages::prepare_for_channel as prepare_message;
pub(crate) use references::require_users;

use crate::{render::Object, server::ApiError};

/// What a handler comes to: the fields of the answer, without its `duration`.
pub(crate) type Answer = Result<Object, ApiError>;

/// Handles the calls of one operation.
///
/// A handler checks everything before it changes anything: a refused call leaves no trace.
pub(crate) type Handler = fn(&mut Call<'_>) -> Answer;

const EMULATED: &[(&str, Handler)] = &[
    ("GetApp", app::get),
    ("UpdateApp", app::update),
    ("UpdateUsers", users::upsert),
    ("UpdateUsersPartial", users::update_partial),
    ("QueryUsers", users::query),
    ("DeleteUsers", users::delete),
    ("DeactivateUser", users::deactivate),
    ("DeactivateUsers", users::deactivate_many),
    ("ReactivateUser", users::reactivate),
    ("ReactivateUsers", users::reactivate_many),
    ("RestoreUsers", users::restore),
    ("GetTask", tasks::get),
    ("GetOrCreateChannel", channels::get_or_create),
    ("GetOrCreateDistinctChannel", channels::get_or_create_distinct),
    ("GetChannel", channels::get),
    ("UpdateChannel", channels::update),
    ("UpdateChannelPartial", channels::update_partial),
    ("DeleteChannel", channels::delete),
    ("DeleteChannels", channels::delete_many),
    ("QueryChannels", channels::query),
    ("TruncateChannel", channels::truncate),
    ("SendEvent", channels::send_event),
    ("QueryMembers", channels::query_members),
    ("UpdateMemberPartial", channels::update_member_partial),
    ("ListChannelTypes", channel_types::list),
    ("GetChannelType", channel_types::get),
    ("SendMessage", messages::send),
    ("GetMessage", messages::get),
    ("GetManyMessages", messages::get_many),
    ("GetReplies", messages::replies),
    ("UpdateMessage", messages::update),
    ("UpdateMessagePartial", messages::update_partial),
    ("DeleteMessage", messages::delete),
    ("UndeleteMessage", messages::undelete),
    ("SendReaction", messages::send_reaction),
    ("DeleteReaction", messages::delete_reaction),
    ("GetReactions", messages::get_reactions),
];

/// The handler of an operation, if it is emulated.
pub(crate) fn find(operation: &str) -> Option<Handler> {
    EMULATED.iter().find(|(id, _)| *id == operation).map(|(_, handler)| *handler)
}

/// The ids of the emulated operations.
pub(crate) fn emulated() -> impl ExactSizeIterator<Item = &'static str> {
    EMULATED.iter().map(|(id, _)| *id)
}
