use crate::call::Request;
use stream_models::app::{UpdateApp, UpdateAppRequest};

impl Request<UpdateApp> {
    /// Changes the settings in any way that a request can hold.
    pub fn body(mut self, change: impl FnOnce(UpdateAppRequest) -> UpdateAppRequest) -> Self {
        self.operation.body = change(std::mem::take(&mut self.operation.body));
        self
    }
}
