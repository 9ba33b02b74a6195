//! The options of a single call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::Progress;
use crate::policy::RetryPolicy;

/// The options of one call, which override the settings of the client.
// Most calls override nothing, and their state is moved often, so the overrides are boxed.
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions(Option<Box<Overrides>>);

/// The settings that a call overrides.
#[derive(Clone, Default)]
pub(crate) struct Overrides {
    pub(crate) timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) keep_raw_body: bool,
    pub(crate) hands_back_rate_limits: bool,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) progress: Option<ProgressCallback>,
}

pub(crate) type ProgressCallback = Arc<dyn Fn(Progress) + Send + Sync>;

impl Overrides {
    const NONE: &'static Self = &Self {
        timeout: None,
        idle_timeout: None,
        retry: None,
        idempotent: None,
        keep_raw_body: false,
        hands_back_rate_limits: false,
        headers: Vec::new(),
        progress: None,
    };
}

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the deadline of the whole call, including its retries and waits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.change().timeout = Some(timeout);
        self
    }

    /// Sets how long a call with a streaming body may make no progress: no byte sent or received.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.change().idle_timeout = Some(timeout);
        self
    }

    /// Sets the retry policy; [`RetryPolicy::off`] turns retries off.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.change().retry = Some(policy);
        self
    }

    /// Sets whether the request is idempotent, so that it may be repeated after its response was
    /// lost; defaults to the operation's
    /// [`OperationInfo::idempotent`](stream_models::OperationInfo::idempotent).
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.change().idempotent = Some(idempotent);
        self
    }

    /// Fails at once on 429, whatever the retry policy says, for a caller that sends many requests
    /// and delays all of them until the next window.
    pub fn hand_back_rate_limits(mut self) -> Self {
        self.change().hands_back_rate_limits = true;
        self
    }

    /// Keeps the body of the response, for [`Response::raw_body`](crate::Response::raw_body).
    /// Errors always keep it.
    pub fn keep_raw_body(mut self) -> Self {
        self.change().keep_raw_body = true;
        self
    }

    /// Adds a header. The headers that identify and authorize the call cannot be changed.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.change().headers.push((name, value));
        self
    }

    /// Calls `report` while the body of an upload is passed to the transport. It is called often
    /// and must not block. The count restarts with each attempt.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.change().progress = Some(Arc::new(report));
        self
    }

    /// Takes from `defaults` what these options leave open. A header of `defaults` is taken if these
    /// options have none of its name.
    pub fn or(self, defaults: &Self) -> Self {
        let Some(defaults) = &defaults.0 else { return self };
        let Some(mut own) = self.0 else { return Self(Some(defaults.clone())) };
        own.timeout = own.timeout.or(defaults.timeout);
        own.idle_timeout = own.idle_timeout.or(defaults.idle_timeout);
        own.retry = own.retry.or_else(|| defaults.retry.clone());
        own.idempotent = own.idempotent.or(defaults.idempotent);
        own.keep_raw_body |= defaults.keep_raw_body;
        own.hands_back_rate_limits |= defaults.hands_back_rate_limits;
        let mut headers = defaults.headers.clone();
        headers.retain(|(name, _)| own.headers.iter().all(|(other, _)| other != name));
        headers.append(&mut own.headers);
        own.headers = headers;
        own.progress = own.progress.or_else(|| defaults.progress.clone());
        Self(Some(own))
    }

    /// Reports progress as `earlier` does, unless these options already report it.
    pub fn or_progress_of(mut self, earlier: &Self) -> Self {
        if let (None, Some(report)) = (&self.overrides().progress, &earlier.overrides().progress) {
            self.change().progress = Some(report.clone());
        }
        self
    }

    /// Returns the settings that the call overrides.
    pub(crate) fn overrides(&self) -> &Overrides {
        self.0.as_deref().unwrap_or(Overrides::NONE)
    }

    fn change(&mut self) -> &mut Overrides {
        self.0.get_or_insert_default()
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overrides = self.overrides();
        let headers = overrides.headers.iter();
        f.debug_struct("CallOptions")
            .field("timeout", &overrides.timeout)
            .field("idle_timeout", &overrides.idle_timeout)
            .field("retry", &overrides.retry)
            .field("idempotent", &overrides.idempotent)
            .field("keep_raw_body", &overrides.keep_raw_body)
            .field("headers", &headers.map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_a_call_come_before_the_defaults() {
        let header = |name, value| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let with = |options: CallOptions, (name, value)| options.header(name, value);
        let second = Duration::from_secs(1);
        let defaults = CallOptions::new().timeout(second).idle_timeout(second).keep_raw_body();
        let defaults = with(with(defaults, header("x-a", "default")), header("x-b", "default"));
        let own = with(CallOptions::new().timeout(2 * second), header("x-a", "own"));

        let both = own.or(&defaults);
        let overrides = both.overrides();
        assert_eq!((overrides.timeout, overrides.idle_timeout), (Some(2 * second), Some(second)));
        assert!(overrides.keep_raw_body && overrides.retry.is_none());
        assert_eq!(overrides.headers, [header("x-b", "default"), header("x-a", "own")]);

        assert_eq!(CallOptions::new().or(&defaults).overrides().timeout, Some(second));
        assert!(CallOptions::new().or(&CallOptions::new()).0.is_none());
    }
}
