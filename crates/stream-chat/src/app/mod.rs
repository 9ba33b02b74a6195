//! The settings of the app.

use crate::client::Client;
use crate::request::Request;
use stream_models::Timestamp;
use stream_models::app::{GetApp, UpdateApp, UpdateAppRequest};

impl Client {
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

    /// Refuses the tokens of all users that were issued before `moment`; see
    /// [`User::revoke_tokens`].
    ///
    /// `PATCH /api/v2/app`
    pub fn revoke_all_tokens(&self, moment: impl Into<Timestamp>) -> Request<UpdateApp> {
        self.update_app().revoke_tokens_issued_before(moment)
    }

    /// Accepts again the tokens that [`Client::revoke_all_tokens`] refused.
    ///
    /// `PATCH /api/v2/app`
    pub fn undo_revocation_of_all_tokens(&self) -> Request<UpdateApp> {
        self.update_app().clear_revoke_tokens_issued_before()
    }
}

impl Request<UpdateApp> {
    /// Changes the settings in any way that a request can hold.
    pub fn body(mut self, change: impl FnOnce(UpdateAppRequest) -> UpdateAppRequest) -> Self {
        self.operation.body = change(std::mem::take(&mut self.operation.body));
        self
    }
}
