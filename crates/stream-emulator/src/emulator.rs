//! The running emulator and its builder.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};
use std::{fmt, io};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::Keys;
use crate::data_file::DataFile;
use crate::inspector;
use crate::live;
use crate::runtime::{
    ControlHosts, End, Exchange, Fault, Observer, ReceivedRequest, Settings, Shared,
};
use crate::seed::{self, SeedError};
use crate::server::{Connections, HEAD_TIMEOUT, accept, service};
use crate::snapshot::Snapshot;
use crate::state::{Live, World};
use crate::webhooks::{AllowedHosts, WebhookDelivery};
use crate::wire::Form;

/// The default API key.
const API_KEY: &str = "emulator";
/// The default API secret.
const API_SECRET: &str = "emulator-secret-for-nobody-but-you";
/// The maximum size of a request's body, in bytes.
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// The time that a shutdown waits for calls in progress.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// The reason why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The emulator cannot listen on the address: most likely the port is taken.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The data file cannot be read or written.
    #[error("cannot keep the world in {path}: {source}", path = path.display())]
    Data {
        /// The path of the file.
        path: PathBuf,
        /// The error of the system, or what is wrong with the file.
        source: io::Error,
    },
    /// The seed is not valid, or the API refuses it.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The key or the secret is empty.
    #[error("the {0} must not be empty")]
    Empty(&'static str),
}

