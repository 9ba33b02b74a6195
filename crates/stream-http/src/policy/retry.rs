//! The retry policy.

use std::time::Duration;

use http::StatusCode;

use crate::error::TransportErrorKind;
use stream_models::Method;

/// The policy that decides which failed requests are sent again, and after which wait.
///
/// The default makes up to 3 attempts. It waits a random time (full jitter) between them: up to
/// 250 ms at first, a bound that doubles with each attempt up to 30 s. It retries
/// - any request on 429, unless the server calls it unrecoverable, because it was not processed;
///   `Retry-After` is honored, and if it is over 60 s, the call fails at once;
/// - any request that the server did not process: the connection failed before a byte was sent, or
///   an HTTP/2 server refused the stream;
/// - idempotent requests on other transport failures and on 502, 503 and 504.
///
/// A failed TLS handshake is not retried: a certificate does not become trusted by waiting.
///
/// The policy is a pure decision: [`RetryPolicy::decide`] can be called, and tested, by itself. The
/// executor also draws from the client's [`RetryBudget`](crate::RetryBudget), and gives up if the
/// call's deadline would pass while it waits.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    cap: Duration,
    max_retry_after: Duration,
    rules: Rules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// The default, as documented at [`RetryPolicy`].
    Default,
    /// Only `GET`, and only on 429 or a failure of the transport.
    Official,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(250),
            cap: Duration::from_secs(30),
            max_retry_after: Duration::from_secs(60),
            rules: Rules::Default,
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never retries a request.
    #[must_use]
    pub fn off() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Returns the policy of Stream's own SDKs with their retries turned on: only `GET`, on 429
    /// (unless unrecoverable) or a transport failure; 3 attempts; full jitter from 1 s, at most 30
    /// s; `Retry-After`, however long, instead of the jitter.
    #[must_use]
    pub fn official() -> Self {
        Self {
            base: Duration::from_secs(1),
            max_retry_after: Duration::MAX,
            rules: Rules::Official,
            ..Self::default()
        }
    }

    /// Sets the maximum number of attempts, including the first; defaults to 3. 0 counts as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Sets the upper bound of the first wait, and of all waits; defaults to 250 ms and 30 s.
    #[must_use]
    pub const fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.base = base;
        self.cap = cap;
        self
    }

    /// Sets the maximum `Retry-After`; a call with a longer one fails at once. Defaults to 60 s.
    #[must_use]
    pub const fn max_retry_after(mut self, longest: Duration) -> Self {
        self.max_retry_after = longest;
        self
    }

    /// Decides what follows a failed attempt. `random` is uniformly distributed from 0 to 1.
    #[must_use]
    pub fn decide(&self, attempt: &Attempt, random: f64) -> Decision {
        if !self.is_repeatable(attempt) {
            return Decision::GiveUp(GiveUp::NotRepeatable);
        }
        if attempt.number >= self.max_attempts {
            return Decision::GiveUp(GiveUp::Attempts);
        }
        if !attempt.replayable {
            return Decision::GiveUp(GiveUp::BodyConsumed);
        }
        let wait = match attempt.outcome {
            Outcome::Status { retry_after: Some(wait), .. } if wait > self.max_retry_after => {
                return Decision::GiveUp(GiveUp::RetryAfter);
            }
            Outcome::Status { retry_after: Some(wait), .. } => wait,
            _ => self.jitter(attempt.number, random),
        };
        match attempt.time_left {
            Some(left) if wait >= left => Decision::GiveUp(GiveUp::Deadline),
            _ => Decision::RetryAfter(wait),
        }
    }

    fn is_repeatable(&self, attempt: &Attempt) -> bool {
        let safe = attempt.method == Method::Get;
        match (self.rules, attempt.outcome) {
            (Rules::Official, _) if !safe => false,
            (_, Outcome::Status { status: StatusCode::TOO_MANY_REQUESTS, unrecoverable, .. }) => {
                !unrecoverable
            }
            (Rules::Official, Outcome::Status { .. }) => false,
            (Rules::Official, Outcome::Transport { .. }) => true,
            (_, Outcome::Transport { before_send: true, kind }) => {
                kind != TransportErrorKind::TlsHandshakeFailed
            }
            (_, Outcome::Transport { kind, .. }) => {
                attempt.idempotent && kind != TransportErrorKind::TlsHandshakeFailed
            }
            (_, Outcome::Status { status, unrecoverable, .. }) => {
                attempt.idempotent
                    && !unrecoverable
                    && matches!(
                        status,
                        StatusCode::BAD_GATEWAY
                            | StatusCode::SERVICE_UNAVAILABLE
                            | StatusCode::GATEWAY_TIMEOUT
                    )
            }
        }
    }

    fn jitter(&self, number: u32, random: f64) -> Duration {
        let doublings = number.saturating_sub(1).min(31);
        let ceiling = self.base.saturating_mul(1_u32 << doublings).min(self.cap);
        let random = if random.is_finite() { random.clamp(0.0, 1.0) } else { 1.0 };
        // `Duration::mul_f64` panics if rounding exceeds the maximum.
        Duration::try_from_secs_f64(ceiling.as_secs_f64() * random).unwrap_or(ceiling)
    }
}

