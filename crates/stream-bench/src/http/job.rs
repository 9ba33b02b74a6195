//! The calls that each contestant makes.

use std::future::Future;
use std::hint::black_box;

use anyhow::Result;
use tokio::task::JoinSet;

use stream_models::channels::{QueryChannelsRequest, QueryChannelsResponse};
use stream_models::messages::{MessageRequest, SendMessageRequest, SendMessageResponse};

/// The number of concurrent calls in the jobs that make calls together.
pub(super) const TOGETHER: u64 = 64;

/// A contestant that makes calls.
pub(super) trait Caller: Clone + Send + Sync + 'static {
    /// Sends a message: a small call.
    fn send_message(&self) -> impl Future<Output = Result<SendMessageResponse>> + Send;

    /// Queries a page of channels: a call with a large response.
    fn query_channels(&self) -> impl Future<Output = Result<QueryChannelsResponse>> + Send;
}

/// Returns the request of `SendMessage`.
pub(super) fn message() -> SendMessageRequest {
    SendMessageRequest::new(MessageRequest::from("Hello, world").user_id("john"))
}

/// Returns the request of `QueryChannels`.
pub(super) fn query() -> QueryChannelsRequest {
    QueryChannelsRequest::new().limit(30).message_limit(25)
}

/// The kind of calls, and whether they are concurrent.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Job {
    /// Small messages one after another.
    Messages,
    /// Small messages, 64 at a time.
    MessagesTogether,
    /// Pages of channels one after another.
    Pages,
    /// Pages of channels, 64 at a time.
    PagesTogether,
}

impl Job {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Messages => "SendMessage, one after another",
            Self::MessagesTogether => "SendMessage, 64 at a time",
            Self::Pages => "the page of channels, one after another",
            Self::PagesTogether => "the page of channels, 64 at a time",
        }
    }

    /// Makes this number of calls.
    pub(super) async fn run(self, caller: &impl Caller, calls: u64) -> Result<()> {
        match self {
            Self::Messages => messages(caller, calls).await,
            Self::Pages => pages(caller, calls).await,
            Self::MessagesTogether => together(caller, calls, Self::Messages).await,
            Self::PagesTogether => together(caller, calls, Self::Pages).await,
        }
    }
}

async fn messages(caller: &impl Caller, calls: u64) -> Result<()> {
    for _ in 0..calls {
        black_box(caller.send_message().await?);
    }
    Ok(())
}

async fn pages(caller: &impl Caller, calls: u64) -> Result<()> {
    for _ in 0..calls {
        black_box(caller.query_channels().await?);
    }
    Ok(())
}

/// Distributes the calls over 64 tasks.
async fn together(caller: &impl Caller, calls: u64, job: Job) -> Result<()> {
    let mut tasks = JoinSet::new();
    for task in 0..TOGETHER.min(calls) {
        let caller = caller.clone();
        let share = calls / TOGETHER + u64::from(task < calls % TOGETHER);
        tasks.spawn(async move {
            match job {
                Job::Pages | Job::PagesTogether => pages(&caller, share).await,
                Job::Messages | Job::MessagesTogether => messages(&caller, share).await,
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
