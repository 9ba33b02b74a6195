//! The queues of events. Each receiver has its own, so that it gets events in order, and a slow one
//! does not delay others.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::allowed_hosts::AllowedHosts;
use super::client::{HookCall, HookClient};
use super::delivery::WebhookDelivery;
use super::hook::{has_hooks, hooks};
use super::journal::{DeliveryRecord, Journal};
use super::queued_event::QueuedEvent;
use super::signature::sign;
use crate::auth::Keys;
use crate::document::Object;
use crate::events::{Event, event_type};
use crate::feed::Signal;
use crate::json;
use crate::lock::lock;
use crate::state::{App, World};
use crate::view::View;
use crate::wire::Form;

/// The maximum number of events in a queue.
const QUEUE_LENGTH: usize = 4096;
/// The maximum number of stored outcomes.
const MAX_DELIVERIES: usize = 4096;

/// Sends events to the receivers in the app's settings.
#[derive(Debug)]
pub(crate) struct Webhooks {
    form: Form,
    state: Arc<State>,
    queues: Mutex<HashMap<String, Queue>>,
}

/// The state that the queues share.
#[derive(Debug)]
struct State {
    client: HookClient,
    journal: Journal,
    under_way: watch::Sender<usize>,
    deliveries: Mutex<VecDeque<WebhookDelivery>>,
}

#[derive(Debug)]
struct Queue {
    sender: mpsc::Sender<QueuedEvent>,
    worker: JoinHandle<()>,
}

impl Webhooks {
    /// Creates the queues, with the wire format of webhooks and the signal for the inspector.
    pub(crate) fn new(
        keys: Keys,
        hosts: AllowedHosts,
        form: Form,
        signal: Option<Arc<Signal>>,
    ) -> Self {
        Self {
            form,
            state: Arc::new(State {
                client: HookClient::new(keys, hosts),
                journal: Journal::new(signal),
                under_way: watch::Sender::new(0),
                deliveries: Mutex::default(),
            }),
            queues: Mutex::default(),
        }
    }

    /// Returns whether there are any receivers.
    pub(crate) fn has_hooks(&self, app: &App) -> bool {
        has_hooks(app)
    }

    /// Sends a request to the app's own server, and returns its response if it is a success.
    pub(crate) async fn ask(
        &self,
        url: &str,
        timeout: Duration,
        attempts: u32,
        body: &Object,
    ) -> Option<Value> {
        let id = uuid::Uuid::new_v4().to_string();
        let body = Bytes::from(self.form.write(body));
        for attempt in 1..=attempts {
            let call =
                HookCall { url, id: &id, attempt, body: &body, is_compressed: false, timeout };
            match self.state.client.call(call).await {
                Ok(response) if response.status.is_success() => {
                    return json::parse(&response.body).ok();
                }
                _ => {}
            }
        }
        None
    }

    /// Reads a page of this machine; `None` if it cannot be read.
    pub(crate) async fn page(&self, url: &str, timeout: Duration) -> Option<String> {
        self.state.client.page(url, timeout).await.ok()
    }

    /// Adds events to the queues of their receivers.
    pub(crate) fn send(&self, world: &World, events: &[Event]) {
        let hooks: Vec<_> = hooks(&world.app).collect();
        if events.is_empty() || hooks.is_empty() {
            return;
        }
        let is_compressed = world.app.flag("enable_hook_payload_compression");
        for event in events.iter().filter(|event| event_type(&event.kind).is_webhook) {
            let kind = event.kind.to_string();
            let document = with_details(world, event);
            let body = Bytes::from(self.form.write(&document));
            for hook in hooks.iter().filter(|hook| hook.wants(&kind)) {
                self.queue(QueuedEvent {
                    id: uuid::Uuid::new_v4().to_string(),
                    kind: kind.clone(),
                    body: body.clone(),
                    hook: hook.clone(),
                    is_compressed,
                    earlier_attempts: 0,
                });
            }
        }
    }

