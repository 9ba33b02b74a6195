mod builder;
mod credentials;
mod guest;

pub use builder::ClientBuilder;

use crate::call::{Bulk, Request};
use crate::channel::Channel;
use crate::cid::Cid;
use crate::message::Message;
use crate::task::Task;
use crate::user::{User, UserToken};
use credentials::Credentials;
use std::fmt;
use std::sync::Arc;
use stream_http::{Call, CallOptions, Error, Executor, TokenSource};
use stream_models::Operation;
use stream_models::app::{GetApp, UpdateApp, UpdateAppRequest};
use stream_models::channels::ChannelGetOrCreateRequest;
use stream_models::channels::{
    DeleteChannels, DeleteChannelsRequest, GetOrCreateDistinctChannel, QueryChannels,
    QueryChannelsRequest,
};
use stream_models::messages::{Search, SearchPayload};
use stream_models::users::{
    DeactivateUsers, DeactivateUsersRequest, DeleteUsers, DeleteUsersRequest, QueryUsers,
    QueryUsersPayload, ReactivateUsers, ReactivateUsersRequest, RestoreUsers, RestoreUsersRequest,
    UpdateUserPartialRequest, UpdateUsers, UpdateUsersPartial, UpdateUsersPartialRequest,
    UpdateUsersRequest, UserRequest,
};

/// A Stream Chat app, seen by its backend.
///
/// It is cheap to clone and shares its connections, limits and retry budget with its clones. Make
/// one for the whole program.
#[derive(Clone)]
pub struct Client {
    executor: Executor,
    /// Missing in a client that acts as a user.
    credentials: Option<Arc<Credentials>>,
}

impl Client {
    /// A client with the defaults, for the key and secret of an app.
    ///
    /// # Errors
    /// The key or the secret is empty, or no transport could be set up.
    pub fn new(api_key: impl Into<String>, api_secret: impl Into<String>) -> Result<Self, Error> {
        Self::builder(api_key, api_secret).build()
    }

    /// A client from the environment: `STREAM_API_KEY`, `STREAM_API_SECRET`, and if they are set
    /// `STREAM_BASE_URL` and `STREAM_HTTP_TIMEOUT` (seconds).
    ///
    /// # Errors
    /// A variable is missing or unusable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Sets up a client: time-outs, retries, transport and so on.
    pub fn builder(api_key: impl Into<String>, api_secret: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(api_key, api_secret)
    }

    /// Sets up a client that acts as one user, with that user's permissions, by the tokens that
    /// `token` gives: a [`stream_http::Token`] or a source that renews it, such as those of
    /// [`token_source`](crate::token_source). It cannot sign tokens.
    pub fn as_user(api_key: impl Into<String>, token: impl TokenSource) -> ClientBuilder {
        ClientBuilder::as_user(api_key, token)
    }

