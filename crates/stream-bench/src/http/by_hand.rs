//! The same calls, written by hand without an SDK.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT,
};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::job::{self, Caller};
use super::server::Origin;
use super::{KEY, TIMEOUT, TOKEN};
use stream_models::channels::{QueryChannelsRequest, QueryChannelsResponse};
use stream_models::messages::{SendMessageRequest, SendMessageResponse};

const REQUEST_ID: &str = "x-client-request-id";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(55);
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// The requests, and the URL of the server.
struct Requests {
    url: String,
    message: SendMessageRequest,
    query: QueryChannelsRequest,
}

impl Requests {
    fn new(url: &str) -> Arc<Self> {
        let url = url.to_owned();
        Arc::new(Self { url, message: job::message(), query: job::query() })
    }

    fn message_url(&self, kind: &str, id: &str) -> String {
        format!("{}/api/v2/chat/channels/{kind}/{id}/message?api_key={KEY}", self.url)
    }

    fn query_url(&self) -> String {
        format!("{}/api/v2/chat/channels?api_key={KEY}", self.url)
    }
}

/// Returns the headers that are the same in every request.
fn fixed_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers.insert(AUTHORIZATION, HeaderValue::from_static(TOKEN));
    headers.insert("stream-auth-type", HeaderValue::from_static("jwt"));
    headers.insert(USER_AGENT, HeaderValue::from_static("stream-rust/0.1.0"));
    headers.insert("x-stream-client", HeaderValue::from_static("stream-rust-client-0.1.0"));
    headers
}

fn request_id() -> String {
    let random = fastrand::u128(..).to_ne_bytes();
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

/// Returns whether a body is compressed, which the request allows.
fn is_gzip(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip")
}

fn decode<T: DeserializeOwned>(is_gzip: bool, body: &[u8]) -> Result<T> {
    if !is_gzip {
        return Ok(serde_json::from_slice(body)?);
    }
    let mut json = Vec::new();
    MultiGzDecoder::new(body).read_to_end(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

/// reqwest by hand.
#[derive(Clone)]
pub(super) struct ReqwestByHand {
    client: reqwest::Client,
    requests: Arc<Requests>,
}

impl ReqwestByHand {
    pub(super) fn new(origin: &Origin) -> Result<Self> {
        let certificates = match &origin.certificate {
            Some(pem) => vec![reqwest::Certificate::from_pem(pem.as_bytes())?],
            None => Vec::new(),
        };
        let client = reqwest::Client::builder()
            .tls_certs_only(certificates)
            .default_headers(fixed_headers())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .http2_keep_alive_while_idle(true)
            .timeout(TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self { client, requests: Requests::new(&origin.url) })
    }

    async fn post<T: DeserializeOwned>(&self, url: String, body: &impl Serialize) -> Result<T> {
        let response = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(REQUEST_ID, request_id())
            .body(serde_json::to_vec(body)?)
            .send()
            .await?
            .error_for_status()?;
        let is_gzip = is_gzip(response.headers());
        decode(is_gzip, &response.bytes().await?)
    }
}

impl Caller for ReqwestByHand {
    async fn send_message(&self) -> Result<SendMessageResponse> {
        let url = self.requests.message_url("messaging", "general");
        self.post(url, &self.requests.message).await
    }

    async fn query_channels(&self) -> Result<QueryChannelsResponse> {
        self.post(self.requests.query_url(), &self.requests.query).await
    }
}

/// hyper by hand.
#[derive(Clone)]
pub(super) struct HyperByHand {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    headers: HeaderMap,
    requests: Arc<Requests>,
}

impl HyperByHand {
    pub(super) fn new(origin: &Origin) -> Result<Self> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let mut roots = rustls::RootCertStore::empty();
        if let Some(pem) = &origin.certificate {
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
        }
        let tls =
            rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT)
            .http2_keep_alive_while_idle(true)
            .build(connector);
        Ok(Self { client, headers: fixed_headers(), requests: Requests::new(&origin.url) })
    }

    async fn post<T: DeserializeOwned>(&self, url: String, body: &impl Serialize) -> Result<T> {
        let mut request = Request::post(url).body(Full::from(serde_json::to_vec(body)?))?;
        let mut headers = self.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(REQUEST_ID, HeaderValue::try_from(request_id())?);
        *request.headers_mut() = headers;
        let exchange = async {
            let (head, body) = self.client.request(request).await?.into_parts();
            ensure!(head.status.is_success(), "{}", head.status);
            Ok((is_gzip(&head.headers), body.collect().await?.to_bytes()))
        };
        let (is_gzip, body) = tokio::time::timeout(TIMEOUT, exchange).await??;
        decode(is_gzip, &body)
    }
}

impl Caller for HyperByHand {
    async fn send_message(&self) -> Result<SendMessageResponse> {
        let url = self.requests.message_url("messaging", "general");
        self.post(url, &self.requests.message).await
    }

    async fn query_channels(&self) -> Result<QueryChannelsResponse> {
        self.post(self.requests.query_url(), &self.requests.query).await
    }
}
