use super::activity::{Activity, Metered};
use super::core::{CallState, Core};
use super::in_flight::InFlight;
use crate::auth::Token;
use crate::body::RequestBody;
use crate::error::{ApiError, Error};
use crate::observe;
use crate::response::{RateLimit, RawResponse, collect, parse_retry_after};
use crate::runtime::{Either, race};
use crate::transport::{Transport, TransportError, TransportErrorKind};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderValue, Request};
use http_body::Body;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

impl Core {
    /// Sends the request once and reads the answer.
    pub(super) async fn attempt(&self, call: &CallState) -> Result<RawResponse, Error> {
        let _permit = match &self.permits {
            // The semaphore is never closed, so there is always a permit to come.
            Some(permits) => permits.acquire().await.ok(),
            None => None,
        };
        if let Some(limiter) = &self.limiter {
            let wait = limiter.acquire(call.operation.id, self.clock.utc());
            if !wait.is_zero() {
                observe::held_back(call, wait);
                self.clock.sleep(wait).await;
            }
        }
        let token = match &self.tokens {
            Some(source) => Some(source.token().await.map_err(|error| {
                Error::configuration(format!("the token source failed: {error}")).caused_by(error)
            })?),
            None => None,
        };
        if call.deadline.is_some_and(|deadline| self.clock.monotonic() >= deadline) {
            // Time was over while waiting: the deadline's own timer ends the call, unsent.
            return std::future::pending().await;
        }
        let result = self.exchange(call, token.as_ref()).await;
        // Servers repeat what they were sent.
        result.map_err(|error| error.without(self.secrets(token.as_ref())))
    }

    /// What must not show in any text.
    fn secrets<'a>(&'a self, token: Option<&'a Token>) -> impl Iterator<Item = &'a str> + Clone {
        std::iter::once(self.api_key.as_str()).chain(token.map(Token::expose))
    }

    async fn exchange(
        &self,
        call: &CallState,
        token: Option<&Token>,
    ) -> Result<RawResponse, Error> {
        let body = call.body.open().await.map_err(|error| {
            Error::invalid_request(format!("the body could not be read: {error}")).caused_by(error)
        })?;
        let mut request = self.request(call, token, body)?;
        let in_flight = InFlight::new(self.clock.clone(), call.deadline);
        request.extensions_mut().insert(in_flight.signal());
        let number = call.attempts.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        observe::sent(call, number, self.settings.log_bodies);
        let started = self.clock.monotonic();
        let result = if call.body.is_streaming() {
            let streaming =
                self.exchange_streaming(call, request, token, number, started, &in_flight);
            Box::pin(streaming).await
        } else {
            let exchange =
                std::pin::pin!(self.send_and_read(call, request, token, number, started, || {}));
            match self.settings.attempt_timeout {
                Some(limit) => within(exchange, self.clock.sleep(limit), limit, &in_flight).await,
                None => exchange.await,
            }
        };
        in_flight.complete();
        result
    }

    async fn exchange_streaming(
        &self,
        call: &CallState,
        request: Request<RequestBody>,
        token: Option<&Token>,
        number: u32,
        started: Duration,
        in_flight: &InFlight,
    ) -> Result<RawResponse, Error> {
        let activity = Arc::new(Activity::new(self.clock.clone()));
        let progress = call.options.progress.clone();
        let request = request.map(|body| {
            RequestBody::stream(Metered::new(body, activity.clone(), progress, number))
        });
        let limit = call.options.idle_timeout.unwrap_or(self.settings.idle_timeout);
        let exchange =
            self.send_and_read(call, request, token, number, started, || activity.touch());
        let result = within(exchange, activity.stalled(limit), limit, in_flight).await;
        result.map_err(|error| match activity.take_body_failure() {
            Some(failure) => {
                Error::invalid_request(format!("the body could not be read: {failure}"))
                    .caused_by(error)
            }
            None => error,
        })
    }

