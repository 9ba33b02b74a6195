//! Live connections, as those who look on see them.

use crate::server::Shared;
use crate::state::Timestamp;

/// A live connection in short. It shows no token.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionSummary {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) transport: &'static str,
    /// What the client says of itself.
    pub(crate) client: Option<String>,
    pub(crate) connected_at: Timestamp,
    /// When the client last said anything.
    pub(crate) last_heard: Timestamp,
    /// The cids of the channels that it watches.
    pub(crate) watching: Vec<String>,
    /// Of how many users and channels it follows the presence.
    pub(crate) presence: usize,
    pub(crate) events_sent: u64,
}

impl Shared {
    /// Returns the connections that are open, in the order of their ids.
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
