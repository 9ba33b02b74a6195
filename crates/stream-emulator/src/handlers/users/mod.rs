//! Users.

mod activity;
mod check;
mod delete;
mod names;
mod partial;
mod query;
mod upsert;

pub(super) use activity::{deactivate, deactivate_many, reactivate, reactivate_many, restore};
pub(super) use check::check_id;
pub(super) use delete::delete;
pub(super) use partial::update_partial;
pub(super) use query::query;
pub(super) use upsert::upsert;

/// How many users one call may change.
const MOST_USERS: usize = 100;