/// Builds an emulator.
#[derive(Clone)]
#[must_use]
pub struct EmulatorBuilder {
    address: SocketAddr,
    settings: Settings,
    data_file: Option<PathBuf>,
    seed: Option<Value>,
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmulatorBuilder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl EmulatorBuilder {
    fn new() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            settings: Settings {
                keys: Arc::new(Keys {
                    api_key: API_KEY.to_owned(),
                    api_secret: API_SECRET.to_owned(),
                }),
                task_polls: 0,
                rate_limit: None,
                body_limit: BODY_LIMIT,
                observer: None,
                webhook_hosts: AllowedHosts::default(),
                control_hosts: ControlHosts::default(),
                webhook_form: Form::webhook(false),
                base_url: String::new(),
                has_inspector: false,
            },
            data_file: None,
            seed: None,
        }
    }

    /// Sets the address to listen on; defaults to 127.0.0.1, which other machines cannot reach.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.address.set_ip(host);
        self
    }

    /// Sets the port to listen on; defaults to 0, which selects a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Sets the API key that requests must contain.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings.keys).api_key = key.into();
        self
    }

    /// Sets the secret that tokens must be signed with, and that webhooks are signed with.
    pub fn api_secret(mut self, secret: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings.keys).api_secret = secret.into();
        self
    }

    /// Sets how many polls show a task as running before it shows as completed; defaults to 0.
    pub fn task_polls(mut self, polls: u32) -> Self {
        self.settings.task_polls = polls;
        self
    }

    /// Sets how many calls of one operation succeed per minute; further ones are refused with 429
    /// and `Retry-After`. Unlimited by default, although the headers report a limit.
    pub fn rate_limit(mut self, calls_per_minute: u32) -> Self {
        self.settings.rate_limit = Some(calls_per_minute);
        self
    }

    /// Saves the state to a file, which the next emulator loads. The file is replaced as a whole,
    /// within half a second of a change and when the emulator stops. By default, the state is lost
    /// when the emulator stops.
    pub fn data_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.data_file = Some(path.into());
        self
    }

    /// Adds the objects of a seed to the state. A seed is handwritten JSON with `app` (settings),
    /// `users` (a map by ID, or a list) and `channels` (a list, with `messages` inside), in the
    /// form of the older API, with custom data beside the fields. A state from a data file is not
    /// seeded again.
    pub fn seed(mut self, seed: Value) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Allows webhooks to a host other than this machine, by name or address. Call it once for each
    /// host.
    pub fn allow_webhook_host(mut self, host: impl Into<String>) -> Self {
        self.settings.webhook_hosts.add(host.into());
        self
    }

    /// Allows control of the emulator, with `/emulator/...`, under a host name other than `localhost`
    /// or an IP address, and by pages of that host. Can be repeated. If the emulator listens on an
    /// address that other machines reach, any name without a dot is allowed too, such as that of a
    /// container.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.settings.control_hosts.add(host.into());
        self
    }

    /// Sends webhooks with custom data under `custom`, as in the API's schema. By default, custom
    /// data is among the members of its object, as in the webhooks of the service.
    pub fn nest_webhook_custom_data(mut self, is_nested: bool) -> Self {
        self.settings.webhook_form = Form::webhook(is_nested);
        self
    }

    /// Serves the inspector at `/`, a page that shows users, channels, messages, requests and
    /// webhooks. It is served only to browsers on this machine, never shows the secret, and keeps
    /// the bodies of the latest requests and webhooks in memory, at most 32 MiB of each. Off by
    /// default.
    pub fn inspector(mut self, is_served: bool) -> Self {
        self.settings.has_inspector = is_served;
        self
    }

    /// Calls a function after each request, for example to log it.
    pub fn on_exchange(mut self, observe: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Observer::new(observe));
        self
    }

    /// Starts the emulator on the current Tokio runtime.
    ///
    /// # Errors
    /// The emulator cannot listen on the address, the key or the secret is empty, the data file
    /// cannot be read or written, or the API refuses the seed.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let keys = &self.settings.keys;
        for (name, value) in [("API key", &keys.api_key), ("API secret", &keys.api_secret)] {
            if value.is_empty() {
                return Err(StartError::Empty(name));
            }
        }
        let listen_error = |source| StartError::Listen { address: self.address, source };
        let listener = TcpListener::bind(self.address).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let base_url = format!("http://{address}");
        let mut settings = Settings { base_url: base_url.clone(), ..self.settings };
        settings.control_hosts.is_exposed = !address.ip().is_loopback();
        let data_error =
            |source| StartError::Data { path: self.data_file.clone().unwrap_or_default(), source };
        let file = self.data_file.clone().map(|path| Arc::new(DataFile::new(path)));
        let kept = match &file {
            Some(file) => file.load().map_err(data_error)?,
            None => None,
        };
        let is_new = kept.is_none();
        let world = kept.unwrap_or_else(|| World::new(settings.task_polls));
        let shared = Arc::new(Shared::new(settings, world));
        if let Some(seed) = self.seed.as_ref().filter(|_| is_new) {
            seed::load(&shared, seed)?;
        }
        let data = match file {
            None => None,
            Some(file) => {
                file.save(&shared).map_err(data_error)?;
                let keeper = tokio::spawn(Arc::clone(&file).keep(Arc::clone(&shared)));
                Some(Data { file, keeper })
            }
        };
        let keeper = tokio::spawn(live::keep(Arc::clone(&shared)));
        let (stop, stopped) = watch::channel(());
        tokio::spawn(watch_the_clock(Arc::downgrade(&shared)));
        let service = inspector::over(service(Arc::clone(&shared)), &shared);
        let server = tokio::spawn(accept(Connections(listener), service, HEAD_TIMEOUT, stopped));
        Ok(Emulator { base_url, address, shared, stop, server, keeper, data })
    }
}

/// The interval of the check for scheduled work.
const WATCH: Duration = Duration::from_millis(250);

/// Runs scheduled work as long as the emulator exists.
async fn watch_the_clock(shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(WATCH).await;
        let Some(shared) = shared.upgrade() else {
            return;
        };
        shared.run_due(&mut shared.world());
    }
}

/// A running emulator. It stops when it is dropped.
///
/// ```
/// use stream_emulator::Emulator;
///
/// # async fn example() -> Result<(), stream_emulator::StartError> {
/// let emulator = Emulator::start().await?;
/// println!("STREAM_BASE_URL={}", emulator.base_url());
/// println!("STREAM_API_KEY={}", emulator.api_key());
/// println!("STREAM_API_SECRET={}", emulator.api_secret());
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    base_url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<()>,
    server: JoinHandle<()>,
    /// The task that checks live connections.
    keeper: JoinHandle<()>,
    data: Option<Data>,
}

