//! The delivery of one event to one receiver.

use std::time::{Duration, Instant};

use super::client::{HookCall, HookClient, HookError, HookResponse};
use super::journal::Journal;
use super::queued_event::QueuedEvent;

/// The maximum number of attempts of a delivery.
const MAX_ATTEMPTS: u32 = 4;
/// The wait after the first failed attempt; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// The delivery of an event to a receiver, and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// The `X-Webhook-Id`, the same in all attempts.
    pub id: String,
    /// The type of the event.
    pub event: String,
    /// The URL of the receiver.
    pub url: String,
    /// The number of attempts; 0 if the queue was full.
    pub attempts: u32,
    /// The status of the last response, if there was one.
    pub status: Option<u16>,
    /// The reason of the failure, if it failed.
    pub error: Option<String>,
}

impl WebhookDelivery {
    /// Returns whether the receiver accepted it.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.error.is_none()
    }
}

impl QueuedEvent {
    /// Makes attempts until the receiver accepts the event, or the maximum is reached.
    pub(super) async fn deliver(self, client: &HookClient, journal: &Journal) -> WebhookDelivery {
        let mut attempt = 1;
        loop {
            let number = self.earlier_attempts.saturating_add(attempt);
            let began = Instant::now();
            let outcome = client
                .call(HookCall {
                    url: &self.hook.url,
                    id: &self.id,
                    attempt: number,
                    body: &self.body,
                    is_compressed: self.is_compressed,
                    timeout: self.hook.timeout,
                })
                .await;
            journal.attempt(&self.id, number, began.elapsed(), &outcome);
            let is_taken = matches!(&outcome, Ok(response) if response.status.is_success());
            let is_hopeless = matches!(
                outcome,
                Err(HookError::Url(_) | HookError::Host(_) | HookError::Request(_))
            );
            if is_taken || is_hopeless || attempt >= MAX_ATTEMPTS {
                return self.finished(number, outcome);
            }
            tokio::time::sleep(FIRST_WAIT * 2_u32.pow(attempt - 1)).await;
            attempt += 1;
        }
    }

    /// Returns the outcome of a delivery for which the queue was full.
    pub(super) fn dropped(self) -> WebhookDelivery {
        self.report(0, None, Some("the receiver's queue is full".to_owned()))
    }

    fn finished(self, attempts: u32, outcome: Result<HookResponse, HookError>) -> WebhookDelivery {
        match outcome {
            Ok(response) => {
                let error = (!response.status.is_success())
                    .then(|| format!("the receiver responded with {}", response.status));
                self.report(attempts, Some(response.status.as_u16()), error)
            }
            Err(error) => self.report(attempts, None, Some(error.to_string())),
        }
    }

    fn report(self, attempts: u32, status: Option<u16>, error: Option<String>) -> WebhookDelivery {
        WebhookDelivery {
            id: self.id,
            event: self.kind,
            url: self.hook.url,
            attempts,
            status,
            error,
        }
    }
}
