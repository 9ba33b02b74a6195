//! Prints the messages that Stream adds to an SQS queue, each once, until it is stopped.

use std::env;

use anyhow::{Context, Result};
use aws_config::BehaviorVersion;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use sqs_worker::{Event, Webhook, Worker};
use stream_redis::RedisWebhooks;

#[tokio::main]
async fn main() -> Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let queue_url = env::var("QUEUE_URL").context("QUEUE_URL is not set: the URL of the queue")?;
    let redis_url = env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1/".to_owned());

    let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let leases = RedisWebhooks::connect(&redis_url).await.context("Redis cannot be reached")?;
    let leases = leases.prefix("sqs-worker:").lease(sqs_worker::LEASE);
    let worker = Worker::new(aws_sdk_sqs::Client::new(&aws), queue_url, leases, on_event);

    let mut terminated = signal(SignalKind::terminate())?;
    worker
        .run_until(async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
        })
        .await;
    Ok(())
}

async fn on_event(webhook: Webhook) -> Result<()> {
    match &webhook.payload {
        Event::MessageNew(event) => {
            println!("{}: {}", event.message.user.id, event.message.text);
        }
        other => println!("{}", other.event_type()),
    }
    Ok(())
}
