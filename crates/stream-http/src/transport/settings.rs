//! The settings that the transports share.

use std::marker::PhantomData;
use std::time::Duration;

#[cfg(feature = "proxy")]
use http::Uri;

#[cfg(feature = "proxy")]
use crate::error::Error;
use crate::tls;

/// The default timeout for opening a connection, including TLS: 10 seconds.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The default time for which an idle connection is kept: 55 seconds, because load balancers close
/// them after 60.
pub const DEFAULT_POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(55);

/// The default time between HTTP/2 pings: 10 seconds after something was last received.
pub const DEFAULT_HTTP2_PING_INTERVAL: Duration = Duration::from_secs(10);

/// The default time in which an HTTP/2 ping must be acknowledged: 5 seconds.
///
/// With [`DEFAULT_HTTP2_PING_INTERVAL`], a connection that hangs is closed after at most 15
/// seconds, which is half of the default timeout of a call.
pub const DEFAULT_HTTP2_PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The default time of silence after which TCP probes a connection: 15 seconds.
pub const DEFAULT_TCP_KEEPALIVE: Duration = Duration::from_secs(15);

/// The default time for which sent data may stay unacknowledged: 20 seconds.
///
/// This ends connections into a network that drops packets. Linux, Android and Fuchsia have such a
/// timeout; elsewhere, the probes of [`DEFAULT_TCP_KEEPALIVE`] end them.
pub const DEFAULT_TCP_USER_TIMEOUT: Duration = Duration::from_secs(20);

/// The time between two TCP probes that are not acknowledged.
pub(super) const TCP_KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
/// The maximum number of unacknowledged TCP probes.
pub(super) const TCP_KEEPALIVE_RETRIES: u32 = 3;

/// The maximum of each duration, 10 years: hyper adds them to the current time and panics if that
/// overflows, and `Duration::MAX` is a usual way to say "never".
const MAX_DURATION: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

const fn capped(duration: Duration) -> Duration {
    if duration.as_secs() < MAX_DURATION.as_secs() { duration } else { MAX_DURATION }
}

/// Builds a transport that opens its own connections; `T` is the transport.
///
/// The settings and their defaults are the same for every such transport.
#[must_use]
#[derive(Clone)]
pub struct TransportBuilder<T> {
    pub(super) settings: Settings,
    transport: PhantomData<fn() -> T>,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) connect_timeout: Duration,
    pub(super) pool_idle_timeout: Duration,
    pub(super) pool_max_idle_per_host: usize,
    pub(super) http2_ping_interval: Option<Duration>,
    pub(super) http2_ping_timeout: Duration,
    pub(super) tcp_keepalive: Option<Duration>,
    pub(super) tcp_user_timeout: Option<Duration>,
    pub(super) proxies: Proxies,
    pub(super) tls: tls::Options,
}

/// The source of proxies. The URL of a proxy may contain a password, so `Debug` does not show it.
#[derive(Clone)]
pub(super) enum Proxies {
    /// From the environment variables.
    Environment,
    /// No proxy: connections go directly to the server.
    Direct,
    /// All connections go through this proxy.
    #[cfg(feature = "proxy")]
    All(String),
}

/// Checks the URL of a proxy, because an invalid one would be ignored silently.
#[cfg(feature = "proxy")]
pub(super) fn check_proxy(url: &str, schemes: &[&str]) -> Result<(), Error> {
    let valid = url.parse::<Uri>().is_ok_and(|url| {
        url.scheme_str().is_some_and(|scheme| schemes.contains(&scheme))
            && url.host().is_some_and(|host| !host.is_empty())
    });
    if valid {
        return Ok(());
    }
    // The URL may contain a password, so the error does not show it.
    Err(Error::configuration(format!(
        "the URL of the proxy is not valid: expected a scheme and a host, as in `http://host:port`; \
         the schemes are {}",
        schemes.join(", ")
    )))
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            pool_idle_timeout: DEFAULT_POOL_IDLE_TIMEOUT,
            pool_max_idle_per_host: usize::MAX,
            http2_ping_interval: Some(DEFAULT_HTTP2_PING_INTERVAL),
            http2_ping_timeout: DEFAULT_HTTP2_PING_TIMEOUT,
            tcp_keepalive: Some(DEFAULT_TCP_KEEPALIVE),
            tcp_user_timeout: Some(DEFAULT_TCP_USER_TIMEOUT),
            proxies: Proxies::Environment,
            tls: tls::Options::default(),
        }
    }
}

