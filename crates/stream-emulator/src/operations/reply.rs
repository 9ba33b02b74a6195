//! What an operation comes to: a response, or a question to someone outside first.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::Call;
use crate::document::Object;
use crate::error::ApiError;

/// What an operation comes to.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The fields of the response, without its `duration`.
    Done(Object),
    /// Someone outside is to be asked first: the app's own server, or a page on this machine.
    Ask(Box<Question>),
}

impl From<Object> for Reply {
    fn from(object: Object) -> Self {
        Self::Done(object)
    }
}

/// The continuation of an operation with the response of the app's server; `None` without a
/// response.
pub(crate) type Then =
    Box<dyn FnOnce(&mut Call<'_>, Option<Value>) -> Result<Reply, ApiError> + Send>;

/// What someone outside is asked.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Sends this to the app's own server, signed; the response is JSON.
    Hook(Object),
    /// A page is read; the response is its text, as a string.
    Page,
}

/// A question to someone outside. The world is free while the response is waited for.
pub(crate) struct Question {
    pub(crate) url: String,
    pub(crate) timeout: Duration,
    pub(crate) asked: Asked,
    pub(crate) then: Then,
}

impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Question").field("url", &self.url).finish_non_exhaustive()
    }
}
