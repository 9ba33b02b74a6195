//! Channels and their members.

mod create;
mod custom_event;
mod delete;
mod members;
mod partial;
mod query;
mod truncate;
mod update;

pub(super) use create::{get, get_or_create, get_or_create_distinct};
pub(super) use custom_event::send_event;
pub(super) use delete::{delete, delete_many};
pub(super) use members::{query_members, update_member_partial};
pub(super) use partial::update_partial;
pub(super) use query::query;
pub(super) use truncate::truncate;
pub(super) use update::update;