impl<T> TransportBuilder<T> {
    pub(super) fn new() -> Self {
        Self { settings: Settings::default(), transport: PhantomData }
    }

    /// Sets the timeout for opening a connection, including TLS; defaults to
    /// [`DEFAULT_CONNECT_TIMEOUT`]. If a name has several addresses, which are tried in turn, each
    /// gets an equal part of it.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = capped(timeout);
        self
    }

    /// Sets how long an idle connection is kept; defaults to [`DEFAULT_POOL_IDLE_TIMEOUT`].
    pub const fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_idle_timeout = capped(timeout);
        self
    }

    /// Sets the maximum number of idle connections; unlimited by default.
    pub const fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.settings.pool_max_idle_per_host = connections;
        self
    }

    /// Sets the time after the last received data at which an HTTP/2 connection is pinged, idle or
    /// not; defaults to [`DEFAULT_HTTP2_PING_INTERVAL`]. `None` and zero turn pings off.
    pub fn http2_ping_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        let interval = interval.into().filter(|interval| !interval.is_zero());
        self.settings.http2_ping_interval = interval.map(capped);
        self
    }

    /// Sets how long a ping may stay unacknowledged before the connection and its requests fail;
    /// defaults to [`DEFAULT_HTTP2_PING_TIMEOUT`].
    pub const fn http2_ping_timeout(mut self, timeout: Duration) -> Self {
        self.settings.http2_ping_timeout = capped(timeout);
        self
    }

    /// Sets the time of silence after which TCP probes a connection; defaults to
    /// [`DEFAULT_TCP_KEEPALIVE`]. Three probes follow, 5 seconds apart. `None` turns them off.
    pub fn tcp_keepalive(mut self, silence: impl Into<Option<Duration>>) -> Self {
        self.settings.tcp_keepalive = silence.into().map(capped);
        self
    }

    /// Sets how long sent data may stay unacknowledged before the connection fails; defaults to
    /// [`DEFAULT_TCP_USER_TIMEOUT`]. `None` leaves it to the operating system, which takes many
    /// minutes. It has an effect only on Linux, Android and Fuchsia.
    pub fn tcp_user_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.tcp_user_timeout = timeout.into().map(capped);
        self
    }

    /// Connects through the proxy at `url`, whatever the proxy variables of the environment say.
    /// The URL may contain a user name and a password. The supported schemes depend on the
    /// transport.
    ///
    /// This needs the feature `proxy`. Without it, the variables of the environment are not read
    /// either: connections go directly to the server.
    #[cfg(feature = "proxy")]
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.settings.proxies = Proxies::All(url.into());
        self
    }

    /// Connects directly, whatever the proxy variables of the environment say.
    pub fn no_proxy(mut self) -> Self {
        self.settings.proxies = Proxies::Direct;
        self
    }

    /// Trusts the certificates in `pem` in addition to those of the platform.
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.tls.extra_roots_pem.push(pem.into());
        self
    }
}

impl<T> std::fmt::Debug for TransportBuilder<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransportBuilder")
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("pool_idle_timeout", &self.settings.pool_idle_timeout)
            .field("http2_ping_interval", &self.settings.http2_ping_interval)
            .field("http2_ping_timeout", &self.settings.http2_ping_timeout)
            .finish_non_exhaustive()
    }
}
