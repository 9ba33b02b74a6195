//! Every event of the schema is parsed, in every form in which the service sends it.

use crate::pack::{base64, envelope, gzip, headers, receiver};
use stream_chat::Timestamp;
use stream_chat::models::events::{EVENT_TYPES, Event};
use stream_chat::webhook::{QueueReceiver, Webhook};

const RFC_3339: &str = r#""2026-08-22T08:00:00.123456789Z""#;
const NANOSECONDS: &str = "1787385600123456789";

/// The events that the schema declares, including `*`, which stands for custom events.
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
            assert_eq!(queue.sqs(body.as_bytes()).unwrap().payload, event);
            assert_eq!(queue.sqs(packed.as_bytes()).unwrap().payload, event);
            assert_eq!(queue.sns(envelope(&body).as_bytes()).unwrap().payload, event);
            assert_eq!(queue.sns(envelope(&packed).as_bytes()).unwrap().payload, event);
        }
    }
}

#[test]
fn a_field_that_is_null_or_new_is_not_an_error() {
    for (event_type, _) in EVENT_TYPES {
        let body = format!(
            r#"{{"created_at":null,"user":null,"message":null,"channel":null,"member":null,"new":[{{}}],"type":"{event_type}"}}"#
        );
        let webhook = receiver().event(&headers(&body), body.as_bytes()).unwrap();
        assert_eq!(webhook.payload.event_type(), *event_type);
    }
}

/// A captured webhook with changed names.
const CAPTURED: &str = r#"{
    "type": "channel.created", "cid": "messaging:trip", "channel_id": "trip", "channel_type": "messaging",
    "created_at": "2024-10-21T08:57:03.123456789Z",
    "channel": {
        "id": "trip", "type": "messaging", "cid": "messaging:trip", "frozen": false, "disabled": false,
        "created_at": "2024-10-21T08:57:03.1Z", "updated_at": "2024-10-21T08:57:03.1Z", "member_count": 1,
        "created_by": {"id": "john", "role": "user", "first_name": "John", "online": true, "banned": false},
        "config": {"name": "messaging", "commands": ["giphy", "flag"]},
        "name": "Trip", "image": "https://example.com/trip.png", "custom_data2": "test"
    },
    "user": {"id": "john", "role": "user", "first_name": "John", "Custom": null},
    "request_info": {"type": "client", "ip": "192.0.2.7", "user_agent": "Firefox", "sdk": "stream-chat-react-1"},
    "members": [{"user_id": "john", "user": {"id": "john", "channel_unread_count": 2}, "channel_role": "channel_member"}],
    "something_new": {"a": 1}
}"#;

fn assert_nothing_is_lost(webhook: &Webhook) {
    let Event::ChannelCreated(event) = &webhook.payload else { panic!("{webhook:?}") };
    let channel = &event.channel.custom;
    assert_eq!(channel["name"], "Trip");
    assert_eq!(channel["image"], "https://example.com/trip.png");
    assert_eq!((&channel["custom_data2"], channel.len()), (&"test".into(), 3));
    assert_eq!(event.user.as_ref().unwrap().custom["first_name"], "John");
    assert_eq!(event.custom["something_new"]["a"], 1);
    assert_eq!(event.custom.len(), 1);
    assert_eq!(webhook.json()["channel"]["custom_data2"], "test");
    assert_eq!(webhook.json()["request_info"]["sdk"], "stream-chat-react-1");
    assert_eq!(webhook.body(), CAPTURED.as_bytes());
    let details = webhook.details();
    assert!(details.request_info.as_ref().unwrap().is_from_client());
    assert_eq!(details.members[0].channel_role, "channel_member");
    assert_eq!(details.members[0].unread.channel_unread_count, Some(2));
}

#[test]
fn flat_custom_data_is_read_wherever_it_comes_from() {
    let queue = QueueReceiver::new();
    let packed = base64(gzip(CAPTURED));
    for webhook in [
        receiver().event(&headers(CAPTURED), CAPTURED.as_bytes()),
        receiver().event(&headers(CAPTURED), &gzip(CAPTURED)),
        queue.sqs(CAPTURED.as_bytes()),
        queue.sqs(packed.as_bytes()),
        queue.sns(envelope(CAPTURED).as_bytes()),
        queue.sns(envelope(&packed).as_bytes()),
    ] {
        assert_nothing_is_lost(&webhook.unwrap());
    }
}

#[test]
fn an_authentic_event_is_never_refused_for_a_field() {
    let body = r#"{"type":"message.new","message":{"id":"m","text":["odd"],"mood":"happy"}}"#;
    let webhook = receiver().event(&headers(body), body.as_bytes()).unwrap();
    let Event::Other(event) = &webhook.payload else { panic!("{webhook:?}") };
    assert_eq!(event.failure.as_ref().unwrap().path, "$.message.text");
    assert_eq!(webhook.json()["message"]["mood"], "happy");
    assert!(webhook.skipped.is_empty());

    let tolerant = receiver().tolerant(true).event(&headers(body), body.as_bytes()).unwrap();
    let queued = QueueReceiver::new().tolerant(true).sqs(body.as_bytes()).unwrap();
    for webhook in [tolerant, queued] {
        let Event::MessageNew(event) = &webhook.payload else { panic!("{webhook:?}") };
        assert_eq!(
            (event.message.id.as_str(), &event.message.custom["mood"]),
            ("m", &"happy".into())
        );
        assert_eq!(webhook.skipped[0].path, "$.message.text");
        assert_eq!(webhook.json()["message"]["text"][0], "odd");
    }
}
