//! The settings of the app.

mod webhooks;

use crate::client::Client;
use crate::request::Request;
use stream_models::Timestamp;
use stream_models::app::{GetRateLimits, UpdateApp};

/// # Token revocation
impl Client {
    /// Revokes the tokens of all users that were issued before a timestamp; see
    /// [`User::revoke_tokens`](crate::User::revoke_tokens).
    ///
    /// `PATCH /api/v2/app` · [guide](crate::guide::administration)
    pub fn revoke_all_tokens(&self, issued_before: impl Into<Timestamp>) -> Request<UpdateApp> {
        self.update_app().revoke_tokens_issued_before(issued_before)
    }

    /// Restores the tokens that [`Client::revoke_all_tokens`] revoked.
    ///
    /// `PATCH /api/v2/app` · [guide](crate::guide::administration)
    pub fn undo_revocation_of_all_tokens(&self) -> Request<UpdateApp> {
        self.update_app().clear_revoke_tokens_issued_before()
    }
}

impl Request<GetRateLimits> {
    /// Sets the endpoints to return, by operation ID, such as `SendMessage`; all by default.
    pub fn endpoints(mut self, endpoints: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let endpoints: Vec<String> = endpoints.into_iter().map(Into::into).collect();
        self.operation.endpoints = Some(endpoints.join(","));
        self
    }
}