    /// Sends any operation of the API.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::blocklists::{CreateBlockList, CreateBlockListRequest};
    ///
    /// let request = CreateBlockListRequest::new("no-cats", ["cat", "kitten"]);
    /// client.send(CreateBlockList::new(request)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send<O: Operation>(&self, operation: O) -> Call<O::Response> {
        self.executor.send(&operation)
    }

    /// Sends any operation of the API, with options of this call alone.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn send_with<O: Operation>(
        &self,
        operation: O,
        options: &CallOptions,
    ) -> Call<O::Response> {
        self.executor.send_with(&operation, options)
    }

    /// Any operation of the API as a request that is sent when it is awaited.
    pub fn request<O: Operation>(&self, operation: O) -> Request<O> {
        Request::new(&self.executor, operation)
    }

    /// The layer underneath, for requests that are prepared by hand.
    #[must_use]
    pub const fn executor(&self) -> &Executor {
        &self.executor
    }

    // Users

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
        Bulk::new(&self.executor, users, |users| {
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
        Bulk::new(&self.executor, changes, |changes| {
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
        Bulk::new(&self.executor, user_ids, |ids| DeleteUsers::new(DeleteUsersRequest::new(ids)))
    }

    /// Deactivates users in the background, 100 a call: they cannot connect any more.
    ///
    /// `POST /api/v2/users/deactivate`
    pub fn deactivate_users<S: Into<String>>(
        &self,
        user_ids: impl IntoIterator<Item = S>,
    ) -> Bulk<DeactivateUsers> {
        Bulk::new(&self.executor, user_ids, |ids| {
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
        Bulk::new(&self.executor, user_ids, |ids| {
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
        Bulk::new(&self.executor, user_ids, |ids| RestoreUsers::new(RestoreUsersRequest::new(ids)))
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

    // Channels

    /// A channel, known by type and id. Nothing is sent.
    ///
    /// An empty type or id is an error when a request of the channel is awaited.
    pub fn channel(&self, channel_type: impl Into<String>, id: impl Into<String>) -> Channel {
        Channel::new(self.clone(), channel_type.into(), id.into())
    }

    /// A channel, known by its cid. Nothing is sent.
    pub fn channel_by_cid(&self, cid: &Cid) -> Channel {
        self.channel(cid.channel_type(), cid.id())
    }

    /// Creates the channel that has exactly these members, or gets it if it exists: the server
    /// makes its id of them.
    ///
    /// `POST /api/v2/chat/channels/{type}/query`
    pub fn distinct_channel<M: Into<crate::ChannelMemberRequest>>(
        &self,
        channel_type: impl Into<String>,
        members: impl IntoIterator<Item = M>,
    ) -> Request<GetOrCreateDistinctChannel> {
        let data = crate::ChannelInput::new().members(members);
        let body = ChannelGetOrCreateRequest::new().data(data);
        self.request(GetOrCreateDistinctChannel::new(channel_type, body))
    }

    /// Finds channels by a filter, or by a query with order and limits; at most 30 a page.
    /// [`Request::pages`] walks all of them.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::models::channels::ChannelFilter;
    ///
    /// let filter = ChannelFilter::type_().eq("messaging") & ChannelFilter::members().is_in(["john"]);
    /// let mut pages = client.query_channels(filter).pages();
    /// while let Some(page) = pages.next().await? {
    ///     println!("{} channels", page.channels.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/chat/channels`
    pub fn query_channels(&self, query: impl Into<QueryChannelsRequest>) -> Request<QueryChannels> {
        self.request(QueryChannels::new(query))
    }

    /// Deletes channels in the background, 100 a call; the answers name the tasks. Softly, unless
    /// [`Bulk::map`] sets `hard_delete`.
    ///
    /// `POST /api/v2/chat/channels/delete`
    pub fn delete_channels<'a>(
        &self,
        cids: impl IntoIterator<Item = &'a Cid>,
    ) -> Bulk<DeleteChannels> {
        let cids = cids.into_iter().map(ToString::to_string);
        Bulk::new(&self.executor, cids, |cids| {
            DeleteChannels::new(DeleteChannelsRequest::new(cids))
        })
    }

    // Messages

    /// A message, known by id. Nothing is sent.
    pub fn message(&self, message_id: impl Into<String>) -> Message {
        Message::new(self.clone(), message_id.into())
    }

    /// Searches the messages of the channels that match; [`Request::pages`] walks all results.
    ///
    /// `GET /api/v2/chat/search`
    pub fn search(&self, search: impl Into<SearchPayload>) -> Request<Search> {
        self.request(Search::new().payload(search))
    }

    // The app

    /// The settings of the app.
    ///
    /// `GET /api/v2/app`
    pub fn app(&self) -> Request<GetApp> {
        self.request(GetApp::new())
    }

    /// Changes settings of the app: those that are set, and no others. A setting is cleared by its
    /// `clear_` method, and a list is emptied by setting an empty one.
    ///
    /// `PATCH /api/v2/app`
    pub fn update_app(&self) -> Request<UpdateApp> {
        self.request(UpdateApp::new(UpdateAppRequest::new()))
    }

    /// Work that the server does in the background, known by the `task_id` of an answer. Nothing is
    /// sent.
    pub fn task(&self, task_id: impl Into<String>) -> Task {
        Task::new(self.clone(), task_id.into())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", self.executor.base_url())
            .field("api_key", &self.executor.api_key())
            .finish_non_exhaustive()
    }
}
