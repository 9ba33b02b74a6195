//! The state of webhooks that several machines share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::Script;
use redis::aio::ConnectionLike;

use crate::server::Server;
use stream_chat::Error;
use stream_chat::transport::{BoxError, BoxFuture};
use stream_chat::webhook::{Claim, DuplicateFilter, LeaseToken};

/// The default duration of a lease: longer than a handler should take, shorter than the about 15
/// seconds during which Stream redelivers.
pub const DEFAULT_LEASE: Duration = Duration::from_secs(10);

/// The default time for which the ID of a handled webhook is remembered: longer than the time in
/// which Stream redelivers and the time for which a queue delays a message.
pub const DEFAULT_RETENTION: Duration = Duration::from_secs(60 * 60);

/// The timeout of a command, including a reconnect, after which Redis counts as unreachable. It is
/// shorter than Stream's webhook timeout of about 6 seconds.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(2);

/// The maximum length of an ID that is remembered, in bytes; Stream's are UUIDs. The ID is not
/// signed: anyone who intercepted a webhook could replay it with ever new IDs to fill the memory of
/// Redis.
const MAX_ID_LENGTH: usize = 256;

/// A [`DuplicateFilter`] in Redis: it remembers which webhooks are being handled and which are
/// done, so that only one of several machines handles each.
///
/// A claim is one atomic round trip and takes a lease. If the machine that took it dies, the lease
/// expires by itself, and the next delivery is handled. If Redis cannot be reached, a claim fails
/// within 2 seconds; a [`WebhookEndpoint`](stream_chat::webhook::WebhookEndpoint) then handles the
/// event, at the risk of handling it twice.
///
/// A command whose connection breaks is sent once more within the 2 seconds, which changes nothing
/// if the first one had arrived. If Redis cannot be reached when a lease is confirmed, the event was
/// handled and is not marked as done: a redelivery is refused as in progress until the lease
/// expires, and handled a second time after that. If it cannot be reached when a lease is released,
/// redeliveries are refused until the lease expires. So work may be repeated, and is not lost as long
/// as Stream redelivers for longer than the lease lasts (about 15 seconds).
///
/// IDs longer than 256 bytes are not remembered, so that their webhooks are always handled. Clones
/// share a connection, which reconnects by itself. It works with Redis 2.6 and newer, Valkey, and
/// any compatible server that runs Lua scripts.
///
/// ```no_run
/// # async fn example() -> Result<(), stream_chat::Error> {
/// use stream_redis::RedisWebhooks;
///
/// let filter = RedisWebhooks::connect("redis://127.0.0.1/").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisWebhooks {
    server: Arc<Server>,
    scripts: Arc<Scripts>,
    prefix: Arc<str>,
    lease: Duration,
    retention: Duration,
}

struct Scripts {
    claim: Script,
    confirm: Script,
    release: Script,
}

impl RedisWebhooks {
    /// Connects to a server by its URL, such as `redis://:password@host:6379/0`.
    ///
    /// A command that takes longer than 2 seconds fails. If the server becomes a read-only replica
    /// in a failover, the address is connected to again. For TLS, turn on a feature of the `redis`
    /// crate, such as `tokio-rustls-comp`, and use `rediss://`.
    ///
    /// # Errors
    /// The URL is not valid, or the server cannot be reached after several attempts, which may take
    /// a minute; the `RedisError` is the source. To start while the server is down, pass a
    /// connection that is opened when it is first used to [`new`](Self::new).
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Ok(Self::on(Server::connect(url, COMMAND_TIMEOUT).await?))
    }

    /// Uses a connection that the application has set up: a `ConnectionManager`, or the connection
    /// to a cluster, for each command needs a single key. Use it inside a Tokio runtime with the
    /// timer enabled.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), redis::RedisError> {
    /// use redis::aio::{ConnectionManager, ConnectionManagerConfig};
    /// use stream_redis::{RedisWebhooks, redis};
    ///
    /// // It connects when it is first used, so the program starts even if Redis is down.
    /// let client = redis::Client::open("redis://127.0.0.1/")?;
    /// let config = ConnectionManagerConfig::new();
    /// let filter = RedisWebhooks::new(ConnectionManager::new_lazy_with_config(client, config)?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(connection: impl ConnectionLike + Clone + Send + Sync + 'static) -> Self {
        Self::on(Server::new(connection, COMMAND_TIMEOUT))
    }

    fn on(server: Server) -> Self {
        Self {
            server: Arc::new(server),
            scripts: Arc::new(Scripts {
                claim: Script::new(include_str!("scripts/claim.lua")),
                confirm: Script::new(include_str!("scripts/confirm.lua")),
                release: Script::new(include_str!("scripts/release.lua")),
            }),
            prefix: "stream:webhook:".into(),
            lease: DEFAULT_LEASE,
            retention: DEFAULT_RETENTION,
        }
    }

    /// Sets the prefix of the keys; defaults to `stream:webhook:`. Apps that share a server need
    /// different prefixes.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into().into();
        self
    }

    /// Sets how long a lease lasts unless it is confirmed or released; defaults to
    /// [`DEFAULT_LEASE`], at least one millisecond.
    ///
    /// If a handler takes longer, a redelivery may run it a second time.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Sets how long an ID is remembered after its webhook was handled; defaults to
    /// [`DEFAULT_RETENTION`], at least one millisecond.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }

    fn key(&self, id: &str) -> String {
        format!("{}{id}", self.prefix)
    }

    async fn run<T: redis::FromRedisValue>(
        &self,
        script: &Script,
        id: &str,
        arguments: &[&str],
    ) -> Result<T, BoxError> {
        let mut invocation = script.prepare_invoke();
        invocation.key(self.key(id));
        for argument in arguments {
            invocation.arg(*argument);
        }
        // The scripts may run twice with the same token.
        self.server.run_again_if_cut(&invocation).await
    }

    /// Marks the ID as done.
    async fn mark(&self, id: &str, token: &LeaseToken) -> Result<(), BoxError> {
        if is_too_long(id) {
            return Ok(());
        }
        let lasts = milliseconds(self.retention);
        let was_held: bool = self.run(&self.scripts.confirm, id, &[&held(token), &lasts]).await?;
        if !was_held {
            tracing::warn!(
                webhook_id = id,
                "the lease on a webhook expired while it was handled: a redelivery may have been \
                 handled, too"
            );
        }
        Ok(())
    }
}

