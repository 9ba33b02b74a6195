//! The Redis server that instances share, and the scripts that run on it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{
    Client, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation, ServerErrorKind,
    Value,
};
use tokio::time::{Instant, timeout};

use stream_chat::Error;
use stream_chat::transport::{BoxError, BoxFuture};

/// The minimum time between two connections that are opened because the server is read-only.
const REOPEN_INTERVAL: Duration = Duration::from_secs(1);

/// A server, with the timeout of a command.
pub(crate) struct Server {
    current: Mutex<Current>,
    /// How to open another connection, unless the application has set it up.
    opener: Option<(Client, ConnectionManagerConfig)>,
    command_timeout: Duration,
}

struct Current {
    connection: Arc<dyn Connection>,
    reopened_at: Option<Instant>,
}

/// A connection of the `redis` crate, of any type.
trait Connection: Send + Sync {
    fn run<'a>(&'a self, invocation: &'a ScriptInvocation<'a>)
    -> BoxFuture<'a, RedisResult<Value>>;
}

impl<C: ConnectionLike + Clone + Send + Sync> Connection for C {
    fn run<'a>(
        &'a self,
        invocation: &'a ScriptInvocation<'a>,
    ) -> BoxFuture<'a, RedisResult<Value>> {
        let mut connection = self.clone();
        Box::pin(async move { invocation.invoke_async(&mut connection).await })
    }
}

impl Server {
    /// Connects to a server by its URL.
    pub(crate) async fn connect(url: &str, command_timeout: Duration) -> Result<Self, Error> {
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(command_timeout));
        let client = Client::open(url).map_err(not_connected)?;
        let opener = (client.clone(), config.clone());
        let connection = client.get_connection_manager_with_config(config).await;
        let connection = connection.map_err(not_connected)?;
        Ok(Self { opener: Some(opener), ..Self::new(connection, command_timeout) })
    }

    /// Uses a connection that the application has set up.
    pub(crate) fn new(
        connection: impl ConnectionLike + Clone + Send + Sync + 'static,
        command_timeout: Duration,
    ) -> Self {
        let current = Current { connection: Arc::new(connection), reopened_at: None };
        Self { current: Mutex::new(current), opener: None, command_timeout }
    }

    /// Runs a script.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        invocation: &ScriptInvocation<'_>,
    ) -> Result<T, BoxError> {
        // The response timeout of the connection does not cover its reconnect attempts.
        let value = timeout(self.command_timeout, self.send(invocation)).await??;
        Ok(redis::from_redis_value(value)?)
    }

    /// Runs a script that has the same effect if it runs twice, and runs it again if the connection
    /// breaks, as one does that was idle for too long.
    pub(crate) async fn run_again_if_cut<T: FromRedisValue>(
        &self,
        invocation: &ScriptInvocation<'_>,
    ) -> Result<T, BoxError> {
        let send = async {
            match self.send(invocation).await {
                Err(error) if is_cut(&error) => self.send(invocation).await,
                other => other,
            }
        };
        let value = timeout(self.command_timeout, send).await??;
        Ok(redis::from_redis_value(value)?)
    }

    async fn send(&self, invocation: &ScriptInvocation<'_>) -> RedisResult<Value> {
        let connection = self.current().connection.clone();
        let result = connection.run(invocation).await;
        if result.as_ref().is_err_and(is_read_only) {
            self.reopen(&connection);
        }
        result
    }

    /// Replaces a connection to a server that a failover has made a replica: the address may lead
    /// to the new primary, but a connection that works is not opened again by itself.
    fn reopen(&self, used: &Arc<dyn Connection>) {
        let Some((client, config)) = &self.opener else { return };
        let mut current = self.current();
        let is_recent = current.reopened_at.is_some_and(|at| at.elapsed() < REOPEN_INTERVAL);
        if is_recent || !Arc::ptr_eq(&current.connection, used) {
            return;
        }
        if let Ok(lazy) = ConnectionManager::new_lazy_with_config(client.clone(), config.clone()) {
            tracing::debug!("the Redis server is read-only: connecting again");
            current.connection = Arc::new(lazy);
            current.reopened_at = Some(Instant::now());
        }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether the connection was closed or broke.
fn is_cut(error: &RedisError) -> bool {
    !error.is_timeout() && (error.is_connection_dropped() || error.is_io_error())
}

/// Returns whether the server refuses to write because it is a replica.
fn is_read_only(error: &RedisError) -> bool {
    // Before Redis 7, the error of a script contains that of the command as text.
    error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
        || error.detail().is_some_and(|detail| detail.contains("READONLY"))
}

/// Returns the error for a connection that could not be opened.
fn not_connected(error: RedisError) -> Error {
    Error::store(format!("cannot connect to Redis: {error}")).caused_by(error)
}
