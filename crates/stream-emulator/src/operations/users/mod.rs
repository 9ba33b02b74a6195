//! Users.

mod activity;
mod blocking;
mod check;
mod connect;
mod delete;
mod export;
mod guest;
mod names;
mod partial;
mod query;
mod upsert;

pub(crate) use connect::connect;
pub(super) use delete::delete_one;
pub(super) use export::exported;

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
    "BlockUsers" => blocking::block,
    "UnblockUsers" => blocking::unblock,
    "GetBlockedUsers" => blocking::list,
    "CreateGuest" => guest::create,
    "ExportUser" => export::export,
    "DeleteUser" (DELETE "/api/v2/users/{user_id}") => delete::delete_by_path,
}

/// The maximum number of users in one request.
const MAX_USERS: usize = 100;
