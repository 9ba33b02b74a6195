//! What happens around every request, whatever it asks for.

use super::{
    Exchange, ReceivedRequest, Shared,
    compression::{accepts_gzip, compress},
    envelope::{ApiError, Arrival},
    rate_limit::Allowance,
};
use crate::catalogue;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{StatusCode, request::Parts};
use std::{sync::Arc, time::Duration};

/// How long a client may take to send its body.
const LONGEST_UPLOAD: Duration = Duration::from_secs(30);

/// Reads the body, records the request, injects faults, counts for the rate limit, compresses.
pub(super) async fn around(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let arrival = Arrival::now();
    let takes_gzip = accepts_gzip(request.headers());
    let operation = request
        .extensions()
        .get::<MatchedPath>()
        .and_then(|path| catalogue::find(request.method(), path.as_str()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let allowance = shared.rate_limit.count(operation.unwrap_or("unknown"));

    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(arrival);
    let mut response = match read(body, shared.settings.body_limit).await {
        Err(error) => error.into_response(arrival),
        Ok(body) => {
            shared.record.add(received(operation, &parts, &body));
            let request = Request::from_parts(parts, Body::from(body));
            answer(&shared, operation, allowance, request, arrival, next).await
        }
    };
    allowance.mark(&mut response);
    if let Some(observer) = &shared.settings.observer {
        observer.see(&Exchange {
            operation,
            method,
            path,
            status: response.status(),
            duration: arrival.elapsed(),
        });
    }
    if takes_gzip { compress(response).await } else { response }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(LONGEST_UPLOAD, to_bytes(body, limit)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            22,
            format!("the body of the request is larger than {limit} bytes"),
        )),
        Err(_) => Err(ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            23,
            format!("the body of the request did not arrive within {LONGEST_UPLOAD:?}"),
        )),
    }
}

fn received(operation: Option<&'static str>, parts: &Parts, body: &Bytes) -> ReceivedRequest {
    ReceivedRequest {
        operation,
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers.clone(),
        body: body.clone(),
    }
}

/// A fault comes before the rate limit, and both before the operation.
async fn answer(
    shared: &Shared,
    operation: Option<&'static str>,
    allowance: Allowance,
    request: Request,
    arrival: Arrival,
    next: Next,
) -> Response {
    if let Some(fault) = shared.faults.take(operation)
        && let Some(response) = fault.strike(arrival).await
    {
        return response;
    }
    match allowance.check() {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(arrival),
    }
}