    fn queue(&self, event: QueuedEvent) {
        let mut queues = lock(&self.queues);
        let key = format!("{} {}", event.hook.id, event.hook.url);
        let queue = queues.entry(key).or_insert_with(|| Queue::open(Arc::clone(&self.state)));
        self.state.under_way.send_modify(|count| *count += 1);
        self.state.journal.begin(&event);
        if let Err(error) = queue.sender.try_send(event) {
            let event = match error {
                mpsc::error::TrySendError::Full(event)
                | mpsc::error::TrySendError::Closed(event) => event,
            };
            self.state.finish(event.dropped());
        }
    }

    /// Waits until no delivery is in progress.
    pub(crate) async fn idle(&self) {
        let mut under_way = self.state.under_way.subscribe();
        // The sender exists as long as `self`.
        let _ = under_way.wait_for(|count| *count == 0).await;
    }

    pub(crate) fn deliveries(&self) -> Vec<WebhookDelivery> {
        lock(&self.state.deliveries).iter().cloned().collect()
    }

    /// Returns the latest deliveries, from the oldest to the newest, if the inspector is enabled.
    pub(crate) fn journal(&self) -> Vec<DeliveryRecord> {
        self.state.journal.all()
    }

    /// Returns the number of deliveries, and that of failed ones.
    pub(crate) fn journal_counts(&self) -> (usize, usize) {
        self.state.journal.counts()
    }

    /// Returns a delivery with its attempts.
    pub(crate) fn delivery(&self, id: &str) -> Option<DeliveryRecord> {
        self.state.journal.get(id)
    }

    /// Removes finished deliveries from the journal.
    pub(crate) fn clear_journal(&self) {
        self.state.journal.clear();
    }

    /// Returns the signature of a body.
    pub(crate) fn signature(&self, body: &[u8]) -> String {
        sign(&self.state.client.keys().api_secret, body)
    }

    /// Redelivers an event: under the same ID, as the service does after a failure, or under a new
    /// one, so that a receiver which knows the ID handles it. Returns the ID; `None` if the
    /// delivery is unknown.
    pub(crate) fn deliver_again(&self, id: &str, under_new_id: bool) -> Option<String> {
        let record = self.delivery(id)?;
        let last = record.attempts.back().map_or(0, |attempt| attempt.number);
        let mut event = record.event;
        if under_new_id {
            event.id = uuid::Uuid::new_v4().to_string();
            event.earlier_attempts = 0;
        } else {
            event.earlier_attempts = last;
        }
        let id = event.id.clone();
        self.queue(event);
        Some(id)
    }

    /// Aborts the deliveries in progress.
    pub(crate) fn stop(&self) {
        for (_, queue) in lock(&self.queues).drain() {
            queue.worker.abort();
        }
        self.state.under_way.send_replace(0);
    }
}

impl Queue {
    fn open(state: Arc<State>) -> Self {
        let (sender, mut events) = mpsc::channel::<QueuedEvent>(QUEUE_LENGTH);
        let worker = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let delivery = event.deliver(&state.client, &state.journal).await;
                state.finish(delivery);
            }
        });
        Self { sender, worker }
    }
}

impl State {
    fn finish(&self, delivery: WebhookDelivery) {
        self.journal.finish(&delivery.id, delivery.is_delivered());
        let mut deliveries = lock(&self.deliveries);
        deliveries.push_back(delivery);
        if deliveries.len() > MAX_DELIVERIES {
            deliveries.pop_front();
        }
        drop(deliveries);
        self.under_way.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Returns the document of an event with what only webhooks contain: the request that caused it, and
/// for a new message the members with their unread counts.
fn with_details(world: &World, event: &Event) -> Object {
    let mut document = event.document.clone();
    if let Some(info) = &event.request_info {
        document.set("request_info", Arc::clone(info));
    }
    let channel = event.cid.as_deref().and_then(|cid| world.channels.get(cid));
    if let Some(channel) = channel.filter(|_| event.kind == "message.new") {
        let view = View::of_backend(world, world.clock.now());
        if let Some(members) = view.members_with_unread(channel) {
            document.set("members", members);
        }
    }
    document
}
