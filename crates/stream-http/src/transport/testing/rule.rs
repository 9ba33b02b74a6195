//! The rules of a script.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use http::Response;

use crate::body::ResponseBody;
use crate::transport::TransportError;

pub(super) type Condition = dyn Fn(&dyn Any) -> bool + Send + Sync;
pub(super) type Respond =
    dyn Fn(Option<&dyn Any>) -> Result<Response<ResponseBody>, TransportError> + Send + Sync;

/// How a [`Script`](super::Script) responds to the requests of one operation.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) operation: &'static str,
    /// The number of requests to which the rule still applies; unlimited if `None`.
    pub(super) left: Option<u32>,
    pub(super) is_used: bool,
    pub(super) condition: Option<Arc<Condition>>,
    pub(super) delay: Duration,
    pub(super) respond: Arc<Respond>,
}

impl Rule {
    pub(super) const fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns whether the rule still expects a request.
    pub(super) const fn is_waiting(&self) -> bool {
        match self.left {
            Some(left) => left > 0,
            None => !self.is_used,
        }
    }

    /// Uses the rule for a request, if it is for it.
    pub(super) fn take(&mut self, operation: &str, captured: Option<&dyn Any>) -> Option<Self> {
        if self.operation != operation || self.left == Some(0) {
            return None;
        }
        if let Some(condition) = &self.condition
            && !captured.is_some_and(|request| condition(request))
        {
            return None;
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        self.is_used = true;
        Some(self.clone())
    }

    pub(super) async fn wait(&self) {
        #[cfg(not(target_family = "wasm"))]
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
    }

    pub(super) fn respond(
        &self,
        captured: Option<&dyn Any>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        (self.respond)(captured)
    }
}
