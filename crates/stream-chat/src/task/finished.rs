use serde::de::DeserializeOwned;
use std::ops::Deref;
use stream_http::{Error, Response};
use stream_models::tasks::GetTaskResponse;

/// A task that is done, with its result.
#[derive(Debug)]
pub struct FinishedTask(Response<GetTaskResponse>);

impl FinishedTask {
    pub(crate) const fn new(response: Response<GetTaskResponse>) -> Self {
        Self(response)
    }

    /// Returns the URL at which the result lies, such as that of an export.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.0.result.get("url").and_then(|url| url.as_str())
    }

    /// Reads the result as a type of yours.
    ///
    /// # Errors
    /// The result is not of that shape.
    pub fn result_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let value = serde_json::Value::Object(self.0.result.clone());
        serde_json::from_value(value).map_err(|error| {
            let id = &self.0.task_id;
            Error::invalid_request(format!("the result of the task {id}: {error}")).caused_by(error)
        })
    }

    /// Returns the response that said that the task is done.
    #[must_use]
    pub fn into_response(self) -> Response<GetTaskResponse> {
        self.0
    }
}

impl Deref for FinishedTask {
    type Target = GetTaskResponse;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
