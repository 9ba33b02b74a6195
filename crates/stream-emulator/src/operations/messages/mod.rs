//! Messages.

mod automod;
mod command;
mod compose;
mod delete;
mod history;
mod input;
mod pending;
mod pinned;
mod publish;
mod question;
mod read;
mod send;
mod translate;
mod update;

pub(super) use compose::prepare;
pub(super) use input::{MessageInput, require_feature};
pub(super) use publish::publish;

use super::operations;

operations! {
    "SendMessage" => send::send,
    "GetMessage" => read::get,
    "GetManyMessages" => read::get_many,
    "GetReplies" => read::replies,
    "UpdateMessage" => update::update,
    "UpdateMessagePartial" => update::update_partial,
    "DeleteMessage" => delete::delete,
    "GetPinnedMessages" => pinned::get,
    "CommitMessage" => pending::commit,
    "EphemeralMessageUpdate" => update::update_ephemeral,
    "RunMessageAction" => command::act,
    "TranslateMessage" => translate::translate,
    "Translate" (POST "/translate") => translate::translate_text,
    "QueryMessageHistory" => history::query,
    "UndeleteMessage" => delete::undelete,
}
