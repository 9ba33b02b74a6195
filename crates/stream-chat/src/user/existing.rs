//! The stored user: reads, upserts, and creation of missing users.

use super::User;
use crate::client::Client;
use crate::request::Request;
use stream_http::Error;
use stream_models::users::{
    FullUserResponse, QueryUsersPayload, UpdateUsers, UpdateUsersRequest, UserFilter, UserRequest,
};

/// The maximum number of users in a page.
const PAGE: u8 = 100;

/// # The stored user
impl User {
    /// Returns the user, or `None` if it does not exist. Deactivated users are included.
    ///
    /// `GET /api/v2/users` · [guide](crate::guide::users)
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self) -> Result<Option<FullUserResponse>, Error> {
        Ok(self.client().find_users(&[self.id()]).await?.into_iter().next())
    }
}

/// # One user, and users who may be missing
impl Client {
    /// Creates a user, or replaces an existing one with all its data; see [`Client::upsert_users`]
    /// for many.
    ///
    /// `POST /api/v2/users` · [guide](crate::guide::users)
    pub fn upsert_user(&self, user: impl Into<UserRequest>) -> Request<UpdateUsers> {
        let user = user.into();
        self.request(UpdateUsers::new(UpdateUsersRequest::new([(user.id.clone(), user)])))
    }

    /// Creates a user that does not exist yet, and leaves an existing one unchanged. Returns
    /// whether it was created.
    ///
    /// Use it for logins: [`Client::upsert_user`] would erase the name, the picture and other
    /// fields that the user has set since. It reads before it writes, so two concurrent logins may
    /// both create the user, which is harmless as long as both send the same data.
    ///
    /// `GET /api/v2/users`, `POST /api/v2/users`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn create_user_if_missing(
        &self,
        user: impl Into<UserRequest>,
    ) -> Result<bool, Error> {
        Ok(self.create_missing_users([user.into()]).await? > 0)
    }

    /// Creates the users that do not exist yet, and leaves the others unchanged; see
    /// [`Client::create_user_if_missing`]. Returns the number of users created.
    ///
    /// `GET /api/v2/users`, `POST /api/v2/users`
    ///
    /// # Errors
    /// See [`Error`]. Users that were created before the error remain.
    pub async fn create_missing_users(
        &self,
        users: impl IntoIterator<Item = impl Into<UserRequest>>,
    ) -> Result<usize, Error> {
        let users: Vec<UserRequest> = users.into_iter().map(Into::into).collect();
        let mut created = 0;
        for batch in users.chunks(usize::from(PAGE)) {
            let ids: Vec<&str> = batch.iter().map(|user| user.id.as_str()).collect();
            let present = self.find_users(&ids).await?;
            let is_missing = |user: &&UserRequest| present.iter().all(|other| other.id != user.id);
            let missing: Vec<UserRequest> = batch.iter().filter(is_missing).cloned().collect();
            created += missing.len();
            self.upsert_users(missing).await?;
        }
        Ok(created)
    }

    /// Returns the users with these IDs, at most one page.
    async fn find_users(&self, ids: &[&str]) -> Result<Vec<FullUserResponse>, Error> {
        let filter = UserFilter::id().is_in(ids.iter().copied());
        let query = QueryUsersPayload::new(filter).include_deactivated_users(true);
        let response = self.query_users(query).limit(PAGE).await?;
        Ok(response.into_inner().users)
    }
}