impl DuplicateFilter for RedisWebhooks {
    fn claim<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Claim, BoxError>> {
        Box::pin(async move {
            let token = LeaseToken::new(format!("{:032x}", fastrand::u128(..)));
            if is_too_long(id) {
                return Ok(Claim::New(token));
            }
            let (lease, lasts) = (held(&token), milliseconds(self.lease));
            let mut claiming = Claiming { filter: self, id, token: Some(token) };
            let state: String = self.run(&self.scripts.claim, id, &[&lease, &lasts]).await?;
            match (state.as_str(), claiming.token.take()) {
                ("new", Some(token)) => Ok(Claim::New(token)),
                ("done", _) => Ok(Claim::Done),
                _ => Ok(Claim::InProgress),
            }
        })
    }

    fn confirm<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        let (filter, id, token) = (self.clone(), id.to_owned(), token.clone());
        // In a task, which goes on if the request is canceled meanwhile: the webhook was handled.
        Box::pin(async move { tokio::spawn(async move { filter.mark(&id, &token).await }).await? })
    }

    fn release<'a>(
        &'a self,
        id: &'a str,
        token: &'a LeaseToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            if is_too_long(id) {
                return Ok(());
            }
            let _: i64 = self.run(&self.scripts.release, id, &[&held(token)]).await?;
            Ok(())
        })
    }

    fn abandon(&self, id: &str, token: &LeaseToken) {
        // Outside of a runtime, as at the end of a program, the lease expires by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (filter, id, token) = (self.clone(), id.to_owned(), token.clone());
            runtime.spawn(async move {
                if let Err(error) = filter.release(&id, &token).await {
                    tracing::debug!(webhook_id = id, %error, "a lease could not be released and will expire");
                }
            });
        }
    }
}

/// A claim whose response is awaited. Without one, the lease may have been taken: if this is dropped
/// before, the lease is released, so that the next delivery does not have to wait until it expires.
struct Claiming<'a> {
    filter: &'a RedisWebhooks,
    id: &'a str,
    token: Option<LeaseToken>,
}

impl Drop for Claiming<'_> {
    fn drop(&mut self) {
        if let Some(token) = &self.token {
            self.filter.abandon(self.id, token);
        }
    }
}

fn is_too_long(id: &str) -> bool {
    id.len() > MAX_ID_LENGTH
}

/// Returns the value of an ID's key while a lease on it is held. Once it is done, the value begins
/// with `done`.
fn held(token: &LeaseToken) -> String {
    format!("lease:{}", token.as_str())
}

fn milliseconds(time: Duration) -> String {
    // Redis refuses an expiry of zero, and one beyond an i64.
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX).clamp(1, i64::MAX / 2).to_string()
}

impl fmt::Debug for RedisWebhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisWebhooks")
            .field("prefix", &self.prefix)
            .field("lease", &self.lease)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}
