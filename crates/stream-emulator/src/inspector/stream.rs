//! The stream of news, as Server-Sent Events: what came in, and what to ask for again.
//!
//! A stream holds nothing but where its reader is: what is new is read from the feed when the reader
//! has taken what was new before. So a slow reader costs no memory, and misses what has made way.

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
use crate::server::Shared;

/// How long the stream waits after news, so that many changes are one.
const PAUSE: Duration = Duration::from_millis(80);
/// How often something is sent, so that a reader that is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many new requests or events are told one by one; a reader that missed more asks for all.
const MAX_TOLD: usize = 200;

/// Opens a stream of news.
pub(super) fn open(shared: &Arc<Shared>) -> Response {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(tell(Arc::clone(shared), sender));
    respond(StatusCode::OK, "text/event-stream", Body::new(Stream(receiver)))
}

/// Where a reader is.
struct Position {
    exchange: u64,
    event: u64,
}

async fn tell(shared: Arc<Shared>, sender: mpsc::Sender<Bytes>) {
    let mut rings = shared.feed.subscribe();
    let mut position = Position {
        exchange: shared.feed.exchanges().latest(),
        event: shared.feed.events().latest(),
    };
    let hello = message("hello", &json!({"instance": shared.instance()}));
    if sender.send(hello).await.is_err() {
        return;
    }
    loop {
        let told = tokio::select! {
            rung = rings.changed() => {
                if rung.is_err() || rings.borrow_and_update().is_over {
                    return;
                }
                message("news", &news(&shared, &mut position))
            }
            () = tokio::time::sleep(HEARTBEAT) => Bytes::from_static(b": still here\n\n"),
            () = sender.closed() => return,
        };
        if sender.send(told).await.is_err() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Returns what is new since a position, which moves on.
fn news(shared: &Shared, position: &mut Position) -> Value {
    let (exchanges, has_missed_exchanges) = {
        let exchanges = shared.feed.exchanges();
        let new: Vec<_> =
            exchanges.iter().rev().take_while(|(number, _)| *number > position.exchange).collect();
        let has_missed = new.len() as u64 != exchanges.latest() - position.exchange
            || new.len() > MAX_TOLD
            || exchanges.len() == 0;
        position.exchange = exchanges.latest();
        let redaction = Redaction::new(&shared.settings.keys.api_secret);
        let told = new.into_iter().take(MAX_TOLD).rev();
        let told = told.map(|(number, seen)| views::exchanges::summary(number, seen, redaction));
        (told.collect::<Vec<_>>(), has_missed)
    };
    let event = shared.feed.events().latest();
    let has_events = event != position.event;
    position.event = event;
    let mut news = json!({
        "requests": exchanges,
        "missed_requests": has_missed_exchanges,
        "events": has_events,
        "counts": views::overview::counts(shared),
    });
    Redaction::new(&shared.settings.keys.api_secret).json(&mut news);
    news
}

fn message(event: &str, data: &Value) -> Bytes {
    // JSON on one line has no line breaks that would end the message.
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
