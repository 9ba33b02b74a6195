//! The last stage: sends one request and reads its response.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body::Body;

use super::attempt::Admission;
use super::stall::{Activity, Metered, within};
use super::state::{CallState, Setup};
use super::trace;
use crate::auth::Token;
use crate::body::RequestBody;
use crate::error::{ApiError, Error};
use crate::rate_limit::RateLimit;
use crate::response::{RawResponse, collect, parse_retry_after};
use crate::runtime::BoxFuture;
use crate::transport::{Answer, InFlight};

/// Sends the request once and reads the response.
pub(super) async fn exchange(
    setup: &Setup,
    call: &CallState,
    admission: Admission<'_>,
) -> Result<RawResponse, Error> {
    let result = send_once(setup, call, &admission).await;
    // A server may repeat secrets that it received.
    result.map_err(|error| error.without(&call.secrets(setup, admission.token.as_ref())))
}

async fn send_once(
    setup: &Setup,
    call: &CallState,
    admission: &Admission<'_>,
) -> Result<RawResponse, Error> {
    let body = match call.body.as_bytes() {
        Some(bytes) => RequestBody::bytes(bytes.clone()),
        None => call.body.open().await.map_err(|error| {
            Error::invalid_request(format!("the body could not be read: {error}")).caused_by(error)
        })?,
    };
    let request = request(setup, call, admission.token.as_ref(), body)?;
    let in_flight = InFlight::new(&*setup.clock, call.operation, call.deadline);
    let number = call.begin_attempt();
    trace::sent(call, number, setup.settings.log_bodies);
    let started = trace::is_observed().then(|| setup.clock.monotonic());
    let exchange = Exchange { setup, call, admission, number, started };
    let result = if call.body.is_streaming() {
        Box::pin(exchange.stream(request, &in_flight)).await
    } else {
        let sending = setup.transport.dispatch(request, &in_flight);
        let sent = pin!(exchange.read(sending, || {}));
        match setup.settings.attempt_timeout {
            Some(limit) => within(sent, setup.clock.sleep(limit), limit, &in_flight).await,
            None => sent.await,
        }
    };
    in_flight.complete();
    result
}

/// Builds the HTTP request of an attempt.
fn request(
    setup: &Setup,
    call: &CallState,
    token: Option<&Token>,
    body: RequestBody,
) -> Result<Request<RequestBody>, Error> {
    let mut request = Request::new(body);
    *request.method_mut() = method(call.operation.method);
    *request.uri_mut() = call.uri.clone();
    let mut headers = match call.is_foreign {
        true => HeaderMap::new(),
        false => setup.headers.for_attempt(call.request_id, token)?,
    };
    if has_no_content(request.method(), request.body()) {
        // Over HTTP/1.1, some proxies respond with 411 to a `POST` without a `Content-Length`.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let content_type = call.body.content_type_header().map_err(|_| {
        Error::invalid_request("the content type of the body is not a valid header value")
    })?;
    match content_type {
        Some(content_type) => headers.insert(CONTENT_TYPE, content_type),
        None => headers.remove(CONTENT_TYPE),
    };
    let theirs = call.options.headers.keys().filter(|_| !call.is_foreign);
    let ours = [AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING];
    for name in theirs {
        if !ours.contains(name) && !headers.contains_key(name) {
            for value in call.options.headers.get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
    }
    *request.headers_mut() = headers;
    #[cfg(feature = "testing")]
    if let Some(captured) = &call.captured {
        request.extensions_mut().insert(captured.clone());
    }
    Ok(request)
}

/// Returns whether the method expects a body and the body is empty.
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

struct Exchange<'a> {
    setup: &'a Setup,
    call: &'a CallState,
    admission: &'a Admission<'a>,
    /// The number of the attempt, from 1.
    number: u32,
    /// When the attempt began, by the monotonic clock; `None` if no subscriber needs its duration.
    started: Option<Duration>,
}

impl Exchange<'_> {
    /// Sends a request whose body is read while it is sent, with the idle timeout instead of the
    /// attempt timeout.
    async fn stream(
        &self,
        request: Request<RequestBody>,
        in_flight: &InFlight<'_>,
    ) -> Result<RawResponse, Error> {
        let activity = Arc::new(Activity::new(self.setup.clock.clone()));
        let progress = self.call.options.progress.clone();
        let request = request.map(|body| {
            RequestBody::stream(Metered::new(body, activity.clone(), progress, self.number))
        });
        let limit = self.call.options.idle_timeout.unwrap_or(self.setup.settings.idle_timeout);
        let sent =
            self.read(self.setup.transport.dispatch(request, in_flight), || activity.touch());
        let result = within(sent, activity.stalled(limit), limit, in_flight).await;
        result.map_err(|error| match activity.take_body_failure() {
            Some(failure) => {
                Error::invalid_request(format!("the body could not be read: {failure}"))
                    .caused_by(error)
            }
            None => error,
        })
    }

    /// Awaits the response to a request in flight, and reads its body.
    async fn read(
        &self,
        sending: BoxFuture<'_, Answer>,
        progress: impl Fn(),
    ) -> Result<RawResponse, Error> {
        let Self { setup, call, admission, number, started } = *self;
        let token = admission.token.as_ref();
        let response = sending.await.map_err(Error::transport)?;
        progress();
        let (head, body) = response.into_parts();
        if let Some(place) = &admission.place {
            place.observe(RateLimit::from_headers(&head.headers));
        }
        let body = collect(&head.headers, body, setup.settings.max_response_size, progress)
            .await
            .map_err(|error| error.without(&call.secrets(setup, token)));
        let took = started.map(|started| setup.clock.monotonic().saturating_sub(started));
        let shown = body.as_ref().ok().filter(|_| setup.settings.log_bodies);
        trace::received(
            call,
            number,
            &head,
            &body,
            took,
            shown.map(|body| (body, || call.secrets(setup, token))),
        );
        if head.status.is_success() {
            return match body {
                Ok(body) => {
                    Ok(RawResponse::new(call.operation, head, body, call.request_id, number)
                        .keep_body(call.options.keep_raw_body)
                        .tolerant(setup.settings.is_tolerant))
                }
                Err(error) => {
                    let rate_limit = RateLimit::from_headers(&head.headers);
                    Err(error.with_status(head.status).with_limits(rate_limit, None))
                }
            };
        }
        let rate_limit = RateLimit::from_headers(&head.headers);
        let retry_after = parse_retry_after(&head.headers, setup.clock.utc());
        Err(status_error(head.status, body).with_limits(rate_limit, retry_after))
    }
}

/// Creates the error of an unsuccessful status. The status decides even if the body cannot be read.
fn status_error(status: StatusCode, body: Result<Bytes, Error>) -> Error {
    match body {
        Ok(body) => Error::status_error(status, ApiError::parse(&body)).with_body(&body),
        Err(unreadable) => Error::status_error(status, None).caused_by(unreadable),
    }
}
