//! Messages.

mod delete;
mod history;
mod input;
mod question;
mod read;
mod send;
mod update;

pub(super) use input::MessageInput;
pub(super) use send::{prepare, publish};

use super::operations;

operations! {
    "SendMessage" => send::send,
    "GetMessage" => read::get,
    "GetManyMessages" => read::get_many,
    "GetReplies" => read::replies,
    "UpdateMessage" => update::update,
    "UpdateMessagePartial" => update::update_partial,
    "DeleteMessage" => delete::delete,
    "QueryMessageHistory" => history::query,
    "UndeleteMessage" => delete::undelete,
}