/// A failed attempt, about which a policy decides.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// The number of the attempt, from 1.
    pub number: u32,
    /// The method of the request.
    pub method: Method,
    /// Whether the request is idempotent.
    pub idempotent: bool,
    /// Whether the body can be sent again.
    pub replayable: bool,
    /// How the attempt failed.
    pub outcome: Outcome,
    /// The time until the deadline of the call; `None` without one.
    pub time_left: Option<Duration>,
}

impl Attempt {
    /// Creates a first attempt with a body that can be sent again and without a deadline.
    #[must_use]
    pub const fn new(method: Method, idempotent: bool, outcome: Outcome) -> Self {
        Self { number: 1, method, idempotent, replayable: true, outcome, time_left: None }
    }
}

/// The outcome of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The response had an unsuccessful status.
    Status {
        /// The status of the response.
        status: StatusCode,
        /// The wait that the server asked for.
        retry_after: Option<Duration>,
        /// Whether the server said that the request will never succeed.
        unrecoverable: bool,
    },
    /// No complete response arrived.
    Transport {
        /// The class of the failure.
        kind: TransportErrorKind,
        /// Whether it is certain that the server did not process the request.
        before_send: bool,
    },
}

/// The decision about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The request is sent again after this time.
    RetryAfter(Duration),
    /// The call fails.
    GiveUp(GiveUp),
}

/// Why a request is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GiveUp {
    /// A retry would be useless, or might have an effect twice.
    NotRepeatable,
    /// All attempts are used up.
    Attempts,
    /// The body can be read only once.
    BodyConsumed,
    /// The server asked for a longer wait than the policy allows.
    RetryAfter,
    /// The call's deadline would pass during the wait.
    Deadline,
    /// The client's retry budget is empty.
    Budget,
}

impl GiveUp {
    /// Returns a short name for logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRepeatable => "not_repeatable",
            Self::Attempts => "attempts",
            Self::BodyConsumed => "body_consumed",
            Self::RetryAfter => "retry_after",
            Self::Deadline => "deadline",
            Self::Budget => "budget",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn status(status: u16) -> Outcome {
        Outcome::Status {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            unrecoverable: false,
        }
    }

    fn reset(before_send: bool) -> Outcome {
        Outcome::Transport { kind: TransportErrorKind::ConnectionReset, before_send }
    }

    fn repeats(policy: &RetryPolicy, method: Method, idempotent: bool, outcome: Outcome) -> bool {
        let decision = policy.decide(&Attempt::new(method, idempotent, outcome), 0.5);
        matches!(decision, Decision::RetryAfter(_))
    }

    #[test]
    fn the_default_policy_repeats_only_safe_requests() {
        let policy = RetryPolicy::default();
        for (outcome, idempotent, expected) in [
            (status(429), false, true),
            (status(502), false, false),
            (status(502), true, true),
            (status(503), true, true),
            (status(504), true, true),
            (status(500), true, false),
            (status(400), true, false),
            (status(404), true, false),
            (reset(false), true, true),
            (reset(false), false, false),
            (reset(true), false, true),
        ] {
            assert_eq!(
                repeats(&policy, Method::Post, idempotent, outcome),
                expected,
                "{outcome:?} {idempotent}"
            );
        }
    }

