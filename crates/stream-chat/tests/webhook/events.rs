use crate::pack::{base64, envelope, gzip, headers, receiver};
use stream_chat::Timestamp;
use stream_chat::models::events::{EVENT_TYPES, Event};
use stream_chat::webhook::QueueReceiver;

const RFC_3339: &str = r#""2026-08-22T08:00:00.123456789Z""#;
const NANOSECONDS: &str = "1787385600123456789";

/// The events that the schema names, and `*`, which stands for those that an app sends itself.
#[test]
fn the_types_are_the_77_of_the_schema() {
    assert_eq!(EVENT_TYPES.len(), 77);
}

#[test]
fn every_event_parses_with_its_type_and_either_form_of_time() {
    let moment: Timestamp = RFC_3339.trim_matches('"').parse().unwrap();
    for (event_type, _) in EVENT_TYPES {
        for time in [RFC_3339, NANOSECONDS] {
            let body = format!(r#"{{"type":"{event_type}","created_at":{time}}}"#);
            let webhook = receiver().event(&headers(&body), body.as_bytes()).unwrap();
            let event = webhook.payload;
            assert_eq!(event.event_type(), *event_type);
            assert_eq!(event.created_at(), moment, "{body}");
            assert_eq!(matches!(event, Event::Other(_)), *event_type == "*", "{body}");

            let queue = QueueReceiver::new();
            let packed = base64(gzip(&body));
            assert_eq!(queue.sqs(body.as_bytes()).unwrap(), event);
            assert_eq!(queue.sqs(packed.as_bytes()).unwrap(), event);
            assert_eq!(queue.sns(envelope(&body).as_bytes()).unwrap(), event);
            assert_eq!(queue.sns(envelope(&packed).as_bytes()).unwrap(), event);
        }
    }
}

#[test]
fn a_field_that_is_null_or_new_is_no_error() {
    for (event_type, _) in EVENT_TYPES {
        let body = format!(
            r#"{{"created_at":null,"user":null,"message":null,"channel":null,"member":null,"new":[{{}}],"type":"{event_type}"}}"#
        );
        let webhook = receiver().event(&headers(&body), body.as_bytes()).unwrap();
        assert_eq!(webhook.payload.event_type(), *event_type);
    }
}
