//! Rate limits that all processes of an app share.

mod asking;
mod report;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Script, ScriptInvocation};
use tokio::runtime::Handle;
use tokio::time::Instant;

use self::asking::Asking;
use self::report::Report;
use crate::server::Server;
use stream_chat::Error;
use stream_chat::transport::shared_limits::{
    Admission, AdmissionPhase, AdmissionRequest, Permit, Settlement, SharedLimits,
};
use stream_chat::transport::{BoxError, BoxFuture};

/// The timeout of a command. The limiter waits for half a second; a later decision is taken back.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(5);
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
/// warning with `tracing`, and one request per second tries Redis again. Windows follow the clock of
/// Redis, whatever the clocks of the machines.
///
/// A request that is dropped gives its place back: its count, or its turn if it was waiting, so that
/// the next ones to arrive are earlier; those that already wait keep their turns. A process that dies
/// gives nothing back: its requests count until the window ends and for 10 seconds more, and new
/// requests wait behind its turns, for no longer than it would have waited.
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
    server: Server,
    script: Script,
    /// The prefix of the keys.
    prefix: String,
    /// When the monotonic clock of the reports began.
    start: Instant,
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
    /// The URL is not valid, or the server cannot be reached after several attempts, which may take
    /// a minute; the `RedisError` is the source. To start while the server is down, pass a
    /// connection that is opened when it is first used to [`new`](Self::new).
    pub async fn connect(url: &str, app: &str) -> Result<Self, Error> {
        Ok(Self::on(Server::connect(url, COMMAND_TIMEOUT).await?, app))
    }

    /// Uses a connection that the application has set up, which may be lazy or to a cluster; see
    /// [`RedisWebhooks::new`](crate::RedisWebhooks::new). Use it inside a Tokio runtime with the
    /// timer enabled.
    #[must_use]
    pub fn new(connection: impl ConnectionLike + Clone + Send + Sync + 'static, app: &str) -> Self {
        Self::on(Server::new(connection, COMMAND_TIMEOUT), app)
    }

    fn on(server: Server, app: &str) -> Self {
        Self {
            shared: Arc::new(Shared {
                server,
                script: Script::new(include_str!("../scripts/limit.lua")),
                prefix: format!("stream:limits:{app}:"),
                start: Instant::now(),
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
        report.unwrap_or_default().add_arguments(&mut invocation, self.start.elapsed());
        invocation
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
            if let Err(error) = self.server.run::<redis::Value>(&invocation).await {
                tracing::debug!(operation, %error, "a report to a shared rate limit is lost");
            }
        }
    }

    fn unsent(&self) -> MutexGuard<'_, Unsent> {
        self.unsent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    async fn admit(&self, request: AdmissionRequest) -> Result<Admission, BoxError> {
        let phase = match request.phase {
            AdmissionPhase::Waited => "waited",
            AdmissionPhase::GaveUp => "gave up",
            _ => "arrived",
        };
        let report = self.unsent().reports.remove(request.operation);
        let invocation = self.invocation(request.operation, (phase, request.patience), report);
        match self.server.run::<Vec<u64>>(&invocation).await?[..] {
            [1, permit] => Ok(Admission::Granted(Permit::new(permit))),
            [0, turn, opens] => Ok(Admission::Wait {
                turn: Duration::from_millis(turn),
                opens: Duration::from_millis(opens),
            }),
            ref other => Err(format!("the script returned {other:?}").into()),
        }
    }

    /// Adds to the report on an operation, which the next request or a task sends.
    fn report(self: &Arc<Self>, operation: &'static str, add: impl FnOnce(&mut Report, Duration)) {
        let mut unsent = self.unsent();
        add(unsent.reports.entry(operation).or_default(), self.start.elapsed());
        if unsent.is_scheduled {
            return;
        }
        // Outside of a runtime, the next request carries the report.
        if let Ok(runtime) = Handle::try_current() {
            unsent.is_scheduled = true;
            let shared = self.clone();
            runtime.spawn(async move { shared.send_reports().await });
        }
    }

    fn settle(self: &Arc<Self>, operation: &'static str, permit: Permit, settlement: Settlement) {
        self.report(operation, |report, now| report.add(permit, settlement, now));
    }

    fn withdraw(self: &Arc<Self>, operation: &'static str) {
        self.report(operation, |report, _| report.withdraw());
    }
}

impl SharedLimits for RedisRateLimits {
    fn admit(&self, request: AdmissionRequest) -> BoxFuture<'_, Result<Admission, BoxError>> {
        Box::pin(Asking::new(self.shared.clone(), request))
    }

    fn settle(&self, operation: &'static str, permit: Permit, settlement: Settlement) {
        self.shared.settle(operation, permit, settlement);
    }

    fn withdraw(&self, operation: &'static str) {
        self.shared.withdraw(operation);
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