/// The data file, and the task that updates it.
struct Data {
    file: Arc<DataFile>,
    keeper: JoinHandle<()>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emulator")
            .field("base_url", &self.base_url)
            .field("api_key", &self.api_key())
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Starts an emulator on a free port of 127.0.0.1, with the default key and secret.
    ///
    /// # Errors
    /// The emulator cannot listen on any port.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns a builder, for an emulator with other settings.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    /// Returns the base URL for clients, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the address that the emulator listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the API key that requests must contain.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.settings.keys.api_key
    }

    /// Returns the secret that tokens must be signed with.
    #[must_use]
    pub fn api_secret(&self) -> &str {
        &self.shared.settings.keys.api_secret
    }

    /// Returns the requests that were received, from the oldest to the newest; the latest 4,096 are
    /// kept.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.record.all()
    }

    /// Clears the list of requests.
    pub fn clear_requests(&self) {
        self.shared.record.clear();
    }

    /// Makes the next request fail. Several faults apply in the order in which they were added.
    pub fn fail_next(&self, fault: Fault) {
        self.shared.faults.add(fault);
    }

    /// Removes the pending faults.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Returns the whole state, for [`restore`](Self::restore).
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        // A snapshot contains no connections.
        let world = self.shared.world().clone();
        Snapshot(World { live: Live::default(), ..world })
    }

    /// Restores the state of a snapshot.
    pub fn restore(&self, snapshot: Snapshot) {
        self.shared.replace(snapshot.0);
    }

    /// Discards the state, the list of requests and the pending faults.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Returns the time of the emulator's clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.shared.now().into()
    }

    /// Advances the emulator's clock, so that scheduled work runs and objects expire.
    pub fn advance_clock(&self, by: Duration) {
        self.shared.move_clock(|clock| clock.advance(by));
    }

    /// Sets the emulator's clock, which continues from there.
    pub fn set_clock(&self, to: SystemTime) {
        self.shared.move_clock(|clock| clock.set(to.into()));
    }

    /// Waits until every webhook is delivered or has failed.
    pub async fn webhooks_idle(&self) {
        self.shared.webhooks.idle().await;
    }

    /// Returns the webhooks that were delivered or have failed; the latest 4,096 are kept.
    #[must_use]
    pub fn webhook_deliveries(&self) -> Vec<WebhookDelivery> {
        self.shared.webhooks.deliveries()
    }

    /// Returns the number of live connections: WebSockets and clients that use long polling.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.world().live.len()
    }

    /// Returns the IDs of the connected users, each once.
    #[must_use]
    pub fn connected_users(&self) -> Vec<String> {
        let world = self.shared.world();
        let users = world.live.connections().map(|connection| connection.user_id.clone());
        users.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Waits until at least this many live connections are open. It has no timeout: wrap it in your
    /// own.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use stream_emulator::Emulator;
    /// # async fn example(emulator: &Emulator) -> Result<(), tokio::time::error::Elapsed> {
    /// tokio::time::timeout(Duration::from_secs(10), emulator.wait_for_connections(2)).await
    /// # }
    /// ```
    pub async fn wait_for_connections(&self, count: usize) {
        self.shared.live.wait_for_connections(count).await;
    }

    /// Ends all live connections as a network failure does, with the close code 1001, after
    /// which the official clients reconnect by themselves.
    pub fn drop_connections(&self) {
        self.shared.end_connections(End::GoingAway);
    }

    /// Ends the live connections of one user like [`drop_connections`](Self::drop_connections).
    pub fn drop_connections_of(&self, user_id: &str) {
        self.shared.end_connections_of(user_id, End::GoingAway);
    }

    /// Stops the emulator and waits until calls in progress have ended and live connections are
    /// closed, for at most two seconds.
    pub async fn shutdown(mut self) {
        self.stop();
        self.shared.live.idle(SHUTDOWN_TIMEOUT).await;
        let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, &mut self.server).await;
        if let Some(data) = &self.data {
            // This includes the effects of calls that were in progress.
            let _ = data.file.save(&self.shared);
        }
    }

    fn stop(&self) {
        self.stop.send_replace(());
        self.shared.feed.close();
        self.keeper.abort();
        self.shared.stop();
        self.shared.webhooks.stop();
        if let Some(data) = &self.data {
            data.keeper.abort();
            // The error cannot be reported any more; the file has the state of half a second ago.
            let _ = data.file.save(&self.shared);
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop();
    }
}
