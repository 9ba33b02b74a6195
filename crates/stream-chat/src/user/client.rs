//! The user methods of [`Client`].

use super::handle::REVOCATION;
use super::{User, UserTokenBuilder};
use crate::bulk::Bulk;
use crate::client::Client;
use stream_http::{Error, MaybeSend};
use stream_models::Timestamp;
use stream_models::users::{UpdateUserPartialRequest, UpdateUsersPartial};

/// # Handles and tokens
impl Client {
    /// Returns a builder of a token with which a user logs in; see [`UserTokenBuilder`]. This sends
    /// no request.
    #[doc(alias = "createToken")]
    #[doc(alias = "create_token")]
    pub fn user_token(&self, user_id: impl Into<String>) -> UserTokenBuilder<'_> {
        UserTokenBuilder::new(self, user_id.into())
    }

    /// Returns a handle to a user, identified by ID. This sends no request.
    pub fn user(&self, user_id: impl Into<String>) -> User {
        User::new(self.clone(), user_id.into())
    }

    /// Revokes the tokens of these users that were issued before a timestamp, in batches of 100
    /// users; see [`User::revoke_tokens`].
    ///
    /// `PATCH /api/v2/users` · [guide](crate::guide::users)
    #[doc(alias = "revokeUsersToken")]
    #[doc(alias = "revoke_users_token")]
    #[doc(alias = "RevokeUsersTokens")]
    pub fn revoke_user_tokens<'a, I>(
        &self,
        user_ids: I,
        issued_before: impl Into<Timestamp>,
    ) -> Bulk<'a, UpdateUsersPartial, UpdateUserPartialRequest>
    where
        I: IntoIterator<Item: Into<String>, IntoIter: MaybeSend + 'a>,
    {
        let issued_before = issued_before.into();
        let change =
            move |id: I::Item| UpdateUserPartialRequest::new(id).set(REVOCATION, issued_before);
        self.update_users_partial(user_ids.into_iter().map(change))
    }

    /// Returns a handle to the user that the client acts as. This sends no request.
    ///
    /// # Errors
    /// The client acts as nobody, or as a user that it does not know; see
    /// [`ClientBuilder::user_id`](crate::ClientBuilder::user_id).
    pub fn me(&self) -> Result<User, Error> {
        self.user_id().map(|id| self.user(id)).ok_or_else(|| {
            Error::configuration(
                "the client does not know for which user it acts: name the user with `ClientBuilder::user_id`",
            )
        })
    }
}
