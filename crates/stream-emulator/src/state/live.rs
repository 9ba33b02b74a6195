//! Live connections, and the channels and users that each follows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Timestamp;

/// The transport of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// `/connect`
    WebSocket,
    /// `/api/v2/connect`
    WebSocketV2,
    /// `/longpoll`
    LongPoll,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::WebSocketV2 => "websocket v2",
            Self::LongPoll => "long-poll",
        }
    }
}

/// A live connection of a user.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) user_id: String,
    pub(crate) transport: Transport,
    /// The name of the client, as it reports itself.
    pub(crate) client: Option<String>,
    pub(crate) connected_at: Timestamp,
    /// The time of the client's last activity.
    pub(crate) last_heard: Timestamp,
    /// The time of the last health check.
    pub(crate) last_checked: Timestamp,
    /// The channels whose events it receives.
    watched: BTreeSet<String>,
    /// The channels whose members' presence it receives.
    presence_of_channels: BTreeSet<String>,
    /// The users whose presence it receives.
    presence_of_users: BTreeSet<String>,
}

impl Connection {
    pub(crate) fn new(id: String, user_id: &str, transport: Transport, now: Timestamp) -> Self {
        Self {
            id,
            user_id: user_id.to_owned(),
            transport,
            client: None,
            connected_at: now,
            last_heard: now,
            last_checked: now,
            watched: BTreeSet::new(),
            presence_of_channels: BTreeSet::new(),
            presence_of_users: BTreeSet::new(),
        }
    }

    pub(crate) fn watches(&self, cid: &str) -> bool {
        self.watched.contains(cid)
    }

    /// Returns the cids of the channels that it watches.
    pub(crate) fn watched(&self) -> impl Iterator<Item = &str> {
        self.watched.iter().map(String::as_str)
    }

    /// Returns the number of channels and users whose presence it receives.
    pub(crate) fn presences(&self) -> usize {
        self.presence_of_channels.len() + self.presence_of_users.len()
    }
}

/// The result of closing a connection.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) user_id: String,
    /// The channels that the user no longer watches.
    pub(crate) left: Vec<String>,
    /// Whether it was the user's last connection.
    pub(crate) was_last: bool,
}

/// The IDs of connections, by what they follow.
type Index = HashMap<String, BTreeSet<String>>;

/// All live connections. They are not part of a saved state, since clients reconnect by themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live {
    connections: BTreeMap<String, Connection>,
    of_user: Index,
    watchers: Index,
    presence_of_channel: Index,
    presence_of_user: Index,
    was_used: bool,
}

impl Live {
    /// Returns whether there has ever been a connection.
    pub(crate) fn was_used(&self) -> bool {
        self.was_used
    }

