//! The queues of frames. Each connection has its own, so that it gets frames in order, and a slow
//! one does not delay others.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes};
use tokio::sync::{Mutex as AsyncMutex, mpsc, watch};

use crate::document::Object;
use crate::lock::lock;
use crate::wire::Form;

/// The maximum number of frames in a queue. A connection that lags further behind is closed.
const QUEUE_LENGTH: usize = 1024;

/// The reason why the emulator ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The emulator stops, or a test drops connections.
    GoingAway,
    /// The client reads more slowly than events occur.
    TooSlow,
    /// The client has been silent for too long.
    Silent,
    /// The client requested it.
    Asked,
}

impl End {
    /// Returns the close code and the reason. The official clients reconnect after any code but
    /// 1000.
    pub(crate) fn code(self) -> (u16, &'static str) {
        match self {
            Self::GoingAway => (1001, "the emulator ends the connection"),
            Self::TooSlow => (1011, "the client reads too slowly"),
            Self::Silent => (1011, "the client was not heard of"),
            Self::Asked => (1000, "closed"),
        }
    }
}

/// A frame for a client.
#[derive(Debug, Clone)]
pub(crate) enum Frame {
    Text(Utf8Bytes),
    /// A ping of the WebSocket protocol.
    Ping,
}

impl Frame {
    /// Returns a document as text.
    pub(crate) fn document(document: &Object, form: Form) -> Self {
        // JSON is UTF-8.
        Self::Text(Utf8Bytes::try_from(form.write(document)).unwrap_or_default())
    }
}

impl From<Frame> for Message {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Text(text) => Self::Text(text),
            Frame::Ping => Self::Ping(bytes::Bytes::new()),
        }
    }
}

/// The receiving side of a connection's queue.
#[derive(Debug)]
pub(crate) struct Inbox {
    pub(crate) frames: Arc<AsyncMutex<mpsc::Receiver<Frame>>>,
    pub(crate) ended: watch::Receiver<Option<End>>,
}

#[derive(Debug)]
struct Outbox {
    frames: mpsc::Sender<Frame>,
    /// The receiver is stored here for long-polling, whose connection consists of several requests.
    receiver: Arc<AsyncMutex<mpsc::Receiver<Frame>>>,
    end: watch::Sender<Option<End>>,
    form: Form,
    sent: AtomicU64,
}

/// The queues of all connections.
#[derive(Debug)]
pub(crate) struct Hub {
    outboxes: Mutex<HashMap<String, Outbox>>,
    /// The number of tasks that serve connections.
    serving: watch::Sender<usize>,
    /// The number of connections.
    open: watch::Sender<usize>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            outboxes: Mutex::default(),
            serving: watch::Sender::new(0),
            open: watch::Sender::new(0),
        }
    }
}

impl Hub {
    /// The type of the event that shows that a connection is alive.
    pub(crate) const HEALTH_CHECK: &'static str = "health.check";

    /// Opens the queue of a connection.
    pub(crate) fn open(&self, id: &str, form: Form) -> Inbox {
        let (frames, receiver) = mpsc::channel(QUEUE_LENGTH);
        let receiver = Arc::new(AsyncMutex::new(receiver));
        let (end, ended) = watch::channel(None);
        let outbox =
            Outbox { frames, receiver: Arc::clone(&receiver), end, form, sent: AtomicU64::new(0) };
        let mut outboxes = lock(&self.outboxes);
        outboxes.insert(id.to_owned(), outbox);
        self.open.send_replace(outboxes.len());
        Inbox { frames: receiver, ended }
    }

    /// Returns the receiving side of an open connection's queue.
    pub(crate) fn inbox(&self, id: &str) -> Option<Inbox> {
        let outboxes = lock(&self.outboxes);
        let outbox = outboxes.get(id)?;
        Some(Inbox { frames: Arc::clone(&outbox.receiver), ended: outbox.end.subscribe() })
    }

    /// Adds a frame to the queues of connections, and returns those whose queue is full.
    pub(crate) fn send(&self, ids: &[&str], frame: &dyn Fn(Form) -> Frame) -> Vec<String> {
        let outboxes = lock(&self.outboxes);
        let mut full = Vec::new();
        // The queues share one text, however many connections lag behind.
        let mut written: Vec<(Form, Frame)> = Vec::new();
        for id in ids {
            let Some(outbox) = outboxes.get(*id) else {
                continue;
            };
            let known = written.iter().find(|(form, _)| *form == outbox.form);
            let frame = match known {
                Some((_, frame)) => frame.clone(),
                None => {
                    let frame = frame(outbox.form);
                    written.push((outbox.form, frame.clone()));
                    frame
                }
            };
            match outbox.frames.try_send(frame) {
                Ok(()) => {
                    outbox.sent.fetch_add(1, Ordering::Relaxed);
                }
                Err(mpsc::error::TrySendError::Full(_)) => full.push((*id).to_owned()),
                // The connection is already closing.
                Err(mpsc::error::TrySendError::Closed(_)) => {}
            }
        }
        full
    }

    /// Closes the queue of a connection. Its task sends the remaining frames and closes it.
    pub(crate) fn close(&self, id: &str, end: End) {
        let mut outboxes = lock(&self.outboxes);
        if let Some(outbox) = outboxes.remove(id) {
            outbox.end.send_replace(Some(end));
            self.open.send_replace(outboxes.len());
        }
    }

    /// Returns the number of frames that were sent to a connection.
    pub(crate) fn sent(&self, id: &str) -> u64 {
        lock(&self.outboxes).get(id).map_or(0, |outbox| outbox.sent.load(Ordering::Relaxed))
    }

    /// Waits until at least this many connections are open.
    pub(crate) async fn wait_for_connections(&self, count: usize) {
        let mut open = self.open.subscribe();
        // The sender exists as long as `self`.
        let _ = open.wait_for(|open| *open >= count).await;
    }

    /// Counts a task that serves a connection, until the guard is dropped.
    pub(crate) fn guard(self: &Arc<Self>) -> ConnectionGuard {
        self.serving.send_modify(|count| *count += 1);
        ConnectionGuard(Arc::clone(self))
    }

    /// Waits until no task serves a connection, for at most `patience`.
    pub(crate) async fn idle(&self, timeout: Duration) {
        let mut serving = self.serving.subscribe();
        let _ = tokio::time::timeout(timeout, serving.wait_for(|count| *count == 0)).await;
    }
}

/// Counts a task that serves a connection.
#[derive(Debug)]
pub(crate) struct ConnectionGuard(Arc<Hub>);

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.0.serving.send_modify(|count| *count = count.saturating_sub(1));
    }
}
