//! Requests to a webhook endpoint: only signed ones reach the handler, each event reaches it once,
//! and axum gets the same response as any other server.
//!
//! An input is a byte of options, then headers in lines of `name: value`, an empty line and the
//! body.
#![no_main]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum_core::body::Body;
use axum_core::extract::{FromRequest, Request};
use axum_core::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::Frame;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

use stream_auth::ApiSecret;
use stream_auth::webhook::{SIGNATURE_HEADER, WebhookSigner};
use stream_chat::webhook::{
    BeforeMessageSendRequest, CustomCommandRequest, Payload, Webhook, WebhookEndpoint,
    WebhookReceiver,
};

const SECRET: &str = "the secret of the app";
const LIMIT: usize = 2048;

/// Options in the first byte.
const SIGNED: u8 = 1;
const PACKED: u8 = 2;
const CHUNKED: u8 = 4;
const TOLERANT: u8 = 8;

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().build().unwrap();
}

fuzz_target!(|data: &[u8]| {
    let Some((options, rest)) = data.split_first() else { return };
    let input = Input::read(*options, rest);
    RUNTIME.with(|runtime| runtime.block_on(receive(&input)));
});

struct Input {
    options: u8,
    headers: HeaderMap,
    /// The body before it is compressed.
    content: Vec<u8>,
    body: Vec<u8>,
}

impl Input {
    fn read(options: u8, rest: &[u8]) -> Self {
        let mut headers = HeaderMap::new();
        let mut rest = rest;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
            let name = HeaderName::from_bytes(&line[..colon]);
            let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        if options & SIGNED != 0 {
            let signature = WebhookSigner::new(&ApiSecret::new(SECRET).unwrap()).sign(rest);
            headers.append(SIGNATURE_HEADER, signature.parse().unwrap());
        }
        let body = if options & PACKED != 0 { gzip(rest) } else { rest.to_vec() };
        Self { options, headers, content: rest.to_vec(), body }
    }

    fn is_authentic(&self) -> bool {
        self.options & SIGNED != 0 && self.headers.get_all(SIGNATURE_HEADER).iter().count() == 1
    }

    fn receiver(&self) -> WebhookReceiver {
        let secret = ApiSecret::new(SECRET).unwrap();
        WebhookReceiver::new(&secret).max_body_size(LIMIT).tolerant(self.options & TOLERANT != 0)
    }

    fn request(&self) -> Request {
        let size = if self.options & CHUNKED != 0 { 7 } else { usize::MAX };
        let chunks = self.body.chunks(size).map(Bytes::copy_from_slice).collect();
        let mut request = Request::new(Body::new(Chunks(chunks)));
        *request.headers_mut() = self.headers.clone();
        request
    }

    /// Returns whether the headers announce a body over the limit, which axum refuses unread.
    fn announces_too_much(&self) -> bool {
        let length = self.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > LIMIT)
    }
}

async fn receive(input: &Input) {
    let received: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
    let (log, content) = (received.clone(), input.content.clone());
    let handler = move |webhook: Webhook| {
        assert_eq!(webhook.body(), content);
        let _ = format!("{webhook:?} {:?} {:?}", webhook.json(), webhook.details());
        log.lock().unwrap().push(webhook.metadata.id.clone());
        async { Ok::<(), Infallible>(()) }
    };

    let endpoint = WebhookEndpoint::new(input.receiver(), handler);
    let direct = endpoint.handle(&input.headers, &input.body).await.status();
    let calls = |status: StatusCode| usize::from(status == 200);
    assert_eq!(received.lock().unwrap().len(), calls(direct));
    match direct.as_u16() {
        200 => assert!(input.is_authentic()),
        // What begins like gzip is unpacked before its signature is checked.
        400 => assert!(input.is_authentic() || input.body.starts_with(&[0x1f, 0x8b])),
        401 | 413 => {}
        other => panic!("{other}"),
    }
    let fits = input.content.len() <= LIMIT && input.body.len() <= LIMIT;
    if input.is_authentic() && fits && !input.content.starts_with(&[0x1f, 0x8b]) {
        assert!(matches!(direct.as_u16(), 200 | 400), "{direct}");
    }

    // A redelivery reaches the handler only if nothing identifies it.
    let has_id = received.lock().unwrap().first().is_some_and(Option::is_some);
    let again = respond(&endpoint, input).await;
    let unread = input.announces_too_much() && direct != 401;
    assert_eq!(again.status(), if unread { StatusCode::PAYLOAD_TOO_LARGE } else { direct });
    let expected = if has_id { calls(direct) } else { calls(direct) + calls(again.status()) };
    assert_eq!(received.lock().unwrap().len(), expected);
    assert!(!format!("{again:?}").contains(SECRET));

    hook::<BeforeMessageSendRequest>(input).await;
    hook::<CustomCommandRequest>(input).await;
}

async fn respond<H, F>(endpoint: &WebhookEndpoint<H>, input: &Input) -> Response
where
    H: Fn(Webhook) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), Infallible>> + Send,
{
    (endpoint.clone().into_handler())(input.request()).await
}

async fn hook<T: Payload>(input: &Input) {
    match Webhook::<T>::from_request(input.request(), &input.receiver()).await {
        Ok(webhook) => {
            assert!(input.is_authentic());
            assert_eq!(webhook.body(), input.content);
        }
        Err(rejection) => {
            assert!(matches!(rejection.status().as_u16(), 400 | 401 | 413), "{rejection}");
            assert!(!format!("{rejection} {rejection:?}").contains(SECRET));
        }
    }
}

struct Chunks(VecDeque<Bytes>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|chunk| Ok(Frame::data(chunk))))
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
