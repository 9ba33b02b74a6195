//! The transport that records.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, DATE, SET_COOKIE,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderValue, Response};
use http_body_util::BodyExt;

use super::cassette::{Cassette, Exchange, printable, target};
use crate::body::{RequestBody, ResponseBody};
use crate::redact;
use crate::response::collect;
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// The maximum size of a recorded body, in bytes.
const LIMIT: usize = 64 << 20;

/// A transport that sends requests through another one, and records requests and responses without
/// secrets. Clones record into the same cassette.
///
/// It buffers bodies, so use it for tests and not for large uploads.
#[derive(Clone)]
pub struct Recorder<T> {
    inner: T,
    cassette: Arc<Mutex<Cassette>>,
}

impl<T> Recorder<T> {
    /// Creates a recorder around `inner`.
    pub fn new(inner: T) -> Self {
        Self { inner, cassette: Arc::default() }
    }

    /// Returns the recording so far. Transport failures are not recorded.
    #[must_use]
    pub fn cassette(&self) -> Cassette {
        self.cassette.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<T: Transport> Transport for Recorder<T> {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (head, body) = request.into_parts();
        let sent = body.collect().await.map_err(TransportError::classify)?.to_bytes();
        let (method, target) = (head.method.clone(), target(&head.uri));
        let credentials = credentials(&head);
        let mut secrets = redact::secrets_of(&sent, head.uri.query().unwrap_or_default());
        secrets.extend_from_slice(&credentials);
        let request = http::Request::from_parts(head, RequestBody::bytes(sent.clone()));
        let (mut head, mut body) = self.inner.send(request).await?.into_parts();
        let body: Bytes = collect(&head.headers, &mut body, LIMIT, || {})
            .await
            .map_err(|error| TransportError::new(TransportErrorKind::Unknown, error))?;
        for name in
            [CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, DATE, SET_COOKIE, TRANSFER_ENCODING]
        {
            head.headers.remove(name);
        }
        let headers = shown(&head.headers, &secrets);
        if head.status.is_success() {
            // A secret of the request may be an ordinary word, and the response has to decode when
            // it is replayed.
            secrets.clear();
        }
        let exchange = Exchange {
            method,
            target,
            request_body: printable(&sent, &credentials, &[]),
            status: head.status,
            headers,
            body: printable(&body, &credentials, &secrets),
        };
        self.cassette.lock().unwrap_or_else(PoisonError::into_inner).exchanges.push(exchange);
        Ok(Response::from_parts(head, ResponseBody::bytes(body)))
    }
}

/// Returns the token and the key of a request, which a server may repeat.
fn credentials(head: &http::request::Parts) -> Vec<String> {
    let token = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pairs = head.uri.query().unwrap_or_default().split('&');
    let key = pairs.filter_map(|pair| pair.strip_prefix("api_key=")).map(redact::percent_decoded);
    token.map(str::to_owned).into_iter().chain(key).collect()
}

/// Returns the headers of a response without secrets.
fn shown(headers: &HeaderMap, secrets: &[String]) -> HeaderMap {
    let mut shown = headers.clone();
    for (name, value) in &mut shown {
        let text = match value.to_str() {
            Ok(_) if redact::is_secret(name.as_str()) => redact::REDACTED.to_owned(),
            Ok(text) => redact::urls(&redact::known(text.to_owned(), secrets), false).into_owned(),
            Err(_) => continue,
        };
        if let Ok(text) = HeaderValue::from_str(&text) {
            *value = text;
        }
    }
    shown
}

impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder(..)")
    }
}
