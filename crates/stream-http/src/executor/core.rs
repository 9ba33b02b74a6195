use crate::auth::SharedTokenSource;
use crate::body::BodySource;
use crate::error::{Error, ErrorKind};
use crate::observe;
use crate::policy::{Attempt, Decision, GiveUp, Outcome, RateLimiter, RetryBudget, RetryPolicy};
use crate::request::{
    BaseUrl, CallOptions, FixedHeaders, PreparedBody, PreparedRequest, request_id,
};
use crate::response::RawResponse;
use crate::runtime::{Clock, Either, race};
use crate::transport::SharedTransport;
use http::{StatusCode, Uri};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stream_models::{Method, OperationInfo};
use tokio::sync::Semaphore;
use tracing::Instrument;

/// What all clones of an executor share.
pub(super) struct Core {
    pub(super) api_key: String,
    /// `api_key=...`, percent-encoded.
    pub(super) key_query: String,
    pub(super) tokens: Option<SharedTokenSource>,
    pub(super) base_url: BaseUrl,
    pub(super) headers: FixedHeaders,
    pub(super) transport: SharedTransport,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limiter: Option<Arc<RateLimiter>>,
    pub(super) permits: Option<Arc<Semaphore>>,
    pub(super) budget: Arc<RetryBudget>,
    pub(super) settings: Settings,
}

#[derive(Debug)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Option<Duration>,
    pub(super) idle_timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) max_response_size: usize,
    pub(super) log_bodies: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            attempt_timeout: None,
            idle_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            max_response_size: 16 << 20,
            log_bodies: false,
        }
    }
}

/// One call, over all of its attempts.
pub(crate) struct CallState {
    pub(crate) operation: OperationInfo,
    pub(crate) uri: Uri,
    pub(crate) body: BodySource,
    pub(crate) options: CallOptions,
    pub(crate) request_id: String,
    /// How many attempts were begun.
    pub(crate) attempts: AtomicU32,
    /// Whether an attempt that was followed by another may have been carried out.
    unclear: AtomicBool,
    /// The failure of the attempt before this one.
    last_error: Mutex<Option<Error>>,
    /// When the call has to be over, by the monotonic clock.
    pub(crate) deadline: Option<Duration>,
}

impl Core {
    /// Makes a call: attempts within one deadline, in one span.
    pub(super) async fn call(
        &self,
        request: PreparedRequest,
        options: CallOptions,
    ) -> Result<RawResponse, Error> {
        let operation = request.operation;
        let (call, limit) =
            self.begin(request, options).map_err(|error| error.with_operation(operation))?;
        let span = observe::span(&call.operation, &self.base_url, &call.request_id);
        let mut attempts = std::pin::pin!(self.attempts(&call).instrument(span.clone()));
        let result = match limit {
            None => attempts.await,
            Some(limit) => match race(attempts.as_mut(), self.clock.sleep(limit)).await {
                Either::Left(result) => result,
                Either::Right(()) => Err(self.out_of_time(&call, limit, &span)),
            },
        };
        observe::finish(&span, &result, call.attempts.load(Ordering::Relaxed));
        result.map_err(|error| {
            let unclear = call.unclear.load(Ordering::Relaxed);
            error
                .with_operation(call.operation)
                .with_call(&call.request_id, call.attempts.load(Ordering::Relaxed))
                .with_earlier_unclear(unclear)
        })
    }

    fn begin(
        &self,
        request: PreparedRequest,
        options: CallOptions,
    ) -> Result<(CallState, Option<Duration>), Error> {
        let body = match request.body {
            PreparedBody::Source(source) => source,
            PreparedBody::Multipart(form) => form.into_source(),
        };
        let bodiless = matches!(request.operation.method, Method::Get | Method::Delete);
        if bodiless && body.content_type().is_some() {
            return Err(Error::invalid_request("GET and DELETE carry no body"));
        }
        let separator = if request.query.is_empty() { "" } else { "&" };
        let query = format!("{}{separator}{}", request.query.as_str(), self.key_query);
        let uri = self.base_url.join(&request.path, &query).map_err(|_| {
            Error::invalid_request(
                "path and query make no URL; they must be percent-encoded and below 64 KiB",
            )
        })?;
        let limit = match options.timeout {
            Some(timeout) => Some(timeout),
            None if body.is_streaming() => None,
            None => Some(self.settings.timeout),
        };
        let deadline = limit.and_then(|limit| self.clock.monotonic().checked_add(limit));
        let call = CallState {
            operation: request.operation,
            uri,
            body,
            options,
            request_id: request_id(),
            attempts: AtomicU32::new(0),
            unclear: AtomicBool::new(false),
            last_error: Mutex::default(),
            deadline,
        };
        Ok((call, limit))
    }

    async fn attempts(&self, call: &CallState) -> Result<RawResponse, Error> {
        loop {
            let error = match self.attempt(call).await {
                Ok(response) => {
                    self.budget.deposit();
                    return Ok(response);
                }
                Err(error) => error,
            };
            let wait = match self.decide(call, &error) {
                Decision::RetryAfter(wait) => wait,
                Decision::GiveUp(reason) => {
                    observe::failed(&error, call, Some(reason));
                    return Err(error);
                }
            };
            observe::retried(&error, call, wait);
            call.unclear.fetch_or(error.may_have_been_processed(), Ordering::Relaxed);
            *call.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            if !wait.is_zero() {
                self.clock.sleep(wait).await;
            }
        }
    }

    fn decide(&self, call: &CallState, error: &Error) -> Decision {
        let outcome = match (error.kind(), error.status()) {
            (ErrorKind::Transport(kind), _) => {
                Outcome::Transport { kind, before_send: error.is_before_send() }
            }
            (ErrorKind::Api | ErrorKind::RateLimited, status) => Outcome::Status {
                status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
                retry_after: error.retry_after(),
                unrecoverable: error.is_unrecoverable(),
            },
            _ => return Decision::GiveUp(GiveUp::NotRepeatable),
        };
        let attempt = Attempt {
            number: call.attempts.load(Ordering::Relaxed),
            method: call.operation.method,
            idempotent: call.operation.idempotent,
            replayable: call.body.is_replayable(),
            outcome,
            time_left: call.deadline.map(|at| at.saturating_sub(self.clock.monotonic())),
        };
        let policy = call.options.retry.as_ref().unwrap_or(&self.settings.retry);
        match policy.decide(&attempt, fastrand::f64()) {
            Decision::RetryAfter(_) if !self.budget.withdraw() => Decision::GiveUp(GiveUp::Budget),
            decision => decision,
        }
    }

    fn out_of_time(&self, call: &CallState, limit: Duration, span: &tracing::Span) -> Error {
        let last = call.last_error.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut error = Error::deadline(limit);
        if let Some(last) = last {
            error = error.caused_by(last);
        }
        span.in_scope(|| observe::failed(&error, call, None));
        error
    }
}
