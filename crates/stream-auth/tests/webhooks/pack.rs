//! Bodies in the forms in which Stream and AWS pack them.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;

use stream_auth::ApiSecret;

pub(crate) const SECRET: &str = "test-secret-for-vectors";
pub(crate) const EVENT: &str = r#"{"type":"message.new"}"#;
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(crate) fn secret() -> ApiSecret {
    ApiSecret::new(SECRET).unwrap()
}

pub(crate) fn gzip(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body.as_ref()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn base64(body: impl AsRef<[u8]>) -> String {
    STANDARD.encode(body)
}

/// The envelope of an SNS notification.
pub(crate) fn envelope(message: &str) -> String {
    serde_json::json!({
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:stream",
        "Message": message,
        "Timestamp": "2026-01-02T00:54:06.655Z",
        "SignatureVersion": "1",
        "MessageAttributes": { "event": { "Type": "String", "Value": "x" } },
    })
    .to_string()
}
