//! The router: the middleware that applies to all requests.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, Method};

use super::body::{self, ReadBody};
use super::{control, cors, dispatch, files, live};
use crate::compression::{accepts_gzip, compress};
use crate::envelope::{self, Arrival};
use crate::error::{ApiError, ErrorCode};
use crate::feed::Observation;
use crate::runtime::{Exchange, ReceivedRequest, Shared};
use crate::wire;

/// The maximum size of the names and values of all headers, in bytes.
const MAX_HEADERS: usize = 64 * 1024;

/// The operations that upload files.
const UPLOADS: &[&str] = &["UploadFile", "UploadImage", "UploadChannelFile", "UploadChannelImage"];
/// The maximum size of an upload, in bytes: a file of 100 MB and what describes it.
const MAX_FILE: usize = 101 * 1024 * 1024;

/// Returns the service of an emulator.
pub(crate) fn service(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

/// Reads the body, records the request, applies faults and rate limits, executes the operation, and
/// compresses the response.
async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let arrival = Arrival::now();
    let (parts, body) = request.into_parts();
    let takes_gzip = accepts_gzip(&parts.headers);
    let mut response = if parts.method == Method::OPTIONS {
        cors::preflight(&parts.headers)
    } else if parts.uri.path().starts_with("/emulator/") {
        let served = serve_own(&shared, &parts, body, arrival).await;
        served.unwrap_or_else(|error| envelope::error(error, arrival))
    } else if let Some(transport) = live::transport(parts.uri.path()) {
        live::serve(&shared, transport, parts, arrival).await
    } else {
        exchange(&shared, parts, body, arrival).await
    };
    cors::allow(response.headers_mut());
    if takes_gzip { compress(response).await } else { response }
}

/// Serves a request to the emulator itself: for a file, or to control it.
async fn serve_own(
    shared: &Shared,
    parts: &Parts,
    body: Body,
    arrival: Arrival,
) -> Result<Response, ApiError> {
    let body = body::read(&parts.headers, body, file_limit(shared, parts)).await?;
    if files::is_file(parts.uri.path()) {
        return Ok(files::serve(shared, parts, &body.plain, arrival));
    }
    check_control(shared, parts)?;
    Ok(control::serve(shared, parts, &body.plain, arrival).await)
}

/// Refuses requests to the control API by pages of other hosts.
fn check_control(shared: &Shared, parts: &Parts) -> Result<(), ApiError> {
    let hosts = &shared.settings.control_hosts;
    if hosts.is_foreign_page(&parts.headers) {
        let what = "pages of other machines may not control the emulator";
        return Err(ApiError::not_allowed(what));
    }
    match hosts.foreign_host(parts) {
        Some(host) => Err(ApiError::not_allowed(format!(
            "the emulator is not controlled under the host name {host:?}: use an address or \
             localhost, or allow it with `--allow-host` or `EmulatorBuilder::allow_host`"
        ))),
        None => Ok(()),
    }
}

/// Serves a request to the API.
async fn exchange(shared: &Shared, parts: Parts, body: Body, arrival: Arrival) -> Response {
    let found = wire::find(&parts.method, parts.uri.path());
    let operation = found.as_ref().ok().map(|found| found.route.operation.id);
    let allowance = shared.rate_limit.count(operation.unwrap_or("unknown"), shared.now());
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let mut observed = Bytes::new();
    let answered = async {
        check_headers(&parts.headers)?;
        let limit = body_limit(shared, operation, &parts);
        let ReadBody { sent, plain } = body::read(&parts.headers, body, limit).await?;
        observed = plain.clone();
        shared.record.add(ReceivedRequest {
            operation,
            method: method.clone(),
            path: path.clone(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers.clone(),
            body: sent,
        });
        // A fault takes precedence over the rate limit.
        if let Some(fault) = shared.faults.take(operation)
            && let Some(response) = fault.apply(arrival).await
        {
            return Ok(response);
        }
        allowance.check()?;
        Ok(dispatch::call(shared, found?, &parts, plain, arrival).await)
    };
    let mut response =
        answered.await.unwrap_or_else(|error: ApiError| envelope::error(error, arrival));
    allowance.mark(&mut response);
    if shared.feed.is_on() {
        let Parts { method, uri, headers, .. } = parts;
        let observation = Observation { operation, method, uri, headers, body: observed };
        response = shared.feed.exchange(observation, response, arrival.elapsed()).await;
    }
    if let Some(observer) = &shared.settings.observer {
        observer.see(&Exchange {
            operation,
            method,
            path,
            status: response.status(),
            duration: arrival.elapsed(),
        });
    }
    response
}

/// Returns the maximum size of a request's body. It is that of files only for uploads with a valid
/// token.
fn body_limit(shared: &Shared, operation: Option<&str>, parts: &Parts) -> usize {
    let is_upload = operation.is_some_and(|id| UPLOADS.contains(&id));
    match is_upload && dispatch::caller(shared, parts).is_ok() {
        true => MAX_FILE.max(shared.settings.body_limit),
        false => shared.settings.body_limit,
    }
}

/// Returns the maximum size of the body of a request to the emulator itself, which is larger where
/// a file is expected.
fn file_limit(shared: &Shared, parts: &Parts) -> usize {
    let is_expected = files::is_expected(shared, parts);
    if is_expected { MAX_FILE.max(shared.settings.body_limit) } else { shared.settings.body_limit }
}

fn check_headers(headers: &HeaderMap) -> Result<(), ApiError> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes <= MAX_HEADERS {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::HeadersTooLarge,
        format!("the headers have {bytes} bytes, at most {MAX_HEADERS} are allowed"),
    ))
}
