//! The third stage, once for each attempt: waits for the limits and gets a token.

use tokio::sync::SemaphorePermit;

use super::state::{CallState, Setup};
use super::trace;
use crate::auth::{SharedTokenSource, Token};
use crate::error::{BoxError, Error};
use crate::policy::Place;
use crate::runtime::{BoxFuture, Either, race};

/// An attempt that may be sent: its token, its place in the rate limit's window, and its permit
/// among the requests in flight. Dropping it frees both.
pub(super) struct Admission<'a> {
    pub(super) token: Option<Token>,
    // Boxed, so that calls without a limiter reserve no space for it.
    pub(super) place: Option<Box<Place<'a>>>,
    _permit: Option<SemaphorePermit<'a>>,
}

/// Waits until the limits admit an attempt, and returns its admission with a token.
pub(super) async fn admit<'a>(setup: &'a Setup, call: &CallState) -> Result<Admission<'a>, Error> {
    let mut may_have_waited =
        call.attempts() > 0 || call.limit.is_some_and(|limit| limit.is_zero());
    let place = match &setup.limiter {
        Some(limiter) if !call.is_foreign => {
            may_have_waited = true;
            let held_back = |wait| trace::held_back(call, wait);
            Some(Box::new(Box::pin(limiter.admit(call.operation.id, held_back)).await))
        }
        _ => None,
    };
    // Acquired after the rate limiter, so that a waiting call takes no place from others.
    let permit = match setup.permits.try_acquire() {
        Ok(permit) => Some(permit),
        Err(_) => {
            may_have_waited = true;
            // The semaphore is never closed, so `acquire` always succeeds.
            setup.permits.acquire().await.ok()
        }
    };
    let token = match &setup.tokens {
        Some(SharedTokenSource::Fixed(token)) if !call.is_foreign => Some(token.clone()),
        Some(SharedTokenSource::Source(source)) if !call.is_foreign => {
            may_have_waited = true;
            let token = match call.limit {
                Some(_) => source.token().await,
                None => Box::pin(without_deadline(source.token(), setup, call)).await,
            };
            Some(token.map_err(|error| {
                Error::configuration(format!("the token source failed: {error}")).caused_by(error)
            })?)
        }
        _ => None,
    };
    let is_late = |deadline| setup.clock.monotonic() >= deadline;
    if may_have_waited && call.deadline.is_some_and(is_late) {
        // The deadline passed during the wait: its own timer ends the call before anything is sent.
        return std::future::pending().await;
    }
    Ok(Admission { token, place, _permit: permit })
}

/// Awaits the token of a call without a deadline, an upload, for as long as it may stand still.
async fn without_deadline(
    token: BoxFuture<'_, Result<Token, BoxError>>,
    setup: &Setup,
    call: &CallState,
) -> Result<Token, BoxError> {
    let limit = call.idle_timeout(setup);
    match race(token, setup.clock.sleep(limit)).await {
        Either::Left(token) => token,
        Either::Right(()) => Err(format!("no token within {} ms", limit.as_millis()).into()),
    }
}
