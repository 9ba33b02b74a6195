use super::User;
use crate::request::Request;
use stream_models::exports::ExportUser;

impl User {
    /// All that Stream holds of the user.
    ///
    /// `GET /api/v2/users/{user_id}/export`
    pub fn export(&self) -> Request<ExportUser> {
        self.client.request(ExportUser::new(&self.id))
    }
}
