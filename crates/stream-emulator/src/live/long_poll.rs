//! Long-polling, for clients that cannot use WebSockets.

use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;

use super::attempt::{Attempt, Opened};
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::parameters::QueryParameters;
use crate::runtime::{End, Frame, Inbox, Shared};
use crate::state::Transport;

/// The duration of a poll without events. Clients time out after 30 seconds.
const POLL_TIMEOUT: Duration = Duration::from_secs(20);
/// The maximum number of events in one response.
const MAX_EVENTS: usize = 100;

/// Serves `/longpoll`: opens a connection without a `connection_id`, waits for events with one, and
/// ends the connection with `close`. Returns the JSON of the response.
pub(crate) async fn long_poll(
    shared: &Arc<Shared>,
    parts: &Parts,
    query: &QueryParameters,
    caller: impl FnOnce() -> Result<Caller, ApiError>,
) -> Result<Vec<u8>, ApiError> {
    let Some(id) = query.get("connection_id").filter(|id| !id.is_empty()) else {
        let attempt = Attempt::read(Transport::LongPoll, parts, query)?;
        let Opened { inbox, .. } = shared.open_connection(attempt)?;
        let mut frames = inbox.frames.lock().await;
        return Ok(match frames.recv().await {
            Some(Frame::Text(event)) => format!("{{\"event\":{event}}}").into_bytes(),
            _ => b"{}".to_vec(),
        });
    };
    let caller = caller()?;
    let is_own = {
        let world = shared.world();
        let connection = world.live.get(id);
        connection.is_some_and(|connection| {
            connection.transport == Transport::LongPoll
                && caller == Caller::User(connection.user_id.clone())
        })
    };
    let inbox = shared.live.inbox(id).filter(|_| is_own).ok_or_else(|| not_found(id))?;
    if query.flag("close")? == Some(true) {
        shared.end_connection(id, End::Asked);
        return Ok(b"{\"events\":[]}".to_vec());
    }
    shared.record_activity(id);
    let events = poll(inbox, id).await?;
    // A waiting client counts as active.
    shared.record_activity(id);
    Ok(format!("{{\"events\":[{}]}}", events.join(",")).into_bytes())
}

/// Waits for events, and returns those that are there.
async fn poll(inbox: Inbox, id: &str) -> Result<Vec<String>, ApiError> {
    let Inbox { frames, mut ended } = inbox;
    // A second poll would take the events that the first one waits for.
    let mut frames = frames.try_lock().map_err(|_| {
        ApiError::input(format!("another request waits for the events of connection {id}"))
    })?;
    let first = tokio::select! {
        biased;
        frame = frames.recv() => frame,
        _ = ended.wait_for(Option::is_some) => return Err(not_found(id)),
        () = tokio::time::sleep(POLL_TIMEOUT) => None,
    };
    let mut events = Vec::new();
    let mut next = first;
    while let Some(frame) = next {
        if let Frame::Text(text) = frame {
            events.push(text.to_string());
        }
        next = if events.len() < MAX_EVENTS { frames.try_recv().ok() } else { None };
    }
    Ok(events)
}

fn not_found(id: &str) -> ApiError {
    ApiError::new(ErrorCode::ConnectionNotFound, format!("connection id {id} not found"))
}
