//! The stored user: reads, upserts, and creation of missing users.

use super::User;
use crate::client::Client;
use crate::request::Request;
use stream_http::Error;
use stream_models::users::{
    FullUserResponse, QueryUsersPayload, UpdateUsers, UpdateUsersRequest, UserFilter, UserRequest,
};

/// How many users one page has.
const PAGE: u8 = 100;

/// # The user as it is stored
impl User {
    /// Gets the user, or `None` if there is none. A deactivated user is found too.
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
    /// Creates a user, or replaces one that exists with everything it holds; see
    /// [`Client::upsert_users`] for many.
    ///
    /// `POST /api/v2/users` · [guide](crate::guide::users)
    pub fn upsert_user(&self, user: impl Into<UserRequest>) -> Request<UpdateUsers> {
        let user = user.into();
        self.request(UpdateUsers::new(UpdateUsersRequest::new([(user.id.clone(), user)])))
    }

    /// Creates a user who does not exist yet, and leaves one who does as it is. Returns whether it
    /// was created.
    ///
    /// Logins want this: [`Client::upsert_user`] would erase the name, the picture and whatever else
    /// the user has set since. It asks first, and of two logins at the same time both may create
    /// the user, which is harmless as long as both say the same.
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

    /// Creates those of the users who do not exist yet, and leaves the others as they are; see
    /// [`Client::create_user_if_missing`]. Returns how many were created.
    ///
    /// `GET /api/v2/users`, `POST /api/v2/users`
    ///
    /// # Errors
    /// See [`Error`]. Users who were created before stay.
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

    /// Returns the users with these IDs, at most a page of them.
    async fn find_users(&self, ids: &[&str]) -> Result<Vec<FullUserResponse>, Error> {
        let filter = UserFilter::id().is_in(ids.iter().copied());
        let query = QueryUsersPayload::new(filter).include_deactivated_users(true);
        let response = self.query_users(query).limit(PAGE).await?;
        Ok(response.into_inner().users)
    }
}
