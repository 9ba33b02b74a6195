//! Webhooks in the forms in which Stream and AWS pack them.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue};

use stream_chat::Error;
use stream_chat::auth::ApiSecret;
use stream_chat::webhook::{SIGNATURE_HEADER, WebhookError, WebhookReceiver, WebhookSigner};

pub(crate) const SECRET: &str = "planted-secret-of-the-app";
pub(crate) const EVENT: &str = r#"{"type":"message.new","message":{"id":"m","text":"hello"}}"#;

pub(crate) fn secret() -> ApiSecret {
    ApiSecret::new(SECRET).unwrap()
}

pub(crate) fn receiver() -> WebhookReceiver {
    WebhookReceiver::new(&secret())
}

pub(crate) fn signature(body: impl AsRef<[u8]>) -> String {
    WebhookSigner::new(&secret()).sign(body.as_ref())
}

/// Returns the headers of a webhook with this uncompressed body.
pub(crate) fn headers(body: impl AsRef<[u8]>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(SIGNATURE_HEADER, signature(body).parse().unwrap());
    headers.insert("x-api-key", HeaderValue::from_static("key"));
    headers.insert("x-webhook-id", HeaderValue::from_static("8a2d"));
    headers.insert("x-webhook-attempt", HeaderValue::from_static("2"));
    headers
}

/// Returns the reason why a webhook was refused.
pub(crate) fn why<T>(result: Result<T, Error>) -> WebhookError {
    let error = result.err().unwrap();
    assert!(error.is_unverified(), "{error}");
    error.downcast().unwrap()
}

pub(crate) fn gzip(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body.as_ref()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn base64(body: impl AsRef<[u8]>) -> String {
    STANDARD.encode(body)
}

/// Returns the envelope of an SNS notification.
pub(crate) fn envelope(message: &str) -> String {
    serde_json::json!({
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:stream",
        "Message": message,
        "Timestamp": "2026-01-02T00:54:06.655Z",
    })
    .to_string()
}
