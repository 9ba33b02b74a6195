//! The handle to a user.

use serde::Serialize;

use super::UserTokenBuilder;
use crate::client::Client;
use crate::request::{Actor, IntoNames, Request};
use stream_models::Timestamp;
use stream_models::users::{
    UpdateUserPartialRequest, UpdateUsersPartial, UpdateUsersPartialRequest,
};

/// A handle to a user, identified by ID. The user need not exist yet.
#[derive(Debug, Clone)]
pub struct User {
    pub(super) client: Client,
    pub(super) id: String,
}

/// # Tokens and partial changes
impl User {
    pub(crate) const fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the ID of the user.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns a builder of a token with which the user logs in.
    pub fn token(&self) -> UserTokenBuilder<'_> {
        self.client.user_token(&self.id)
    }

    /// Sets and removes fields of the user, and leaves the others unchanged.
    ///
    /// `PATCH /api/v2/users` · [guide](crate::guide::users)
    pub fn update_partial(&self) -> Request<UpdateUsersPartial> {
        let change = UpdateUserPartialRequest::new(&self.id);
        self.client.request(UpdateUsersPartial::new(UpdateUsersPartialRequest::new([change])))
    }

    /// Revokes the tokens of the user that were issued before a timestamp.
    ///
    /// Tokens are backdated by 5 seconds: a token that is signed less than 5 seconds after the
    /// timestamp is revoked too, unless its `issued_at` was set.
    ///
    /// `PATCH /api/v2/users` · [guide](crate::guide::users)
    #[doc(alias = "revokeUserToken")]
    #[doc(alias = "revoke_user_token")]
    pub fn revoke_tokens(
        &self,
        issued_before: impl Into<Timestamp>,
    ) -> Request<UpdateUsersPartial> {
        self.update_partial().set(REVOCATION, issued_before.into())
    }

    /// Revokes all tokens of the user that were signed before now, but none that is signed from the
    /// next second on.
    ///
    /// Tokens are backdated by 5 seconds, which this takes into account. A token that was signed
    /// within the last 4 seconds without backdating, as other SDKs do, remains valid: if there may
    /// be such tokens, use [`User::revoke_tokens`] and let the user log in again 5 seconds later.
    ///
    /// `PATCH /api/v2/users` · [guide](crate::guide::users)
    pub fn log_out_everywhere(&self) -> Request<UpdateUsersPartial> {
        let now = Timestamp::now().as_unix_seconds();
        let first_good = now.saturating_sub(BACKDATED_SECONDS).saturating_add(1);
        self.revoke_tokens(
            Timestamp::from_unix_seconds(first_good).unwrap_or_else(|_| Timestamp::now()),
        )
    }

    /// Restores the tokens that [`User::revoke_tokens`] revoked.
    ///
    /// `PATCH /api/v2/users` · [guide](crate::guide::users)
    pub fn undo_token_revocation(&self) -> Request<UpdateUsersPartial> {
        self.update_partial().set(REVOCATION, None::<Timestamp>)
    }
}

/// The user acts.
impl From<&User> for Actor {
    fn from(user: &User) -> Self {
        user.id.as_str().into()
    }
}

/// The number of seconds by which tokens are backdated.
const BACKDATED_SECONDS: i64 = 5;

pub(super) const REVOCATION: &str = "revoke_tokens_issued_before";

impl Request<UpdateUsersPartial> {
    /// Sets a field of the user to any serializable value; a field that Stream does not know
    /// becomes custom data.
    pub fn set(self, key: impl Into<String>, value: impl Serialize) -> Self {
        self.change(|user| user.set(key, value))
    }

    /// Removes one or more fields of the user.
    pub fn unset(self, fields: impl IntoNames) -> Self {
        self.change(|mut user| {
            user.unset.get_or_default().extend(fields.into_names());
            user
        })
    }

    fn change(
        mut self,
        change: impl FnOnce(UpdateUserPartialRequest) -> UpdateUserPartialRequest,
    ) -> Self {
        if let Some(user) = self.operation.body.users.pop() {
            self.operation.body.users.push(change(user));
        }
        self
    }
}
