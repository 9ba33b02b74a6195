//! The stream of updates, as Server-Sent Events: new records, and what to load again.
//!
//! A stream only stores the position of its reader, and reads from the feed after the reader has
//! taken the previous update. A slow reader therefore costs no memory, and misses what the feed has
//! dropped.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::response::respond;
use super::views;
use crate::redaction::Redaction;
use crate::runtime::Shared;

/// The delay after an update, which merges frequent changes.
const PAUSE: Duration = Duration::from_millis(80);
/// The interval of heartbeats, which detect a reader that is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The maximum number of requests or events in one update; a reader that missed more loads all.
const MAX_UPDATES: usize = 200;

/// Opens a stream of updates.
pub(super) fn open(shared: &Arc<Shared>) -> Response {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(send_updates(Arc::clone(shared), sender));
    respond(StatusCode::OK, "text/event-stream", Body::new(Stream(receiver)))
}

/// The position of a reader.
struct Position {
    exchange: u64,
    event: u64,
}

async fn send_updates(shared: Arc<Shared>, sender: mpsc::Sender<Bytes>) {
    let mut signals = shared.feed.subscribe();
    let mut position = Position {
        exchange: shared.feed.exchanges().latest(),
        event: shared.feed.events().latest(),
    };
    let hello = message("hello", &json!({"instance": shared.instance()}));
    if sender.send(hello).await.is_err() {
        return;
    }
    loop {
        let latest = tokio::select! {
            changed = signals.changed() => {
                if changed.is_err() || signals.borrow_and_update().is_over {
                    return;
                }
                message("updates", &updates(&shared, &mut position))
            }
            () = tokio::time::sleep(HEARTBEAT) => Bytes::from_static(b": still here\n\n"),
            () = sender.closed() => return,
        };
        if sender.send(latest).await.is_err() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Returns the updates since a position, and advances it.
fn updates(shared: &Shared, position: &mut Position) -> Value {
    let (exchanges, has_missed_exchanges) = {
        let exchanges = shared.feed.exchanges();
        let new: Vec<_> =
            exchanges.iter().rev().take_while(|(number, _)| *number > position.exchange).collect();
        let has_missed = new.len() as u64 != exchanges.latest() - position.exchange
            || new.len() > MAX_UPDATES
            || exchanges.len() == 0;
        position.exchange = exchanges.latest();
        let redaction = Redaction::new(&shared.settings.keys.api_secret);
        let latest = new.into_iter().take(MAX_UPDATES).rev();
        let latest =
            latest.map(|(number, seen)| views::exchanges::summary(number, seen, redaction));
        (latest.collect::<Vec<_>>(), has_missed)
    };
    let event = shared.feed.events().latest();
    let has_events = event != position.event;
    position.event = event;
    let mut updates = json!({
        "requests": exchanges,
        "missed_requests": has_missed_exchanges,
        "events": has_events,
        "counts": views::overview::counts(shared),
    });
    Redaction::new(&shared.settings.keys.api_secret).json(&mut updates);
    updates
}

fn message(event: &str, data: &Value) -> Bytes {
    // JSON on one line has no line breaks that could end the message.
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}

/// The body of a stream.
struct Stream(mpsc::Receiver<Bytes>);

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
