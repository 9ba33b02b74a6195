//! The last stage: sends one request and reads its response.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body::Body;

use super::attempt::Admission;
use super::stall::{Activity, Metered, within};
use super::state::{CallState, Setup};
use super::trace;
use crate::auth::Token;
use crate::body::RequestBody;
use crate::error::{ApiError, Error};
use crate::request::JSON;
use crate::response::{RawResponse, collect, parse_retry_after};
use crate::runtime::BoxFuture;
use crate::transport::{Answer, InFlight};
use stream_models::ResponseMembers;

/// An attempt that was admitted.
pub(super) struct Exchange<'a> {
    pub(super) setup: &'a Setup,
    pub(super) call: &'a CallState,
    pub(super) admission: Admission<'a>,
}

impl Exchange<'_> {
    /// Sends the request once and reads the response. An error may contain [`Exchange::secrets`],
    /// because a server may repeat what it received.
    pub(super) async fn send(&self) -> Result<RawResponse, Error> {
        let Self { setup, call, .. } = *self;
        let body = match call.body.as_bytes() {
            Some(bytes) => RequestBody::bytes(bytes.clone()),
            None => call.body.open().await.map_err(|error| {
                Error::invalid_request(format!("the body could not be read: {error}"))
                    .caused_by(error)
            })?,
        };
        let request = request(setup, call, self.admission.token.as_ref(), body)?;
        let in_flight = InFlight::new(&*setup.clock, &call.operation, call.deadline);
        let number = call.begin_attempt();
        trace::sent(call, number, setup.settings.log_bodies);
        let started = trace::is_observed().then(|| setup.clock.monotonic());
        let result = if call.body.is_streaming() {
            Box::pin(self.stream(request, &in_flight, started)).await
        } else {
            let sending = setup.transport.dispatch(request, &in_flight);
            let sent = pin!(self.read(sending, started, || {}));
            match setup.settings.attempt_timeout {
                // Boxed, so that calls without an attempt timeout reserve no space for it.
                Some(limit) => {
                    let too_long = setup.clock.sleep(limit);
                    let timed_out = || self.timed_out(&in_flight, Error::attempt_timeout(limit));
                    Box::pin(within(sent, too_long, timed_out)).await
                }
                None => sent.await,
            }
        };
        in_flight.complete();
        result
    }

    /// Sends a request whose body is read while it is sent, with the idle timeout instead of the
    /// attempt timeout.
    async fn stream(
        &self,
        request: Request<RequestBody>,
        in_flight: &InFlight<'_>,
        started: Option<Duration>,
    ) -> Result<RawResponse, Error> {
        let Self { setup, call, .. } = *self;
        let activity = Arc::new(Activity::new(setup.clock.clone()));
        let progress = call.options.overrides().progress.clone();
        let request = request.map(|body| {
            RequestBody::stream(Metered::new(body, activity.clone(), progress, call.attempts()))
        });
        let limit = call.idle_timeout(setup);
        let sending = setup.transport.dispatch(request, in_flight);
        let sent = pin!(self.read(sending, started, || activity.touch()));
        let stalled = pin!(activity.stalled(limit));
        let timed_out = || self.timed_out(in_flight, Error::idle_timeout(limit));
        let result = within(sent, stalled, timed_out).await;
        result.map_err(|error| match activity.take_body_failure() {
            Some(failure) => {
                Error::invalid_request(format!("the body could not be read: {failure}"))
                    .caused_by(error)
            }
            None => error,
        })
    }

    /// Awaits the response to a request in flight, and reads its body. `started` is when the
    /// attempt began, by the monotonic clock; `None` if no subscriber needs its duration.
    async fn read(
        &self,
        sending: BoxFuture<'_, Answer>,
        started: Option<Duration>,
        progress: impl Fn(),
    ) -> Result<RawResponse, Error> {
        let (head, mut body) = sending.await.map_err(Error::transport)?.into_parts();
        progress();
        let mut response = self.begin(head);
        let limit = self.setup.settings.max_response_size;
        let body = collect(response.headers(), &mut body, limit, progress)
            .await
            .map_err(|error| error.without(&self.secrets()));
        self.finish(&mut response, body, started)?;
        Ok(response)
    }

    /// Leaves the connection of an attempt that timed out, and returns its error. A status that has
    /// arrived decides, as it does if the body is cut off.
    fn timed_out(&self, in_flight: &InFlight<'_>, error: Error) -> Error {
        in_flight.timed_out();
        let Some(status) = self.call.status() else { return error };
        let refusal = if status.is_success() { None } else { self.call.take_last_error() };
        match refusal {
            Some(refusal) => refusal.caused_by(error),
            None => error.with_status(status),
        }
    }

    /// Creates the response when its headers have arrived.
    fn begin(&self, head: http::response::Parts) -> RawResponse {
        let call = self.call;
        call.responded(head.status);
        let response = RawResponse::new(call.operation, head, call.request_id, call.attempts());
        if !response.status().is_success() {
            // In case that its body does not arrive in time.
            call.keep_error(
                self.with_limits(Error::status_error(response.status(), None), &response),
            );
        }
        if let Some(place) = &self.admission.place {
            place.observe(response.rate_limit());
        }
        response
    }

    /// Adds the body to a response, unless that makes it an error.
    fn finish(
        &self,
        response: &mut RawResponse,
        body: Result<Bytes, Error>,
        started: Option<Duration>,
    ) -> Result<(), Error> {
        let Self { setup, call, .. } = *self;
        let status = response.status();
        let took = started.map(|started| setup.clock.monotonic().saturating_sub(started));
        let shown = body.as_ref().ok().filter(|_| setup.settings.log_bodies);
        let shown = shown.map(|body| (body, || self.secrets()));
        trace::received(call, call.attempts(), status, &body, took, shown);
        if !status.is_success() {
            return Err(self.with_limits(status_error(status, body, !call.is_foreign), response));
        }
        let body = body
            .map_err(|error| error.with_status(status).with_limits(response.rate_limit(), None))?;
        response.set_body(body, call.options.overrides().keep_raw_body);
        response.set_tolerant(setup.settings.is_tolerant);
        Ok(())
    }

    /// Adds the limits in the headers of an unsuccessful response to its error.
    fn with_limits(&self, error: Error, response: &RawResponse) -> Error {
        let retry_after = parse_retry_after(response.headers(), self.setup.clock.utc());
        error.with_limits(response.rate_limit(), retry_after)
    }

    /// Returns whether the call is to be sent again with another token, because the server refused
    /// the one of this attempt for its timestamps. It did not process the request.
    pub(super) fn renews_token(&self, error: &Error) -> bool {
        let Self { setup, call, admission } = self;
        let (Some(source), Some(token)) = (&setup.tokens, &admission.token) else { return false };
        error.is_about_token_times()
            && call.body.is_replayable()
            && call.begin_renewal()
            && source.refused(token)
    }

    /// Returns the secrets that the request contained.
    pub(super) fn secrets(&self) -> Vec<String> {
        self.call.secrets(self.setup, self.admission.token.as_ref())
    }
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
    if call.operation.response == ResponseMembers::Raw {
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    }
    // The headers of an attempt have the content type of most bodies.
    if call.is_foreign || call.body.content_type() != Some(JSON) {
        set_content_type(&mut headers, call)?;
    }
    for (name, value) in &call.options.overrides().headers {
        if !call.is_foreign && !setup.headers.reserves(name) {
            headers.append(name, value.clone());
        }
    }
    *request.headers_mut() = headers;
    #[cfg(feature = "testing")]
    if let Some(captured) = &call.captured {
        request.extensions_mut().insert(captured.clone());
    }
    Ok(request)
}

fn set_content_type(headers: &mut HeaderMap, call: &CallState) -> Result<(), Error> {
    let content_type = call.body.content_type_header().map_err(|_| {
        Error::invalid_request("the content type of the body is not a valid header value")
    })?;
    match content_type {
        Some(content_type) => headers.insert(CONTENT_TYPE, content_type),
        None => headers.remove(CONTENT_TYPE),
    };
    Ok(())
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

/// Creates the error of an unsuccessful status. The status decides even if the body cannot be read.
fn status_error(status: StatusCode, body: Result<Bytes, Error>, is_of_the_api: bool) -> Error {
    match body {
        Ok(body) => {
            let error = Error::status_error(status, ApiError::parse(&body));
            // Only a proxy in between fails without an envelope (5xx) if the base URL is right.
            let is_elsewhere = is_of_the_api && !status.is_server_error();
            if is_elsewhere { error.without_envelope() } else { error }.with_body(&body)
        }
        Err(unreadable) => Error::status_error(status, None).caused_by(unreadable),
    }
}