    #[test]
    fn the_official_policy_repeats_what_the_contract_says() {
        let policy = RetryPolicy::official();
        for (method, outcome, expected) in [
            (Method::Get, status(429), true),
            (Method::Get, reset(false), true),
            (Method::Get, status(503), false),
            (Method::Put, status(429), false),
            (Method::Post, reset(true), false),
            (Method::Delete, reset(false), false),
        ] {
            assert_eq!(repeats(&policy, method, true, outcome), expected, "{method} {outcome:?}");
        }
        let attempt = Attempt::new(Method::Get, true, status(429));
        assert_eq!(policy.decide(&attempt, 1.0), Decision::RetryAfter(SECOND));
        let outcome = Outcome::Status {
            status: StatusCode::TOO_MANY_REQUESTS,
            retry_after: Some(SECOND * 500),
            unrecoverable: false,
        };
        let attempt = Attempt::new(Method::Get, true, outcome);
        assert_eq!(policy.decide(&attempt, 1.0), Decision::RetryAfter(SECOND * 500));
    }

    #[test]
    fn retry_after_takes_precedence_within_its_limit() {
        let policy = RetryPolicy::default();
        let refused = |retry_after, unrecoverable| {
            let outcome = Outcome::Status {
                status: StatusCode::TOO_MANY_REQUESTS,
                retry_after: Some(retry_after),
                unrecoverable,
            };
            Attempt::new(Method::Post, false, outcome)
        };
        assert_eq!(
            policy.decide(&refused(SECOND * 12, false), 0.0),
            Decision::RetryAfter(SECOND * 12)
        );
        assert_eq!(
            policy.decide(&refused(SECOND * 61, false), 0.0),
            Decision::GiveUp(GiveUp::RetryAfter)
        );
        assert_eq!(
            policy.decide(&refused(Duration::MAX, false), 0.0),
            Decision::GiveUp(GiveUp::RetryAfter)
        );
        assert_eq!(
            policy.decide(&refused(SECOND, true), 0.0),
            Decision::GiveUp(GiveUp::NotRepeatable)
        );
        let mut late = refused(SECOND * 12, false);
        late.time_left = Some(SECOND * 12);
        assert_eq!(policy.decide(&late, 0.0), Decision::GiveUp(GiveUp::Deadline));
    }

    #[test]
    fn retries_end_for_each_reason() {
        let mut attempt = Attempt::new(Method::Get, true, status(503));
        attempt.number = 3;
        assert_eq!(
            RetryPolicy::default().decide(&attempt, 0.0),
            Decision::GiveUp(GiveUp::Attempts)
        );
        attempt.number = 1;
        assert_eq!(RetryPolicy::off().decide(&attempt, 0.0), Decision::GiveUp(GiveUp::Attempts));
        attempt.replayable = false;
        assert_eq!(
            RetryPolicy::default().decide(&attempt, 0.0),
            Decision::GiveUp(GiveUp::BodyConsumed)
        );
        let untrusted =
            Outcome::Transport { kind: TransportErrorKind::TlsHandshakeFailed, before_send: true };
        assert!(!repeats(&RetryPolicy::default(), Method::Get, true, untrusted));
    }

    #[test]
    fn no_backoff_overflows() {
        let policy = RetryPolicy::default().backoff(Duration::MAX, Duration::MAX);
        let attempt = Attempt::new(Method::Get, true, status(503));
        for random in [0.0, 0.5, 1.0, 2.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(policy.decide(&attempt, random), Decision::RetryAfter(_)), "{random}");
        }
    }

    proptest! {
        #[test]
        fn waits_grow_up_to_the_maximum(number in 1u32..200, random in 0.0..=1.0) {
            let policy = RetryPolicy::default().max_attempts(u32::MAX);
            let mut attempt = Attempt::new(Method::Get, true, status(503));
            attempt.number = number;
            let Decision::RetryAfter(wait) = policy.decide(&attempt, random) else { panic!("gave up") };
            let ceiling = 0.25 * 2f64.powi(number as i32 - 1).min(1000.0);
            prop_assert!(wait.as_secs_f64() <= ceiling.min(30.0) + 1e-6);
            prop_assert!((wait.as_secs_f64() - ceiling.min(30.0) * random).abs() < 1e-6);
        }
    }
}
