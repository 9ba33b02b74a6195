//! Rate limits that all processes of an app share.

mod report;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script, ScriptInvocation};
use tokio::runtime::Handle;
use tokio::time::Instant;

use self::report::Report;
use crate::not_connected;
use stream_chat::Error;
use stream_chat::transport::shared_limits::{
    Admission, AdmissionPhase, AdmissionRequest, Permit, Settlement, SharedLimits,
};
use stream_chat::transport::{BoxError, BoxFuture};

/// The timeout of a command, after which the limiter uses its own count.
const COMMAND_TIMEOUT: Duration = Duration::from_millis(500);
/// How long a report waits for a request that can carry it, before it is sent alone.
const REPORT_DELAY: Duration = Duration::from_millis(20);

/// Rate limits in Redis: it counts the requests of all processes of one app, so that together they
/// stay within its rate limits.
///
/// The limits of the API apply to a whole app, but each process sees only its own responses. With
/// shared limits, each request makes one atomic round trip to Redis before it is sent, which also
/// reports what earlier responses said. Requests beyond the window wait for the next one, in their
/// order of arrival across all processes.
///
/// If Redis cannot be reached within half a second, each process uses its own count and logs a
/// warning with `tracing`, and one request per second tries Redis again. The requests of a process
/// that dies count until the window ends, at most a minute later. Windows follow the clock of
/// Redis, whatever the clocks of the machines.
///
/// Clones share a connection, which reconnects by itself. It needs Redis 5 or newer, or Valkey.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use std::time::Duration;
/// use stream_chat::Client;
/// use stream_chat::transport::RateLimiter;
/// use stream_redis::RedisRateLimits;
///
/// let limits = RedisRateLimits::connect("redis://127.0.0.1/", "my-app").await?;
/// let limiter = RateLimiter::new(Duration::from_secs(30)).shared(limits);
/// let client = Client::builder("key", "secret").rate_limiter(Arc::new(limiter)).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisRateLimits {
    shared: Arc<Shared>,
}

struct Shared {
    connection: ConnectionManager,
    script: Script,
    /// The prefix of the keys.
    prefix: String,
    unsent: Mutex<Unsent>,
}

/// The outcomes of requests that are not reported to Redis yet.
#[derive(Default)]
struct Unsent {
    /// The reports by operation.
    reports: HashMap<&'static str, Report>,
    /// Whether a task is scheduled to send them.
    is_scheduled: bool,
}

impl RedisRateLimits {
    /// Connects to a server by its URL, such as `redis://:password@host:6379/0`.
    ///
    /// Processes with the same `app` share limits. Choose one name for each Stream app. The keys
    /// begin with `stream:limits:` and this name.
    ///
    /// # Errors
    /// The URL is not valid, or the server cannot be reached; the `RedisError` is the source.
    pub async fn connect(url: &str, app: &str) -> Result<Self, Error> {
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(COMMAND_TIMEOUT));
        let client = Client::open(url).map_err(not_connected)?;
        let connection = client.get_connection_manager_with_config(config).await;
        let connection = connection.map_err(not_connected)?;
        Ok(Self::new(connection, app))
    }

    /// Uses a connection that the application has set up; see [`connect`](Self::connect). Use it
    /// inside a Tokio runtime with the timer enabled.
    #[must_use]
    pub fn new(connection: ConnectionManager, app: &str) -> Self {
        Self {
            shared: Arc::new(Shared {
                connection,
                script: Script::new(include_str!("../scripts/limit.lua")),
                prefix: format!("stream:limits:{app}:"),
                unsent: Mutex::default(),
            }),
        }
    }
}

impl Shared {
    /// Creates an invocation of the script for `operation`.
    fn invocation(
        &self,
        operation: &str,
        admission: (&str, Duration),
        report: Option<Report>,
    ) -> ScriptInvocation<'_> {
        let (phase, patience) = admission;
        let mut invocation = self.script.prepare_invoke();
        invocation
            .key(format!("{}{operation}", self.prefix))
            .arg(phase)
            .arg(milliseconds(patience));
        report.unwrap_or_default().add_arguments(&mut invocation, Instant::now());
        invocation
    }

    async fn run<T: redis::FromRedisValue>(
        &self,
        invocation: &ScriptInvocation<'_>,
    ) -> Result<T, BoxError> {
        let mut connection = self.connection.clone();
        // The response timeout of the connection does not cover its reconnect attempts.
        Ok(tokio::time::timeout(COMMAND_TIMEOUT, invocation.invoke_async(&mut connection))
            .await??)
    }

    /// Sends the reports that no request carried.
    async fn send_reports(&self) {
        tokio::time::sleep(REPORT_DELAY).await;
        let reports = {
            let mut unsent = self.unsent();
            unsent.is_scheduled = false;
            std::mem::take(&mut unsent.reports)
        };
        for (operation, report) in reports {
            let invocation = self.invocation(operation, ("", Duration::ZERO), Some(report));
            // A lost report makes the count too high until the window ends, never too low.
            if let Err(error) = self.run::<redis::Value>(&invocation).await {
                tracing::debug!(operation, %error, "a report to a shared rate limit is lost");
            }
        }
    }

    fn unsent(&self) -> MutexGuard<'_, Unsent> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SharedLimits for RedisRateLimits {
    fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>> {
        Box::pin(async move {
            let shared = &self.shared;
            let phase = match request.phase {
                AdmissionPhase::Waited => "waited",
                AdmissionPhase::GaveUp => "gave up",
                _ => "arrived",
            };
            let report = shared.unsent().reports.remove(request.operation);
            let invocation =
                shared.invocation(request.operation, (phase, request.patience), report);
            match shared.run::<Vec<u64>>(&invocation).await?[..] {
                [1, permit] => Ok(Admission::Granted(Permit::new(permit))),
                [0, turn, opens] => Ok(Admission::Wait {
                    turn: Duration::from_millis(turn),
                    opens: Duration::from_millis(opens),
                }),
                ref other => Err(format!("the script returned {other:?}").into()),
            }
        })
    }

    fn settle(&self, operation: &'static str, permit: Permit, settlement: Settlement) {
        let mut unsent = self.shared.unsent();
        unsent.reports.entry(operation).or_default().add(permit, settlement, Instant::now());
        if unsent.is_scheduled {
            return;
        }
        // Outside of a runtime, the next request carries the report.
        if let Ok(runtime) = Handle::try_current() {
            unsent.is_scheduled = true;
            let shared = self.shared.clone();
            runtime.spawn(async move { shared.send_reports().await });
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    // Lua counts in floating point, which is exact up to this number.
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).min(1 << 52)
}

impl fmt::Debug for RedisRateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimits")
            .field("prefix", &self.shared.prefix)
            .finish_non_exhaustive()
    }
}
