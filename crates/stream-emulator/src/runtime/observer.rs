//! The observer of requests.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};

/// A summary of a request and its response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The ID of the operation; `None` if the API has no such path.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: Method,
    /// The path as it was sent.
    pub path: String,
    /// The status of the response.
    pub status: StatusCode,
    /// The time from the request to the response.
    pub duration: Duration,
}

/// A function that is called after each request.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Exchange) + Send + Sync>);

impl Observer {
    pub(crate) fn new(observe: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Self(Arc::new(observe))
    }

    pub(crate) fn see(&self, exchange: &Exchange) {
        (self.0)(exchange);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}
