//! The queues of events, one for each receiver: so that each gets them in order, and a slow one
//! holds up no other.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::allowed_hosts::AllowedHosts;
use super::client::{HookCall, HookClient};
use super::delivery::{Parcel, WebhookDelivery};
use super::hook::{has_hooks, hooks};
use super::journal::{DeliveryRecord, Journal};
use super::signature::sign;
use crate::auth::Keys;
use crate::document::Object;
use crate::events::{Event, event_type};
use crate::feed::Bell;
use crate::lock::lock;
use crate::state::App;
use crate::wire::Form;

/// How many events may wait for one receiver.
const QUEUE_LENGTH: usize = 4096;
/// How often a question is asked before the operation goes on without a response.
const MAX_QUESTION_ATTEMPTS: u32 = 2;
/// How many deliveries are remembered.
const KEPT_DELIVERIES: usize = 4096;

/// Sends events to whoever the app's settings name.
#[derive(Debug)]
pub(crate) struct Webhooks {
    form: Form,
    office: Arc<Office>,
    queues: Mutex<HashMap<String, Queue>>,
}

/// What the queues share.
#[derive(Debug)]
struct Office {
    client: HookClient,
    journal: Journal,
    under_way: watch::Sender<usize>,
    deliveries: Mutex<VecDeque<WebhookDelivery>>,
}

#[derive(Debug)]
struct Queue {
    sender: mpsc::Sender<Parcel>,
    worker: JoinHandle<()>,
}

impl Webhooks {
    /// Webhooks in a form, with a bell for someone who watches.
    pub(crate) fn new(
        keys: Keys,
        hosts: AllowedHosts,
        form: Form,
        bell: Option<Arc<Bell>>,
    ) -> Self {
        Self {
            form,
            office: Arc::new(Office {
                client: HookClient::new(keys, hosts),
                journal: Journal::new(bell),
                under_way: watch::Sender::new(0),
                deliveries: Mutex::default(),
            }),
            queues: Mutex::default(),
        }
    }

    /// Returns whether anyone is to be told anything.
    pub(crate) fn has_hooks(&self, app: &App) -> bool {
        has_hooks(app)
    }

    /// Sends a request to the app's own server, and returns its response if it is a success.
    pub(crate) async fn ask(&self, url: &str, timeout: Duration, body: &Object) -> Option<Value> {
        let id = uuid::Uuid::new_v4().to_string();
        let body = Bytes::from(self.form.write(body));
        for attempt in 1..=MAX_QUESTION_ATTEMPTS {
            let call =
                HookCall { url, id: &id, attempt, body: &body, is_compressed: false, timeout };
            match self.office.client.call(call).await {
                Ok(answer) if answer.status.is_success() => {
                    return serde_json::from_slice(&answer.body).ok();
                }
                _ => {}
            }
        }
        None
    }

    /// Reads a page of this machine, or nothing if it cannot be read.
    pub(crate) async fn page(&self, url: &str, timeout: Duration) -> Option<String> {
        self.office.client.page(url, timeout).await.ok()
    }

    /// Puts events into the queues of all who want them.
    pub(crate) fn send(&self, app: &App, events: &[Event]) {
        if events.is_empty() {
            return;
        }
        let is_compressed = app.flag("enable_hook_payload_compression");
        let hooks: Vec<_> = hooks(app).collect();
        for event in events.iter().filter(|event| event_type(&event.kind).is_webhook) {
            let kind = event.kind.to_string();
            let body = Bytes::from(self.form.write(&event.document));
            for hook in hooks.iter().filter(|hook| hook.wants(&kind)) {
                self.queue(Parcel {
                    id: uuid::Uuid::new_v4().to_string(),
                    event: kind.clone(),
                    body: body.clone(),
                    hook: hook.clone(),
                    is_compressed,
                    earlier_attempts: 0,
                });
            }
        }
    }

    fn queue(&self, parcel: Parcel) {
        let mut queues = lock(&self.queues);
        let key = format!("{} {}", parcel.hook.id, parcel.hook.url);
        let queue = queues.entry(key).or_insert_with(|| Queue::open(Arc::clone(&self.office)));
        self.office.under_way.send_modify(|count| *count += 1);
        self.office.journal.begin(&parcel);
        if let Err(error) = queue.sender.try_send(parcel) {
            let parcel = match error {
                mpsc::error::TrySendError::Full(parcel)
                | mpsc::error::TrySendError::Closed(parcel) => parcel,
            };
            self.office.finish(parcel.dropped());
        }
    }

    /// Waits until nothing is under way.
    pub(crate) async fn idle(&self) {
        let mut under_way = self.office.under_way.subscribe();
        // The sender lives as long as `self`.
        let _ = under_way.wait_for(|count| *count == 0).await;
    }

    pub(crate) fn deliveries(&self) -> Vec<WebhookDelivery> {
        lock(&self.office.deliveries).iter().cloned().collect()
    }

    /// Returns what became of the latest deliveries, from the oldest to the newest, if someone
    /// watches.
    pub(crate) fn journal(&self) -> Vec<DeliveryRecord> {
        self.office.journal.all()
    }

    /// Returns how many deliveries are known, and how many of them failed.
    pub(crate) fn journal_counts(&self) -> (usize, usize) {
        self.office.journal.counts()
    }

    /// Returns what became of a delivery.
    pub(crate) fn delivery(&self, id: &str) -> Option<DeliveryRecord> {
        self.office.journal.get(id)
    }

    /// Forgets the deliveries that are over.
    pub(crate) fn clear_journal(&self) {
        self.office.journal.clear();
    }

    /// Returns the signature that goes with a body.
    pub(crate) fn signature(&self, body: &[u8]) -> String {
        sign(&self.office.client.keys().api_secret, body)
    }

    /// Delivers again: under the same id, as the service does when a receiver failed, or under a
    /// new one, so that a receiver which knows the id handles it. Returns the id, or none if the
    /// delivery is not known.
    pub(crate) fn deliver_again(&self, id: &str, under_new_id: bool) -> Option<String> {
        let record = self.delivery(id)?;
        let last = record.attempts.back().map_or(0, |attempt| attempt.number);
        let mut parcel = record.parcel;
        if under_new_id {
            parcel.id = uuid::Uuid::new_v4().to_string();
            parcel.earlier_attempts = 0;
        } else {
            parcel.earlier_attempts = last;
        }
        let id = parcel.id.clone();
        self.queue(parcel);
        Some(id)
    }

    /// Gives up what is under way.
    pub(crate) fn stop(&self) {
        for (_, queue) in lock(&self.queues).drain() {
            queue.worker.abort();
        }
        self.office.under_way.send_replace(0);
    }
}

impl Queue {
    fn open(office: Arc<Office>) -> Self {
        let (sender, mut parcels) = mpsc::channel::<Parcel>(QUEUE_LENGTH);
        let worker = tokio::spawn(async move {
            while let Some(parcel) = parcels.recv().await {
                let delivery = parcel.deliver(&office.client, &office.journal).await;
                office.finish(delivery);
            }
        });
        Self { sender, worker }
    }
}

impl Office {
    fn finish(&self, delivery: WebhookDelivery) {
        self.journal.finish(&delivery.id, delivery.is_delivered());
        let mut deliveries = lock(&self.deliveries);
        deliveries.push_back(delivery);
        if deliveries.len() > KEPT_DELIVERIES {
            deliveries.pop_front();
        }
        drop(deliveries);
        self.under_way.send_modify(|count| *count = count.saturating_sub(1));
    }
}
