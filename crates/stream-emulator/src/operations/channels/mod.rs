//! Channels.

mod batch;
mod create;
mod delete;
mod grouped;
mod partial;
mod query;
mod truncate;
mod update;
mod visibility;

pub(super) use delete::{Removal, delete_one};
pub(super) use query::find;

use super::operations;

operations! {
    "GetOrCreateChannel" => create::get_or_create,
    "GetOrCreateDistinctChannel" => create::get_or_create_distinct,
    "GetChannel" => create::get,
    "UpdateChannel" => update::update,
    "UpdateChannelPartial" => partial::update_partial,
    "DeleteChannel" => delete::delete,
    "DeleteChannels" => delete::delete_many,
    "QueryChannels" => query::query,
    "HideChannel" => visibility::hide,
    "ShowChannel" => visibility::show,
    "MuteChannel" => visibility::mute,
    "UnmuteChannel" => visibility::unmute,
    "ChannelBatchUpdate" => batch::update,
    "GroupedQueryChannels" => grouped::query,
    "TruncateChannel" => truncate::truncate,
}
