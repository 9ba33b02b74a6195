//! Summaries of live connections for the inspector.

use crate::runtime::Shared;
use crate::state::Timestamp;

/// A summary of a live connection, without its token.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionSummary {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) transport: &'static str,
    /// The name of the client, as it reports itself.
    pub(crate) client: Option<String>,
    pub(crate) connected_at: Timestamp,
    /// The time of the client's last activity.
    pub(crate) last_heard: Timestamp,
    /// The cids of the channels that it watches.
    pub(crate) watching: Vec<String>,
    /// The number of users and channels whose presence it follows.
    pub(crate) presence: usize,
    pub(crate) events_sent: u64,
}

impl Shared {
    /// Returns the open connections, sorted by ID.
    pub(crate) fn live_connections(&self) -> Vec<ConnectionSummary> {
        let world = self.world();
        let connections = world.live.connections().map(|connection| ConnectionSummary {
            id: connection.id.clone(),
            user_id: connection.user_id.clone(),
            transport: connection.transport.name(),
            client: connection.client.clone(),
            connected_at: connection.connected_at,
            last_heard: connection.last_heard,
            watching: connection.watched().map(str::to_owned).collect(),
            presence: connection.presences(),
            events_sent: self.live.sent(&connection.id),
        });
        connections.collect()
    }
}
