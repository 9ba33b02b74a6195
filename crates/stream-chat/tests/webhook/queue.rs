//! Events from SQS and SNS are parsed, however they are packed.

use crate::pack::{EVENT, base64, envelope, gzip, why};
use stream_chat::webhook::{QueueReceiver, WebhookError};

const BYTE_ORDER_MARK: &str = "\u{feff}";

#[test]
fn messages_are_read_however_they_are_packed() {
    let queue = QueueReceiver::new();
    let packings = [EVENT.to_owned(), base64(EVENT), base64(gzip(EVENT))];
    for message in packings.iter().flat_map(|packed| {
        let framed = format!("{BYTE_ORDER_MARK} \n{packed}\r\n");
        [packed.clone(), framed]
    }) {
        assert_eq!(queue.sqs(message.as_bytes()).unwrap().event_type(), "message.new", "{message}");
        assert_eq!(queue.sns(message.as_bytes()).unwrap().event_type(), "message.new", "{message}");
        let envelope = format!("{BYTE_ORDER_MARK}\n{}\n", envelope(&message));
        assert_eq!(queue.sns(envelope.as_bytes()).unwrap().event_type(), "message.new");
    }
}

#[test]
fn an_event_of_the_app_cannot_pass_for_an_envelope() {
    let custom =
        r#"{"type":"my.event","Type":"Notification","Message":"{\"type\":\"user.deleted\"}"}"#;
    let event = QueueReceiver::new().sns(custom.as_bytes()).unwrap();
    assert_eq!(event.event_type(), "my.event");
}

#[test]
fn every_error_has_its_own_variant() {
    let queue = QueueReceiver::new();
    let small = QueueReceiver::new().max_body_size(100);
    let bomb = base64(gzip(vec![b' '; 1000]));
    let confirmation =
        r#"{"Type":"SubscriptionConfirmation","SubscribeURL":"https://example.com"}"#;

    assert!(matches!(why(queue.sqs(b"{}")), WebhookError::MissingType));
    assert!(matches!(why(queue.sqs(b"{")), WebhookError::InvalidJson { .. }));
    assert!(matches!(why(queue.sqs(b"?")), WebhookError::InvalidBase64 { .. }));
    assert!(matches!(
        why(queue.sqs(base64("\u{1f}").as_bytes())),
        WebhookError::InvalidJson { .. }
    ));
    assert!(matches!(
        why(queue.sqs(base64(&gzip(EVENT)[..20]).as_bytes())),
        WebhookError::GzipFailed { .. }
    ));
    assert!(matches!(why(small.sqs(bomb.as_bytes())), WebhookError::TooLarge { limit: 100 }));
    assert!(matches!(why(queue.sns(confirmation.as_bytes())), WebhookError::SubscriptionMessage));
    assert!(matches!(why(queue.sns(envelope("{}").as_bytes())), WebhookError::MissingType));
}
