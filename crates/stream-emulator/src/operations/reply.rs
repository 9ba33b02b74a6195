//! The result of a handler: a response, or a question that has to be asked first.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::Call;
use crate::document::Object;
use crate::error::ApiError;

/// The outcome of an operation: the fields of the response, without its `duration`, or an error.
pub(crate) type Outcome = Result<Object, ApiError>;

/// The result of a handler.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The fields of the response, without its `duration`.
    Done(Object),
    /// A question to the app's own server or to a page of this machine comes first.
    Ask(Box<Question>),
}

impl From<Object> for Reply {
    fn from(object: Object) -> Self {
        Self::Done(object)
    }
}

/// Continues an operation with the response to its question; `None` if it failed.
pub(crate) type Then =
    Box<dyn FnOnce(&mut Call<'_>, Option<Value>) -> Result<Reply, ApiError> + Send>;

/// The kind of question.
#[derive(Debug)]
pub(crate) enum Asked {
    /// A signed request to the app's own server, whose response is JSON. A failed attempt is repeated
    /// up to this number of attempts.
    Hook { body: Object, attempts: u32 },
    /// A request for a page, whose response is its text as a string.
    Page,
}

/// A question to another server. The state is not locked during the request.
pub(crate) struct Question {
    pub(crate) url: String,
    /// The timeout of one attempt.
    pub(crate) timeout: Duration,
    pub(crate) asked: Asked,
    pub(crate) then: Then,
}

impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Question").field("url", &self.url).finish_non_exhaustive()
    }
}
