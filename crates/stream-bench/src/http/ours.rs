use super::job::{self, Caller};
use super::{KEY, TOKEN};
use anyhow::Result;
use std::sync::Arc;
use stream_http::transport::hyper::HyperTransport;
use stream_http::transport::reqwest::ReqwestTransport;
use stream_http::{Executor, Transport};
use stream_models::channels::{QueryChannels, QueryChannelsResponse};
use stream_models::messages::{SendMessage, SendMessageResponse};

/// Calls through an [`Executor`] as it comes, with all its policies.
#[derive(Clone)]
pub(super) struct Ours {
    executor: Executor,
    send: Arc<SendMessage>,
    query: Arc<QueryChannels>,
}

impl Ours {
    pub(super) fn on_reqwest(url: &str) -> Result<Self> {
        Self::on(url, ReqwestTransport::builder().no_proxy().build()?)
    }

    pub(super) fn on_hyper(url: &str) -> Result<Self> {
        Self::on(url, HyperTransport::builder().no_proxy().build()?)
    }

    fn on(url: &str, transport: impl Transport) -> Result<Self> {
        let executor = Executor::builder()
            .api_key(KEY)
            .token(TOKEN)
            .base_url(url)
            .transport(transport)
            .build()?;
        Ok(Self {
            executor,
            send: Arc::new(SendMessage::new("messaging", "general", job::message())),
            query: Arc::new(QueryChannels::new(job::query())),
        })
    }
}

impl Caller for Ours {
    async fn send_message(&self) -> Result<SendMessageResponse> {
        Ok(self.executor.send(&*self.send).await?.into_inner())
    }

    async fn query_channels(&self) -> Result<QueryChannelsResponse> {
        Ok(self.executor.send(&*self.query).await?.into_inner())
    }
}
