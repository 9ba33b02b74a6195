//! Rate limits that all processes of an app count together.

mod news;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script, ScriptInvocation};
use tokio::runtime::Handle;
use tokio::time::Instant;

use self::news::News;
use stream_chat::transport::shared_limits::{
    Admission, AdmissionPhase, AdmissionRequest, Permit, Settlement, SharedLimits,
};
use stream_chat::transport::{BoxError, BoxFuture};

/// How long a command may take: as long as the limiter waits before it goes by its own count.
const COMMAND_TIMEOUT: Duration = Duration::from_millis(500);
/// How long what responses said is kept for the next request to take along, before it goes alone.
const NEWS_DELAY: Duration = Duration::from_millis(20);

/// Counts in Redis the requests of all processes that use one app, so that together they stay within
/// its rate limits.
///
/// The limits of the API are those of an app, and each process alone sees only what its own
/// responses say. With this, a request asks Redis first: one round trip and one atomic step, which
/// takes along what responses said since the last one. Requests beyond the window wait for the next,
/// in the order in which they came, whichever process they are of.
///
/// If Redis cannot be reached within half a second, each process goes by its own count, a warning
/// of `tracing` says so, and one request a second tries again. The requests of a process that dies
/// count until the window ends, a minute later at most. Windows go by the clock of Redis; those of
/// the machines do not matter.
///
/// Clones share a connection, which is opened again when it breaks. It needs Redis 5 or newer, or
/// Valkey.
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
    /// What the keys begin with.
    prefix: String,
    news: Mutex<Unsent>,
}

/// What became of requests and Redis does not know yet.
#[derive(Default)]
struct Unsent {
    news: HashMap<&'static str, News>,
    /// Whether a task is about to send it.
    is_scheduled: bool,
}

impl RedisRateLimits {
    /// Connects to a server by its URL, such as `redis://:password@host:6379/0`.
    ///
    /// `app` names what the limits belong to: processes with the same name count together. Choose
    /// one for each app of Stream. The keys begin with `stream:limits:` and this name.
    ///
    /// # Errors
    /// The URL is not valid, or the server cannot be reached.
    pub async fn connect(url: &str, app: &str) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(COMMAND_TIMEOUT));
        let connection = Client::open(url)?.get_connection_manager_with_config(config).await?;
        Ok(Self::new(connection, app))
    }

    /// Takes a connection that the application has set up; see [`connect`](Self::connect). It must
    /// be used inside the runtime of tokio with its timer on.
    #[must_use]
    pub fn new(connection: ConnectionManager, app: &str) -> Self {
        Self {
            shared: Arc::new(Shared {
                connection,
                script: Script::new(include_str!("../scripts/limit.lua")),
                prefix: format!("stream:limits:{app}:"),
                news: Mutex::default(),
            }),
        }
    }
}

impl Shared {
    /// Begins a request to the script about `operation`.
    fn invocation(
        &self,
        operation: &str,
        asked: (&str, Duration),
        news: Option<News>,
    ) -> ScriptInvocation<'_> {
        let (phase, patience) = asked;
        let mut invocation = self.script.prepare_invoke();
        invocation
            .key(format!("{}{operation}", self.prefix))
            .arg(phase)
            .arg(milliseconds(patience));
        news.unwrap_or_default().put(&mut invocation, Instant::now());
        invocation
    }

    async fn run<T: redis::FromRedisValue>(
        &self,
        invocation: &ScriptInvocation<'_>,
    ) -> Result<T, BoxError> {
        let mut connection = self.connection.clone();
        // Opening a broken connection again is tried several times, which the response timeout of
        // the connection does not bound.
        Ok(tokio::time::timeout(COMMAND_TIMEOUT, invocation.invoke_async(&mut connection))
            .await??)
    }

    /// Sends what no request took along.
    async fn send_news(&self) {
        tokio::time::sleep(NEWS_DELAY).await;
        let news = {
            let mut unsent = self.unsent();
            unsent.is_scheduled = false;
            std::mem::take(&mut unsent.news)
        };
        for (operation, news) in news {
            let invocation = self.invocation(operation, ("", Duration::ZERO), Some(news));
            // What is lost makes the count too high until the window ends, never too low.
            if let Err(error) = self.run::<redis::Value>(&invocation).await {
                tracing::debug!(operation, %error, "a rate limit in Redis misses what was said of it");
            }
        }
    }

    fn unsent(&self) -> MutexGuard<'_, Unsent> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
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
            let news = shared.unsent().news.remove(request.operation);
            let invocation = shared.invocation(request.operation, (phase, request.patience), news);
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
        unsent.news.entry(operation).or_default().add(permit, settlement, Instant::now());
        if unsent.is_scheduled {
            return;
        }
        // Outside of a runtime the next request takes it along.
        if let Ok(runtime) = Handle::try_current() {
            unsent.is_scheduled = true;
            let shared = self.shared.clone();
            runtime.spawn(async move { shared.send_news().await });
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    // Lua counts in floating point, exactly up to here.
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).min(1 << 52)
}

impl fmt::Debug for RedisRateLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisRateLimits")
            .field("prefix", &self.shared.prefix)
            .finish_non_exhaustive()
    }
}
