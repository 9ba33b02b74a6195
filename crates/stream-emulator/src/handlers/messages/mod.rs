//! Messages, threads and reactions.

mod delete;
mod input;
mod reactions;
mod read;
mod send;
mod update;

pub(super) use delete::{delete, undelete};
pub(crate) use input::MessageInput;
pub(super) use reactions::{
    delete as delete_reaction, list as get_reactions, send as send_reaction,
};
pub(super) use read::{get, get_many, replies};
pub(crate) use send::prepare_for_channel;
pub(super) use send::{prepare, publish, send};
pub(super) use update::{update, update_partial};
