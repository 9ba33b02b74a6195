//! Users.

mod activity;
mod check;
mod delete;
mod names;
mod partial;
mod query;
mod upsert;

use super::operations;

operations! {
    "UpdateUsers" => upsert::upsert,
    "UpdateUsersPartial" => partial::update_partial,
    "QueryUsers" => query::query,
    "DeleteUsers" => delete::delete,
    "RestoreUsers" => activity::restore,
    "DeactivateUser" => activity::deactivate,
    "DeactivateUsers" => activity::deactivate_many,
    "ReactivateUser" => activity::reactivate,
    "ReactivateUsers" => activity::reactivate_many,
}

/// How many users one call may change.
const MAX_USERS: usize = 100;