    fn request(
        &self,
        call: &CallState,
        token: Option<&Token>,
        body: RequestBody,
    ) -> Result<Request<RequestBody>, Error> {
        let mut request = Request::new(body);
        *request.method_mut() = method(call.operation.method);
        *request.uri_mut() = call.uri.clone();
        let mut headers = self.headers.for_attempt(&call.request_id, token)?;
        if has_no_content(request.method(), request.body()) {
            // Over HTTP/1.1 some proxies answer a `POST` that states no length with 411.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        if let Some(content_type) = call.body.content_type() {
            let value = HeaderValue::from_str(content_type).map_err(|_| {
                Error::invalid_request("the content type of the body is no header value")
            })?;
            headers.insert(CONTENT_TYPE, value);
        }
        let ours = [AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING];
        for name in call.options.headers.keys() {
            if !ours.contains(name) && !headers.contains_key(name) {
                for value in call.options.headers.get_all(name) {
                    headers.append(name.clone(), value.clone());
                }
            }
        }
        *request.headers_mut() = headers;
        request.extensions_mut().insert(call.operation);
        Ok(request)
    }

    async fn send_and_read(
        &self,
        call: &CallState,
        request: Request<RequestBody>,
        token: Option<&Token>,
        number: u32,
        started: Duration,
        progress: impl Fn(),
    ) -> Result<RawResponse, Error> {
        let response = self.transport.send(request).await.map_err(Error::transport)?;
        progress();
        let (head, body) = response.into_parts();
        let rate_limit = RateLimit::from_headers(&head.headers);
        if let Some(limiter) = &self.limiter {
            limiter.observe(call.operation.id, rate_limit, self.clock.utc());
        }
        let body = collect(&head.headers, body, self.settings.max_response_size, progress)
            .await
            .map_err(|error| error.without(self.secrets(token)));
        let took = self.clock.monotonic().saturating_sub(started);
        let shown = body.as_ref().ok().filter(|_| self.settings.log_bodies);
        observe::received(
            call,
            number,
            &head,
            &body,
            took,
            shown.map(|body| (body, self.secrets(token))),
        );
        if head.status.is_success() {
            return match body {
                Ok(body) => Ok(RawResponse::new(
                    call.operation,
                    head,
                    body,
                    call.request_id.clone(),
                    number,
                    call.options.keep_raw_body,
                    rate_limit,
                )),
                Err(error) => Err(error.with_status(head.status).with_limits(rate_limit, None)),
            };
        }
        let retry_after = parse_retry_after(&head.headers, self.clock.utc());
        Err(status_error(head.status, body).with_limits(rate_limit, retry_after))
    }
}

/// Lets `exchange` run until `too_long` completes.
async fn within<T>(
    exchange: impl Future<Output = Result<T, Error>>,
    too_long: impl Future<Output = ()>,
    limit: Duration,
    in_flight: &InFlight,
) -> Result<T, Error> {
    match race(exchange, too_long).await {
        Either::Left(result) => result,
        Either::Right(()) => {
            in_flight.timed_out();
            Err(Error::transport(TransportError::new(
                TransportErrorKind::Timeout,
                format!("nothing for {} ms", limit.as_millis()),
            )))
        }
    }
}

/// The status says what happened, even if the body cannot be read.
fn status_error(status: http::StatusCode, body: Result<Bytes, Error>) -> Error {
    match body {
        Ok(body) => Error::status_error(status, ApiError::parse(&body)).with_body(&body),
        Err(unreadable) => Error::status_error(status, None).caused_by(unreadable),
    }
}

/// Whether the method expects a body and there is none.
fn has_no_content(method: &http::Method, body: &RequestBody) -> bool {
    matches!(*method, http::Method::POST | http::Method::PUT | http::Method::PATCH)
        && body.is_end_stream()
}

fn method(method: stream_models::Method) -> http::Method {
    match method {
        stream_models::Method::Get => http::Method::GET,
        stream_models::Method::Post => http::Method::POST,
        stream_models::Method::Put => http::Method::PUT,
        stream_models::Method::Patch => http::Method::PATCH,
        stream_models::Method::Delete => http::Method::DELETE,
        other => http::Method::from_bytes(other.as_str().as_bytes()).unwrap_or_default(),
    }
}
