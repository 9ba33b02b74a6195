//! The contestant that calls through the executor.

use std::sync::Arc;

use anyhow::Result;

use super::job::{self, Caller};
use super::server::Origin;
use super::{KEY, TOKEN};
use stream_http::transport::TransportBuilder;
use stream_http::transport::hyper::HyperTransport;
use stream_http::transport::reqwest::ReqwestTransport;
use stream_http::{Executor, Transport};
use stream_models::channels::{QueryChannels, QueryChannelsResponse};
use stream_models::messages::{SendMessage, SendMessageResponse};

/// Calls through an [`Executor`] with its default policies.
#[derive(Clone)]
pub(super) struct Ours {
    executor: Executor,
    send: Arc<SendMessage>,
    query: Arc<QueryChannels>,
}

impl Ours {
    pub(super) fn on_reqwest(origin: &Origin) -> Result<Self> {
        Self::on(&origin.url, trusting(ReqwestTransport::builder(), origin).build()?)
    }

    pub(super) fn on_hyper(origin: &Origin) -> Result<Self> {
        Self::on(&origin.url, trusting(HyperTransport::builder(), origin).build()?)
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

fn trusting<T>(builder: TransportBuilder<T>, origin: &Origin) -> TransportBuilder<T> {
    match &origin.certificate {
        Some(pem) => builder.no_proxy().root_certificates_pem(pem.as_str()),
        None => builder.no_proxy(),
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
