//! The transport that responds by operation.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use http::Response;
use http_body_util::BodyExt;

use super::rule::Rule;
use super::sent::{Captured, SentRequest};
use crate::body::{RequestBody, ResponseBody};
use crate::runtime::{BoxFuture, Clock};
use crate::transport::{Transport, TransportError, TransportErrorKind};
use stream_models::{Operation, OperationInfo};

/// A transport that responds by operation, as a test specifies, and stores the operations that it
/// was asked to send. Clones share both.
///
/// Both sides are typed: a test sets a response field by field, and gets the requests back as
/// operations. An operation without a rule fails, and the error names it.
///
/// ```
/// use stream_http::Executor;
/// use stream_http::transport::testing::Script;
/// use stream_models::messages::{DeleteMessage, MessageRequest, SendMessage, SendMessageRequest};
///
/// # async fn example() -> Result<(), stream_http::Error> {
/// let script = Script::new();
/// script.on::<SendMessage>().respond(|response| response.message.id = "m1".to_owned());
/// let executor = Executor::builder().api_key("key").token("token").transport(script.clone()).build()?;
///
/// let message = SendMessageRequest::new(MessageRequest::from("hi"));
/// let sent = executor.send(&SendMessage::new("messaging", "general", message)).await?;
/// assert_eq!(sent.message.id, "m1");
/// assert_eq!(script.sent::<SendMessage>()[0].id, "general");
///
/// let unscripted = executor.send(&DeleteMessage::new("m1")).await.unwrap_err();
/// assert!(unscripted.to_string().contains("DeleteMessage"));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
/// ```
///
/// Give an executor or client the script itself as its transport: inside another transport, it sees
/// only bytes, and [`sent`](Self::sent) returns nothing.
#[derive(Clone, Default)]
pub struct Script {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    sent: Vec<SentRequest>,
    unscripted: Vec<&'static str>,
}

impl Script {
    /// Creates a script without rules, which fails every request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the requests of one operation that were sent so far, in order, as operations.
    #[must_use]
    pub fn sent<O: Operation>(&self) -> Vec<O> {
        let state = self.lock();
        let captured = state.sent.iter().filter_map(|request| request.captured.as_ref());
        captured.filter_map(|operation| operation.0.downcast_ref::<O>().cloned()).collect()
    }

    /// Returns all requests that were sent so far, in order, as HTTP requests.
    #[must_use]
    pub fn requests(&self) -> Vec<SentRequest> {
        self.lock().sent.clone()
    }

    /// Returns the IDs of the operations that were sent so far, in order, such as `SendMessage`.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static str> {
        self.lock().sent.iter().filter_map(SentRequest::operation_id).collect()
    }

    /// Returns the IDs of the operations whose rules still wait for a request. The list is empty at
    /// the end of a test that made all expected requests.
    #[must_use]
    pub fn unused(&self) -> Vec<&'static str> {
        self.lock().rules.iter().filter(|rule| rule.is_waiting()).map(Rule::operation).collect()
    }

    /// Returns the IDs of the operations that were sent and had no rule, for code that hides the
    /// errors of its requests.
    #[must_use]
    pub fn unscripted(&self) -> Vec<&'static str> {
        self.lock().unscripted.clone()
    }

    pub(super) fn add(&self, rule: Rule) {
        self.lock().rules.push(rule);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Finds the rule for a request and counts it as used.
    fn rule(
        &mut self,
        operation: Option<OperationInfo>,
        captured: Option<&Captured>,
    ) -> Result<Rule, TransportError> {
        let id = operation.map_or("a request without an operation", |operation| operation.id);
        let captured = captured.map(|captured| &*captured.0 as &dyn Any);
        let rule = self.rules.iter_mut().find_map(|rule| rule.take(id, captured));
        rule.ok_or_else(|| {
            self.unscripted.push(id);
            TransportError::new(TransportErrorKind::Unknown, self.problem(id)).before_send(true)
        })
    }

    fn problem(&self, id: &str) -> String {
        let rules = self.rules.iter().filter(|rule| rule.operation() == id);
        match rules.count() {
            0 => format!("the script has no rule for {id}: add `script.on::<{id}>()`"),
            number => format!(
                "the script has {number} for {id}, and each is used up or is for other requests; \
                 `always` and `times` let one respond more often"
            ),
        }
    }
}

impl Transport for Script {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let operation = head.extensions.get::<OperationInfo>().copied();
        let captured = head.extensions.get::<Captured>().cloned();
        let rule = {
            let mut state = self.lock();
            state.sent.push(SentRequest {
                operation,
                captured: captured.clone(),
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body,
            });
            state.rule(operation, captured.as_ref())
        }?;
        rule.wait().await;
        rule.respond(captured.as_ref().map(|captured| &*captured.0 as &dyn Any))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let operations: Vec<_> = state.rules.iter().map(Rule::operation).collect();
        f.debug_struct("Script")
            .field("rules", &operations)
            .field("sent", &state.sent.len())
            .finish_non_exhaustive()
    }
}

/// The clock for waits between requests under a [`Script`]: they end at once and advance the clock.
pub(crate) struct SkippedWaits {
    clock: Arc<dyn Clock>,
    skipped: Arc<Mutex<Duration>>,
}

impl SkippedWaits {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, skipped: Arc::default() }
    }

    fn skipped(&self) -> Duration {
        *self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SkippedWaits {
    fn monotonic(&self) -> Duration {
        self.clock.monotonic().saturating_add(self.skipped())
    }

    fn utc(&self) -> SystemTime {
        let now = self.clock.utc();
        now.checked_add(self.skipped()).unwrap_or(now)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let skipped = self.skipped.clone();
        let mut has_yielded = false;
        Box::pin(poll_fn(move |context| {
            // Other tasks run in between, as during a real wait.
            if !std::mem::replace(&mut has_yielded, true) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let mut skipped = skipped.lock().unwrap_or_else(PoisonError::into_inner);
            *skipped = skipped.saturating_add(duration);
            Poll::Ready(())
        }))
    }
}
