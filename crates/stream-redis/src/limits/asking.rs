//! A request for admission that may be dropped before Redis responds.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;

use super::Shared;
use stream_chat::transport::shared_limits::{Admission, AdmissionRequest, Settlement};
use stream_chat::transport::{BoxError, BoxFuture};

/// A request for admission. If it is dropped while Redis decides, a task awaits the decision and
/// takes back what was granted, which would otherwise count until the window ends.
pub(super) struct Asking {
    shared: Arc<Shared>,
    request: AdmissionRequest,
    /// The decision, until it is there.
    decision: Option<BoxFuture<'static, Result<Admission, BoxError>>>,
    was_sent: bool,
}

impl Asking {
    pub(super) fn new(shared: Arc<Shared>, request: AdmissionRequest) -> Self {
        let decision = {
            let shared = shared.clone();
            Box::pin(async move { shared.admit(request).await })
        };
        Self { shared, request, decision: Some(decision), was_sent: false }
    }
}

impl Future for Asking {
    type Output = Result<Admission, BoxError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.was_sent = true;
        let Some(decision) = &mut self.decision else { return Poll::Pending };
        let decided = ready!(decision.as_mut().poll(context));
        self.decision = None;
        Poll::Ready(decided)
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let Some(decision) = self.decision.take().filter(|_| self.was_sent) else { return };
        // Outside of a runtime, as at the end of a program, it counts until the window ends.
        let Ok(runtime) = Handle::try_current() else { return };
        let (shared, request) = (self.shared.clone(), self.request);
        runtime.spawn(async move {
            match decision.await {
                Ok(Admission::Granted(permit)) => {
                    shared.settle(request.operation, permit, Settlement::Unanswered);
                }
                Ok(Admission::Wait { turn, .. }) if turn <= request.patience => {
                    shared.withdraw(request.operation);
                }
                Ok(Admission::Wait { .. }) | Err(_) => {}
            }
        });
    }
}
