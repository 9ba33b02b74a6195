//! A cluster of three servers: the keys of each script are of one slot.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;

use crate::lease;
use crate::server::{Server, free_port};
use stream_chat::transport::shared_limits::{Admission, AdmissionRequest, SharedLimits};
use stream_chat::webhook::{Claim, DuplicateFilter};
use stream_redis::{RedisRateLimits, RedisWebhooks, redis};

struct Cluster {
    servers: Vec<Server>,
    admins: Vec<MultiplexedConnection>,
    /// The ID of each server.
    ids: Vec<String>,
}

impl Cluster {
    async fn start() -> Self {
        let (mut servers, mut admins, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for index in 0..3_u16 {
            let (port, bus) = (free_port(), free_port());
            let file = format!("stream-redis-nodes-{port}.conf");
            let bus = bus.to_string();
            let options = ["--cluster-enabled", "yes", "--cluster-port", &bus];
            let options = [&options[..], &["--cluster-config-file", &file]].concat();
            let server = Server::start_with(port, &options);
            let client = redis::Client::open(server.url()).unwrap();
            let mut admin = client.get_multiplexed_async_connection().await.unwrap();
            let (first, last) =
                (index * 5461, if index == 2 { 16383 } else { index * 5461 + 5460 });
            let mut slots = redis::cmd("CLUSTER");
            slots.arg("ADDSLOTSRANGE").arg(first).arg(last);
            let () = slots.query_async(&mut admin).await.unwrap();
            let mut id = redis::cmd("CLUSTER");
            ids.push(id.arg("MYID").query_async(&mut admin).await.unwrap());
            if let Some(other) = admins.first_mut() {
                let mut meet = redis::cmd("CLUSTER");
                meet.arg("MEET").arg("127.0.0.1").arg(port).arg(bus);
                let () = meet.query_async(other).await.unwrap();
            }
            servers.push(server);
            admins.push(admin);
        }
        let mut cluster = Self { servers, admins, ids };
        for _ in 0..600 {
            if cluster.is_ready().await {
                return cluster;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the cluster is not formed");
    }

    async fn is_ready(&mut self) -> bool {
        for admin in &mut self.admins {
            let info: String = redis::cmd("CLUSTER").arg("INFO").query_async(admin).await.unwrap();
            if !info.contains("cluster_state:ok") || !info.contains("cluster_slots_ok:16384") {
                return false;
            }
        }
        true
    }

    fn client(&self) -> ClusterClient {
        ClusterClient::new(self.servers.iter().map(Server::url)).unwrap()
    }

    /// Returns the slot of a key, and the index of its server by the initial distribution.
    async fn slot(&mut self, key: &str) -> (u16, usize) {
        let mut slot = redis::cmd("CLUSTER");
        let slot: u16 =
            slot.arg("KEYSLOT").arg(key).query_async(&mut self.admins[0]).await.unwrap();
        (slot, usize::from(slot / 5461).min(2))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for server in &self.servers {
            let file = format!("stream-redis-nodes-{}.conf", server.port());
            let _ = std::fs::remove_file(std::env::temp_dir().join(file));
        }
    }
}

#[tokio::test]
async fn a_cluster_shares_leases_and_limits() {
    let mut cluster = Cluster::start().await;
    let connection = cluster.client().get_async_connection().await.unwrap();
    let filter = RedisWebhooks::new(connection.clone());
    let limits = RedisRateLimits::new(connection, "app");

    let mut used = [false; 3];
    for number in 0..30 {
        let id = format!("webhook-{number}");
        used[cluster.slot(&format!("stream:webhook:{id}")).await.1] = true;
        let token = lease(filter.claim(&id).await.unwrap());
        assert_eq!(filter.claim(&id).await.unwrap(), Claim::InProgress);
        filter.release(&id, &token).await.unwrap();
        let token = lease(filter.claim(&id).await.unwrap());
        filter.confirm(&id, &token).await.unwrap();
        assert_eq!(filter.claim(&id).await.unwrap(), Claim::Done);
    }
    assert_eq!(used, [true; 3]);
    for operation in ["GetApp", "SendMessage", "QueryUsers", "UpdateUsers"] {
        let admission = limits.admit(AdmissionRequest::new(operation)).await.unwrap();
        assert!(matches!(admission, Admission::Granted(_)), "{admission:?}");
    }

    // A slot moves to another server, which the client does not know yet.
    let (slot, old) = cluster.slot("stream:webhook:moved").await;
    let new = (old + 1) % 3;
    for index in [new, old, (old + 2) % 3] {
        let mut move_slot = redis::cmd("CLUSTER");
        move_slot.arg("SETSLOT").arg(slot).arg("NODE").arg(&cluster.ids[new]);
        let () = move_slot.query_async(&mut cluster.admins[index]).await.unwrap();
    }
    let token = lease(filter.claim("moved").await.unwrap());
    filter.confirm("moved", &token).await.unwrap();
    assert_eq!(filter.claim("moved").await.unwrap(), Claim::Done);

    // A connection to one server is refused what others hold, with a text that says so.
    let alone = RedisWebhooks::connect(&cluster.servers[old].url()).await.unwrap();
    let error = alone.claim("moved").await.unwrap_err();
    assert!(error.to_string().contains("Moved") || error.to_string().contains("MOVED"), "{error}");
}
