//! The second stage: makes attempts within one deadline until one succeeds or the policy gives up.

use std::pin::pin;
use std::time::Duration;

use http::StatusCode;

use super::attempt;
use super::exchange::Exchange;
use super::state::{CallState, Setup};
use super::trace;
use crate::error::{Error, ErrorKind};
use crate::policy::{Attempt, Decision, GiveUp, Outcome};
use crate::response::RawResponse;
use crate::runtime::{Either, race};

/// Makes attempts until one succeeds, the policy gives up, or the deadline passes.
pub(super) async fn run(setup: &Setup, call: &CallState) -> Result<RawResponse, Error> {
    let attempts = pin!(repeat(setup, call));
    let Some(limit) = &call.limit else { return attempts.await };
    match race(attempts, setup.clock.sleep(*limit)).await {
        Either::Left(result) => result,
        Either::Right(()) => {
            let mut error = Error::deadline(*limit).before_send(!call.is_sent());
            if let Some(status) = call.status() {
                error = error.with_status(status);
            }
            if let Some(last) = call.take_last_error() {
                error = error.caused_by(last);
            }
            trace::failed(&error, call, None);
            Err(error)
        }
    }
}

async fn repeat(setup: &Setup, call: &CallState) -> Result<RawResponse, Error> {
    loop {
        let (error, renews_token) = match attempt(setup, call).await {
            Ok(response) => {
                setup.budget.deposit();
                return Ok(response);
            }
            Err(failed) => failed,
        };
        let decision = match renews_token {
            true => Decision::RetryAfter(Duration::ZERO),
            false => decide(setup, call, &error),
        };
        let wait = match decision {
            Decision::RetryAfter(wait) => wait,
            Decision::GiveUp(reason) => {
                trace::failed(&error, call, Some(reason));
                return Err(error);
            }
        };
        trace::retried(&error, call, wait);
        call.attempt_failed(error);
        if !wait.is_zero() {
            setup.clock.sleep(wait).await;
        }
    }
}

/// Makes one attempt. An error comes with whether the next attempt has another token.
async fn attempt(setup: &Setup, call: &CallState) -> Result<RawResponse, (Error, bool)> {
    let admission = attempt::admit(setup, call).await.map_err(|error| (error, false))?;
    let exchange = Exchange { setup, call, admission };
    exchange.send().await.map_err(|error| {
        let renews_token = exchange.renews_token(&error);
        (error.without(&exchange.secrets()), renews_token)
    })
}

fn decide(setup: &Setup, call: &CallState, error: &Error) -> Decision {
    let overrides = call.options.overrides();
    let outcome = match (error.kind(), error.status()) {
        (ErrorKind::Transport(kind), _) => {
            Outcome::Transport { kind, before_send: error.is_before_send() }
        }
        (ErrorKind::RateLimited, _) if overrides.hands_back_rate_limits => {
            return Decision::GiveUp(GiveUp::NotRepeatable);
        }
        (ErrorKind::Api | ErrorKind::RateLimited, status) => Outcome::Status {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            retry_after: error.retry_after(),
            unrecoverable: error.is_unrecoverable(),
        },
        _ => return Decision::GiveUp(GiveUp::NotRepeatable),
    };
    let attempt = Attempt {
        number: call.attempts(),
        method: call.operation.method,
        idempotent: overrides.idempotent.unwrap_or(call.operation.idempotent),
        replayable: call.body.is_replayable(),
        outcome,
        time_left: call.deadline.map(|at| at.saturating_sub(setup.clock.monotonic())),
    };
    let policy = overrides.retry.as_ref().unwrap_or(&setup.settings.retry);
    match policy.decide(&attempt, fastrand::f64()) {
        Decision::RetryAfter(_) if !setup.budget.withdraw() => Decision::GiveUp(GiveUp::Budget),
        decision => decision,
    }
}
