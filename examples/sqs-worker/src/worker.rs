//! The worker: receives messages of a queue and handles the webhooks in them.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::Message;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use stream_chat::webhook::{Claimed, DuplicateFilter, Lease, QueueReceiver, Webhook};

/// The default time for which a received message is hidden from other workers. A handler has five
/// sixths of it.
pub const VISIBILITY: Duration = Duration::from_secs(60);
/// The duration of a lease. It equals the visibility, so that the next receiver finds the lease
/// expired if this worker has died.
pub const LEASE: Duration = VISIBILITY;
/// The maximum number of messages that are handled at once.
const CONCURRENCY: usize = 20;
/// The maximum number of messages in one request.
const BATCH: i32 = 10;
/// The time that a request waits for the first message, in seconds.
const LONG_POLL: i32 = 20;
/// The delay after a failure to receive: the first one, and the maximum.
const BACKOFF: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(30)];

/// Receives messages of one queue and calls a handler with each event once.
///
/// A message whose handler fails, panics or takes too long is received again when its visibility
/// timeout is over. So is one that cannot be read: give the queue a redrive policy, which moves a
/// message to a dead-letter queue after it was received a few times.
pub struct Worker<H> {
    queue: Queue,
    leases: Arc<dyn DuplicateFilter>,
    receiver: QueueReceiver,
    handler: H,
}

/// The queue, which clones share.
#[derive(Clone)]
struct Queue {
    client: Client,
    url: String,
    visibility: Duration,
}

/// The fate of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It was handled, now or before.
    Delete,
    /// Another worker is handling it, or died meanwhile.
    Leave,
}

impl<H, F> Worker<H>
where
    H: Fn(Webhook) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    /// Creates a worker for the queue at `url`. All workers of a queue share the store of `leases`.
    pub fn new(
        client: Client,
        url: impl Into<String>,
        leases: impl DuplicateFilter,
        handler: H,
    ) -> Self {
        Self {
            queue: Queue { client, url: url.into(), visibility: VISIBILITY },
            leases: Arc::new(leases),
            // Events that have changed since compilation are decoded as far as possible.
            receiver: QueueReceiver::new().tolerant(true),
            handler,
        }
    }

    /// Sets the time for which a received message is hidden from other workers, in whole seconds;
    /// defaults to [`VISIBILITY`]. The leases must last as long. A handler that takes more than five
    /// sixths of it is canceled, and the message is handled again.
    #[must_use]
    pub fn visibility(mut self, visibility: Duration) -> Self {
        self.queue.visibility = visibility;
        self
    }

    /// Runs until `stop` completes, and then finishes the messages in progress.
    pub async fn run_until(&self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut handled = JoinSet::new();
        let mut failures = 0_u32;
        loop {
            while handled.len() >= CONCURRENCY {
                handled.join_next().await;
            }
            let received = tokio::select! {
                () = &mut stop => break,
                received = self.queue.receive() => received,
            };
            match received {
                Ok(messages) => {
                    failures = 0;
                    for message in messages {
                        handled.spawn(self.handling(message));
                    }
                }
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::warn!("no messages could be received: {error:#}");
                    let [first, last] = BACKOFF;
                    tokio::select! {
                        () = &mut stop => break,
                        () = sleep(last.min(first * failures)) => {}
                    }
                }
            }
        }
        while handled.join_next().await.is_some() {}
    }

    /// Handles a message and deletes it. After a failure, it stays in the queue.
    fn handling(&self, message: Message) -> impl Future<Output = ()> + Send + use<H, F> {
        let Self { queue, leases, receiver, handler } = self;
        let (queue, leases) = (queue.clone(), Arc::clone(leases));
        let (receiver, handler) = (receiver.clone(), handler.clone());
        async move {
            let id = message.message_id.clone().unwrap_or_default();
            let fate = handle(&leases, &receiver, &handler, &message, queue.max_handling()).await;
            let deleted = match fate {
                Ok(Fate::Delete) => queue.delete(&message).await,
                Ok(Fate::Leave) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = deleted {
                tracing::warn!(id, "a message stays in the queue: {error:#}");
            }
        }
    }
}

async fn handle<H, F>(
    leases: &Arc<dyn DuplicateFilter>,
    receiver: &QueueReceiver,
    handler: &H,
    message: &Message,
    max_handling: Duration,
) -> Result<Fate>
where
    H: Fn(Webhook) -> F,
    F: Future<Output = Result<()>>,
{
    let id = message.message_id.as_deref().context("it has no id")?;
    // `sns` reads bare events too, so the queue may also be subscribed to a topic.
    let event = receiver.sns(message.body.as_deref().unwrap_or_default().as_bytes())?;
    let lease = match Lease::claim(leases, id).await {
        Ok(Claimed::New(lease)) => lease,
        Ok(Claimed::Done) => return Ok(Fate::Delete),
        Ok(_) => return Ok(Fate::Leave),
        // A late message is better than one that is handled twice.
        Err(error) => return Err(Error::new(error).context("it could not be claimed")),
    };
    match timeout(max_handling, handler(event)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(release(lease, error).await),
        Err(_) => {
            let error = anyhow!("its handler took longer than {} s", max_handling.as_secs_f64());
            return Err(release(lease, error).await);
        }
    }
    if let Err(error) = lease.confirm().await {
        // The message was handled, so deleting it prevents another handling.
        tracing::warn!(id, "that a message was handled could not be stored: {error}");
    }
    Ok(Fate::Delete)
}

/// Releases a lease, so that the next receiver handles the message.
async fn release(lease: Lease, failure: Error) -> Error {
    match lease.release().await {
        Ok(()) => failure,
        Err(error) => failure.context(format!("its lease has to expire: {error}")),
    }
}

impl Queue {
    /// Returns the timeout of a handler. The rest of the lease is for confirming and deleting.
    fn max_handling(&self) -> Duration {
        self.visibility * 5 / 6
    }

    async fn receive(&self) -> Result<Vec<Message>> {
        let received = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(BATCH)
            .wait_time_seconds(LONG_POLL)
            .visibility_timeout(i32::try_from(self.visibility.as_secs()).unwrap_or(i32::MAX))
            .send()
            .await?;
        Ok(received.messages.unwrap_or_default())
    }

    async fn delete(&self, message: &Message) -> Result<()> {
        let handle = message.receipt_handle.as_deref().context("it has no receipt handle")?;
        self.client.delete_message().queue_url(&self.url).receipt_handle(handle).send().await?;
        Ok(())
    }
}
