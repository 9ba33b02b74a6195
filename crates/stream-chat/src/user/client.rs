//! What a [`Client`] does with users.

use super::handle::REVOCATION;
use super::{User, UserToken};
use crate::client::Client;
use crate::request::{Bulk, Request};
use stream_models::Timestamp;
use stream_models::users::{
    CreateGuest, CreateGuestRequest, DeactivateUsers, DeactivateUsersRequest, DeleteUsers,
    DeleteUsersRequest, QueryUsers, QueryUsersPayload, ReactivateUsers, ReactivateUsersRequest,
    RestoreUsers, RestoreUsersRequest, UpdateUserPartialRequest, UpdateUsers, UpdateUsersPartial,
    UpdateUsersPartialRequest, UpdateUsersRequest, UserRequest,
};

impl Client {
    /// A token with which a user logs in; see [`UserToken`].
    pub fn user_token(&self, user_id: impl Into<String>) -> UserToken<'_> {
        UserToken::new(self, user_id.into())
    }

    /// A user, known by id. Nothing is sent.
    pub fn user(&self, user_id: impl Into<String>) -> User {
        User::new(self.clone(), user_id.into())
    }

    /// Creates users, or replaces those that exist with everything they hold.
    ///
    /// To change some of what a user holds, use [`User::update_partial`]. The server takes 100 users
    /// a call; more are sent in several. Of two users with the same id, the later one counts.
    ///
    /// `POST /api/v2/users`
    pub fn upsert_users<U: Into<UserRequest>>(
        &self,
        users: impl IntoIterator<Item = U>,
    ) -> Bulk<UpdateUsers> {
        Bulk::new(self.executor(), users, |users| {
            let users = users.into_iter().map(|user| {
                let user = user.into();
                (user.id.clone(), user)
            });
            UpdateUsers::new(UpdateUsersRequest::new(users))
        })
    }

    /// Sets and removes fields of users, 100 a call.
    ///
    /// `PATCH /api/v2/users`
    pub fn update_users_partial(
        &self,
        changes: impl IntoIterator<Item = UpdateUserPartialRequest>,
    ) -> Bulk<UpdateUsersPartial> {
        Bulk::new(self.executor(), changes, |changes| {
            UpdateUsersPartial::new(UpdateUsersPartialRequest::new(changes))
        })
    }

    /// Deletes users in the background, 100 a call; the answers name the tasks. What becomes of
    /// their messages and conversations is set through [`Bulk::map`].
    ///
    /// `POST /api/v2/users/delete`
    pub fn delete_users<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<DeleteUsers> {
        Bulk::new(self.executor(), user_ids, |ids| DeleteUsers::new(DeleteUsersRequest::new(ids)))
    }

    /// Deactivates users in the background, 100 a call: they cannot connect any more.
    ///
    /// `POST /api/v2/users/deactivate`
    pub fn deactivate_users<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<DeactivateUsers> {
        Bulk::new(self.executor(), user_ids, |ids| {
            DeactivateUsers::new(DeactivateUsersRequest::new(ids))
        })
    }

    /// Undoes [`Client::deactivate_users`], 100 a call.
    ///
    /// `POST /api/v2/users/reactivate`
    pub fn reactivate_users<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<ReactivateUsers> {
        Bulk::new(self.executor(), user_ids, |ids| {
            ReactivateUsers::new(ReactivateUsersRequest::new(ids))
        })
    }

    /// Restores users that were deleted softly, 100 a call.
    ///
    /// `POST /api/v2/users/restore`
    pub fn restore_users<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<RestoreUsers> {
        Bulk::new(self.executor(), user_ids, |ids| RestoreUsers::new(RestoreUsersRequest::new(ids)))
    }

    /// Finds users by a filter, or by a query with order and limits; at most 100 a page.
    /// [`Request::pages`] walks all of them.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::users::UserFilter;
    ///
    /// let admins = client.query_users(UserFilter::role().eq("admin")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `GET /api/v2/users`
    pub fn query_users(&self, query: impl Into<QueryUsersPayload>) -> Request<QueryUsers> {
        self.request(QueryUsers::new().payload(query))
    }

    /// Creates a guest: a user for a visitor without an account. The answer has the token of the
    /// guest, and the id under which the server holds it, which is not the one that was given.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::token_source::Token;
    /// use stream_chat::{Client, UserRequest};
    ///
    /// let guest = client.create_guest(UserRequest::new("visitor").name("A visitor")).await?;
    /// let token = Token::new(guest.access_token.expose());
    /// let acting_as_guest = Client::as_user("key", token).build()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/guest`
    pub fn create_guest(&self, user: impl Into<UserRequest>) -> Request<CreateGuest> {
        self.request(CreateGuest::new(CreateGuestRequest::new(user)))
    }

    /// Refuses the tokens of these users that were issued before `moment`, 100 users a call; see
    /// [`User::revoke_tokens`].
    ///
    /// `PATCH /api/v2/users`
    pub fn revoke_user_tokens<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
        moment: impl Into<Timestamp>,
    ) -> Bulk<UpdateUsersPartial> {
        let moment = moment.into();
        let change = |id: S| UpdateUserPartialRequest::new(id).set(REVOCATION, moment);
        self.update_users_partial(user_ids.into_iter().map(change))
    }
}
