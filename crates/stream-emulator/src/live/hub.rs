//! The queues of frames, one for each connection: so that each gets them in order, and a slow one
//! holds up no other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes};
use tokio::sync::{Mutex as AsyncMutex, mpsc, watch};

use crate::document::Object;
use crate::lock::lock;
use crate::wire::Form;

/// How many frames may wait for one connection. One that lags further behind is dropped.
const QUEUE_LENGTH: usize = 1024;

/// Why the emulator ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It stops, or a test wants connections to drop.
    GoingAway,
    /// The client does not read as fast as things happen.
    TooSlow,
    /// The client has not been heard of for too long.
    Silent,
    /// The client asked for it.
    Asked,
}

impl End {
    /// Returns the close code and its reason. The official clients come back after all but 1000.
    pub(super) fn code(self) -> (u16, &'static str) {
        match self {
            Self::GoingAway => (1001, "the emulator ends the connection"),
            Self::TooSlow => (1011, "the client reads too slowly"),
            Self::Silent => (1011, "the client was not heard of"),
            Self::Asked => (1000, "closed"),
        }
    }
}

/// What goes to a client.
#[derive(Debug, Clone)]
pub(super) enum Frame {
    Text(Utf8Bytes),
    /// The question whether it is there, below what applications see.
    Ping,
}

impl Frame {
    /// A document as text.
    pub(super) fn document(document: &Object, form: Form) -> Self {
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

/// What a connection takes its frames from.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) frames: Arc<AsyncMutex<mpsc::Receiver<Frame>>>,
    pub(super) ended: watch::Receiver<Option<End>>,
}

#[derive(Debug)]
struct Outbox {
    frames: mpsc::Sender<Frame>,
    /// Kept here for a connection that comes and goes, as long-polling does.
    receiver: Arc<AsyncMutex<mpsc::Receiver<Frame>>>,
    end: watch::Sender<Option<End>>,
    form: Form,
    sent: AtomicU64,
}

/// The queues of all connections.
#[derive(Debug)]
pub(crate) struct Hub {
    outboxes: Mutex<HashMap<String, Outbox>>,
    /// How many tasks carry connections.
    carriers: watch::Sender<usize>,
    /// How many connections there are.
    open: watch::Sender<usize>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            outboxes: Mutex::default(),
            carriers: watch::Sender::new(0),
            open: watch::Sender::new(0),
        }
    }
}

impl Hub {
    /// The type of the event that says that a connection lives.
    pub(super) const HEALTH_CHECK: &'static str = "health.check";

    /// Opens a queue for a connection.
    pub(super) fn open(&self, id: &str, form: Form) -> Inbox {
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

    /// What a connection takes its frames from, if it is open.
    pub(super) fn inbox(&self, id: &str) -> Option<Inbox> {
        let outboxes = lock(&self.outboxes);
        let outbox = outboxes.get(id)?;
        Some(Inbox { frames: Arc::clone(&outbox.receiver), ended: outbox.end.subscribe() })
    }

    /// Puts a frame into the queues of connections, and returns those whose queue is full.
    pub(super) fn send(&self, ids: &[&str], frame: &dyn Fn(Form) -> Frame) -> Vec<String> {
        let outboxes = lock(&self.outboxes);
        let mut full = Vec::new();
        for id in ids {
            let Some(outbox) = outboxes.get(*id) else {
                continue;
            };
            match outbox.frames.try_send(frame(outbox.form)) {
                Ok(()) => {
                    outbox.sent.fetch_add(1, Ordering::Relaxed);
                }
                Err(mpsc::error::TrySendError::Full(_)) => full.push((*id).to_owned()),
                // It is ending by itself.
                Err(mpsc::error::TrySendError::Closed(_)) => {}
            }
        }
        full
    }

    /// Closes the queue of a connection: whoever carries it sends what is left, and ends it.
    pub(super) fn close(&self, id: &str, end: End) {
        let mut outboxes = lock(&self.outboxes);
        if let Some(outbox) = outboxes.remove(id) {
            outbox.end.send_replace(Some(end));
            self.open.send_replace(outboxes.len());
        }
    }

    /// Returns how many frames a connection was sent.
    pub(super) fn sent(&self, id: &str) -> u64 {
        lock(&self.outboxes).get(id).map_or(0, |outbox| outbox.sent.load(Ordering::Relaxed))
    }

    /// Waits until there are so many connections, or more.
    pub(crate) async fn at_least(&self, count: usize) {
        let mut open = self.open.subscribe();
        // The sender lives as long as `self`.
        let _ = open.wait_for(|open| *open >= count).await;
    }

    /// Notes that a task carries a connection, until the guard is dropped.
    pub(super) fn carry(self: &Arc<Self>) -> Carrier {
        self.carriers.send_modify(|count| *count += 1);
        Carrier(Arc::clone(self))
    }

    /// Waits until nothing carries a connection any more, for so long at most.
    pub(crate) async fn idle(&self, patience: Duration) {
        let mut carriers = self.carriers.subscribe();
        let _ = tokio::time::timeout(patience, carriers.wait_for(|count| *count == 0)).await;
    }
}

/// Something that carries a connection.
#[derive(Debug)]
pub(super) struct Carrier(Arc<Hub>);

impl Drop for Carrier {
    fn drop(&mut self) {
        self.0.carriers.send_modify(|count| *count = count.saturating_sub(1));
    }
}
