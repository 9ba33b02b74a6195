//! The HTTP client for the app's own servers.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::allowed_hosts::AllowedHosts;
use super::signature::sign;
use crate::auth::Keys;
use crate::compression::gzip;

/// The maximum size of a response, in bytes.
const MAX_RESPONSE_SIZE: usize = 1024 * 1024;

/// The reason why a request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    #[error("the URL is not one of plain http: {0}")]
    Url(String),
    #[error(
        "the host of {0} is not this machine: allow it with `--allow-webhook-host` or \
         `EmulatorBuilder::allow_webhook_host`"
    )]
    Host(String),
    #[error("the request could not be made: {0}")]
    Request(#[from] http::Error),
    #[error("the receiver could not be reached: {0}")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    #[error("the receiver did not respond within {0:?}")]
    TimedOut(Duration),
    #[error("the receiver's response could not be read: {0}")]
    Response(String),
    #[error("the body could not be compressed: {0}")]
    Compression(#[from] std::io::Error),
}

/// The response of a receiver.
#[derive(Debug)]
pub(crate) struct HookResponse {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// Sends requests to receivers, signed with the app's secret.
#[derive(Debug, Clone)]
pub(crate) struct HookClient {
    http: Client<HttpConnector, Full<Bytes>>,
    keys: Keys,
    hosts: AllowedHosts,
}

/// A request to a receiver.
#[derive(Debug, Clone)]
pub(crate) struct HookCall<'a> {
    pub(crate) url: &'a str,
    pub(crate) id: &'a str,
    pub(crate) attempt: u32,
    pub(crate) body: &'a Bytes,
    pub(crate) is_compressed: bool,
    pub(crate) timeout: Duration,
}

impl HookClient {
    pub(crate) fn new(keys: Keys, hosts: AllowedHosts) -> Self {
        Self { http: Client::builder(TokioExecutor::new()).build_http(), keys, hosts }
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) async fn call(&self, call: HookCall<'_>) -> Result<HookResponse, HookError> {
        let request = self.request(&call)?;
        self.exchange(request, call.timeout).await
    }

    /// Reads a page of this machine.
    pub(crate) async fn page(&self, url: &str, timeout: Duration) -> Result<String, HookError> {
        self.check(url)?;
        let request = Request::get(url)
            .header(header::ACCEPT, "text/html")
            .header(header::USER_AGENT, "stream-emulator")
            .body(Full::default())?;
        let response = self.exchange(request, timeout).await?;
        match response.status.is_success() {
            true => Ok(String::from_utf8_lossy(&response.body).into_owned()),
            false => Err(HookError::Response(format!("the status is {}", response.status))),
        }
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
        timeout: Duration,
    ) -> Result<HookResponse, HookError> {
        let exchange = async {
            let response = self.http.request(request).await?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_RESPONSE_SIZE)
                .collect()
                .await
                .map_err(|error| HookError::Response(error.to_string()))?
                .to_bytes();
            Ok(HookResponse { status, body })
        };
        tokio::time::timeout(timeout, exchange).await.unwrap_or(Err(HookError::TimedOut(timeout)))
    }

    /// Refuses URLs of hosts that are not allowed.
    fn check(&self, url: &str) -> Result<(), HookError> {
        if !url.starts_with("http://") {
            return Err(HookError::Url(url.to_owned()));
        }
        if !self.hosts.admit(url) {
            return Err(HookError::Host(url.to_owned()));
        }
        Ok(())
    }

    fn request(&self, call: &HookCall<'_>) -> Result<Request<Full<Bytes>>, HookError> {
        self.check(call.url)?;
        let mut request = Request::builder().method(Method::POST).uri(call.url);
        if let Some(headers) = request.headers_mut() {
            self.fill(headers, call)?;
        }
        let body = if call.is_compressed { gzip(call.body)?.into() } else { call.body.clone() };
        Ok(request.body(Full::new(body))?)
    }

    fn fill(&self, headers: &mut HeaderMap, call: &HookCall<'_>) -> Result<(), http::Error> {
        let fixed = HeaderValue::from_static;
        headers.insert(header::CONTENT_TYPE, fixed("application/json"));
        headers.insert(header::USER_AGENT, fixed("stream-emulator"));
        if call.is_compressed {
            headers.insert(header::CONTENT_ENCODING, fixed("gzip"));
        }
        headers.insert("x-api-key", HeaderValue::try_from(&self.keys.api_key)?);
        let signature = sign(&self.keys.api_secret, call.body);
        headers.insert("x-signature", HeaderValue::try_from(signature)?);
        headers.insert("x-webhook-id", HeaderValue::try_from(call.id)?);
        headers.insert("x-webhook-attempt", HeaderValue::from(call.attempt));
        Ok(())
    }
}
