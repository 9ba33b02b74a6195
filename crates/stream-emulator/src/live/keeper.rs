//! Checks live connections: sends health checks, and closes those whose client has vanished.
//!
//! It uses the emulator's clock, so that a test which advances it sees vanished clients go. A
//! silent client is pinged first and has some time of the system's clock to respond, so that a
//! client which is alive survives a jump of the clock.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::runtime::{End, Frame, Hub, Shared};
use crate::state::Timestamp;

/// The interval of the checks.
const INTERVAL: Duration = Duration::from_secs(1);
/// The interval of unsolicited health checks, in seconds.
const CHECK_INTERVAL: i64 = 30;
/// The silence after which a client is pinged, in seconds.
const SILENCE: i64 = 60;
/// The timeout of the response to a ping, in seconds of the emulator's clock.
const GRACE: i64 = 10;
/// The minimum timeout by the system's clock.
const MIN_GRACE: Duration = Duration::from_secs(2);

/// The time at which a silent client was pinged.
#[derive(Debug, Clone, Copy)]
struct Asked {
    at: Timestamp,
    really_at: Instant,
}

/// Checks connections until the task is aborted.
pub(crate) async fn keep(shared: Arc<Shared>) {
    let mut asked = HashMap::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            () = shared.clock_moved.notified() => {}
        }
        tend(&shared, &mut asked);
    }
}

fn tend(shared: &Shared, asked: &mut HashMap<String, Asked>) {
    let mut gone = Vec::new();
    let mut due = Vec::new();
    let mut silent = Vec::new();
    {
        let mut world = shared.world();
        let now = world.clock.now();
        asked.retain(|id, _| world.live.get(id).is_some());
        for connection in world.live.connections_mut() {
            // The clock may have been set back.
            connection.last_heard = connection.last_heard.min(now);
            connection.last_checked = connection.last_checked.min(now);
            let seconds_since = |at: Timestamp| now.seconds() - at.seconds();
            if seconds_since(connection.last_heard) < SILENCE {
                asked.remove(&connection.id);
            } else {
                match asked.get(&connection.id) {
                    None => silent.push((connection.id.clone(), now)),
                    Some(asked)
                        if seconds_since(asked.at) >= GRACE
                            && asked.really_at.elapsed() >= MIN_GRACE =>
                    {
                        gone.push(connection.id.clone());
                    }
                    Some(_) => {}
                }
            }
            if seconds_since(connection.last_checked) >= CHECK_INTERVAL {
                connection.last_checked = now;
                due.push(connection.id.clone());
            }
        }
    }
    for id in due {
        shared.check_health(&id, Hub::HEALTH_CHECK);
    }
    for (id, at) in silent {
        let _ = shared.live.send(&[&id], &|_| Frame::Ping);
        asked.insert(id, Asked { at, really_at: Instant::now() });
    }
    for id in gone {
        shared.end_connection(&id, End::Silent);
    }
}