    /// Returns all connections, sorted by ID.
    pub(crate) fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }

    /// Returns all connections for changes, sorted by ID.
    pub(crate) fn connections_mut(&mut self) -> impl Iterator<Item = &mut Connection> {
        self.connections.values_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.connections.len()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Connection> {
        self.connections.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Connection> {
        self.connections.get_mut(id)
    }

    /// Returns the connections of a user.
    pub(crate) fn of_user(&self, user_id: &str) -> impl Iterator<Item = &Connection> {
        self.listed(&self.of_user, user_id)
    }

    pub(crate) fn is_connected(&self, user_id: &str) -> bool {
        self.of_user.contains_key(user_id)
    }

    /// Returns the connections that watch a channel.
    pub(crate) fn watchers(&self, cid: &str) -> impl Iterator<Item = &Connection> {
        self.listed(&self.watchers, cid)
    }

    /// Returns the users who watch a channel, each once, sorted by ID.
    pub(crate) fn watching_users(&self, cid: &str) -> BTreeSet<&str> {
        self.watchers(cid).map(|connection| connection.user_id.as_str()).collect()
    }

    /// Returns the connections that follow the presence of a user.
    pub(crate) fn presence_of_user(&self, user_id: &str) -> impl Iterator<Item = &Connection> {
        self.listed(&self.presence_of_user, user_id)
    }

    /// Returns the connections that follow the presence of a channel's members.
    pub(crate) fn presence_of_channel(&self, cid: &str) -> impl Iterator<Item = &Connection> {
        self.listed(&self.presence_of_channel, cid)
    }

    fn listed<'a>(&'a self, index: &'a Index, key: &str) -> impl Iterator<Item = &'a Connection> {
        index.get(key).into_iter().flatten().filter_map(|id| self.connections.get(id))
    }

    /// Adds a connection, and returns whether it is the user's first.
    pub(crate) fn open(&mut self, connection: Connection) -> bool {
        self.was_used = true;
        let is_first = !self.is_connected(&connection.user_id);
        add(&mut self.of_user, &connection.user_id, &connection.id);
        self.connections.insert(connection.id.clone(), connection);
        is_first
    }

    /// Removes a connection, with all its subscriptions.
    pub(crate) fn close(&mut self, id: &str) -> Option<Ended> {
        let connection = self.connections.remove(id)?;
        remove(&mut self.of_user, &connection.user_id, id);
        for user_id in &connection.presence_of_users {
            remove(&mut self.presence_of_user, user_id, id);
        }
        for cid in &connection.presence_of_channels {
            remove(&mut self.presence_of_channel, cid, id);
        }
        let mut left = Vec::new();
        for cid in connection.watched {
            remove(&mut self.watchers, &cid, id);
            if !self.is_watching(&connection.user_id, &cid) {
                left.push(cid);
            }
        }
        let was_last = !self.is_connected(&connection.user_id);
        Some(Ended { user_id: connection.user_id, left, was_last })
    }

    /// Returns whether a connection of the user watches a channel.
    pub(crate) fn is_watching(&self, user_id: &str, cid: &str) -> bool {
        self.of_user(user_id).any(|connection| connection.watches(cid))
    }

    /// Subscribes a connection to a channel, and returns whether its user has started to watch it.
    pub(crate) fn watch(&mut self, id: &str, cid: &str) -> bool {
        let Some(user_id) = self.get(id).map(|connection| connection.user_id.clone()) else {
            return false;
        };
        let is_new = !self.is_watching(&user_id, cid);
        if let Some(connection) = self.connections.get_mut(id) {
            connection.watched.insert(cid.to_owned());
        }
        add(&mut self.watchers, cid, id);
        is_new
    }

    /// Unsubscribes a connection from a channel, and returns whether its user has stopped watching
    /// it.
    pub(crate) fn unwatch(&mut self, id: &str, cid: &str) -> bool {
        let Some(connection) = self.connections.get_mut(id) else {
            return false;
        };
        if !connection.watched.remove(cid) {
            return false;
        }
        let user_id = connection.user_id.clone();
        remove(&mut self.watchers, cid, id);
        !self.is_watching(&user_id, cid)
    }

    /// Subscribes a connection to the presence of a user.
    pub(crate) fn follow_user(&mut self, id: &str, user_id: &str) {
        if let Some(connection) = self.connections.get_mut(id) {
            connection.presence_of_users.insert(user_id.to_owned());
            add(&mut self.presence_of_user, user_id, id);
        }
    }

    /// Subscribes a connection to the presence of a channel's members.
    pub(crate) fn follow_channel(&mut self, id: &str, cid: &str) {
        if let Some(connection) = self.connections.get_mut(id) {
            connection.presence_of_channels.insert(cid.to_owned());
            add(&mut self.presence_of_channel, cid, id);
        }
    }
}

fn add(index: &mut Index, key: &str, id: &str) {
    index.entry(key.to_owned()).or_default().insert(id.to_owned());
}

fn remove(index: &mut Index, key: &str, id: &str) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(ids: &[(&str, &str)]) -> Live {
        let mut live = Live::default();
        for (id, user_id) in ids {
            let connection =
                Connection::new((*id).to_owned(), user_id, Transport::WebSocket, Timestamp::now());
            live.open(connection);
        }
        live
    }

    #[test]
    fn users_count_once_however_many_connections_they_have() {
        let mut live = with(&[("1", "jane"), ("2", "jane"), ("3", "bob")]);
        assert!(live.watch("1", "messaging:a"));
        assert!(!live.watch("2", "messaging:a"));
        assert!(live.watch("3", "messaging:a"));
        assert_eq!(live.watching_users("messaging:a").len(), 2);
        assert!(!live.unwatch("1", "messaging:a"));
        assert!(live.unwatch("2", "messaging:a"));
        assert!(!live.unwatch("2", "messaging:a"), "it has ceased to before");
        assert_eq!(live.watching_users("messaging:a").len(), 1);
    }

    #[test]
    fn nothing_is_left_of_a_connection_that_ends() {
        let mut live = with(&[("1", "jane"), ("2", "jane")]);
        live.watch("1", "messaging:a");
        live.watch("1", "messaging:b");
        live.watch("2", "messaging:b");
        live.follow_user("1", "bob");
        live.follow_channel("1", "messaging:a");
        let ended = live.close("1").unwrap();
        assert_eq!(
            (ended.left.as_slice(), ended.was_last),
            (&["messaging:a".to_owned()][..], false)
        );
        assert!(live.close("1").is_none());
        assert!(live.close("2").unwrap().was_last);
        for index in [&live.of_user, &live.watchers, &live.presence_of_user] {
            assert!(index.is_empty(), "{index:?}");
        }
        assert!(live.presence_of_channel.is_empty());
        assert!(live.was_used() && live.len() == 0);
    }
}
