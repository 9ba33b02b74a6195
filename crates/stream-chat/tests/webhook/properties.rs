//! No event panics, and nothing of an authentic event is lost, whatever its fields are.

use http::{HeaderMap, HeaderValue};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::pack::{base64, envelope, gzip, headers, receiver, signature, why};
use stream_chat::models::events::{EVENT_TYPES, Event};
use stream_chat::webhook::{
    BeforeMessageSendRequest, CustomCommandRequest, Payload, QueueReceiver, SIGNATURE_HEADER,
    WebhookError,
};

/// Generates JSON that often contains the relevant names.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!("2026-08-22T08:00:00Z")),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(name(), inner, 0..6).prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

const NAMES: &[&str] = &[
    "type",
    "created_at",
    "message",
    "user",
    "channel",
    "custom",
    "id",
    "text",
    "members",
    "form_data",
    "request_info",
    "Message",
    "Type",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => ".{0,4}"]
}

fn event_type() -> impl Strategy<Value = &'static str> {
    (0..EVENT_TYPES.len()).prop_map(|index| EVENT_TYPES[index].0)
}

/// Generates an event of a known type with arbitrary fields.
fn event() -> impl Strategy<Value = String> {
    (event_type(), btree_map(name(), value(), 0..6)).prop_map(|(event_type, fields)| {
        let mut fields = Map::from_iter(fields);
        fields.insert("type".to_owned(), event_type.into());
        Value::Object(fields).to_string()
    })
}

fn flip(bytes: &mut [u8], position: prop::sample::Index) {
    let bit = position.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

proptest! {
    #[test]
    fn one_flipped_bit_of_the_body_is_refused(event in event(), position: prop::sample::Index) {
        let headers = headers(&event);
        let mut body = event.into_bytes();
        flip(&mut body, position);
        let error = why(receiver().event(&headers, &body));
        prop_assert!(matches!(error, WebhookError::SignatureMismatch), "{error:?}");
    }

    #[test]
    fn one_flipped_bit_of_the_signature_is_refused(event in event(), position: prop::sample::Index) {
        let mut signature = signature(&event).into_bytes();
        flip(&mut signature, position);
        let error = why(receiver().read::<Event>(Some(&signature), event.as_bytes()));
        prop_assert!(matches!(error, WebhookError::SignatureMismatch), "{error:?}");
        if let Ok(value) = HeaderValue::from_bytes(&signature) {
            let headers = HeaderMap::from_iter([(SIGNATURE_HEADER.parse().unwrap(), value)]);
            prop_assert!(receiver().event(&headers, event.as_bytes()).is_err());
        }
    }

    #[test]
    fn one_flipped_bit_of_a_packed_body_changes_nothing_or_is_refused(
        text in "[a-z]{0,100}",
        position: prop::sample::Index,
    ) {
        let event = json!({"type": "message.new", "message": {"text": text}}).to_string();
        let mut packed = gzip(&event);
        flip(&mut packed, position);
        // The gzip header has fields that do not affect the content, such as a timestamp.
        if let Ok(webhook) = receiver().event(&headers(&event), &packed) {
            prop_assert_eq!(webhook.payload, Event::from_slice(event.as_bytes()).unwrap());
        }
    }

    #[test]
    fn events_of_any_shape_are_read(event in event()) {
        let unsigned = Event::from_json(event.as_bytes());
        let webhook = receiver().event(&headers(&event), event.as_bytes());
        prop_assert_eq!(unsigned.unwrap(), webhook.unwrap().payload);
    }

    #[test]
    fn events_of_an_unknown_type_are_always_read(mut fields in btree_map(name(), value(), 0..6)) {
        fields.insert("type".to_owned(), "not.one.of.stream".into());
        let json = Value::Object(Map::from_iter(fields));
        let Ok(Event::Other(event)) = Event::from_json(json.to_string().as_bytes()) else {
            return Err(TestCaseError::fail("not read"));
        };
        // Serialized once more, because JSON has no NaN, and floats may lose their last digit.
        let again: Value = serde_json::from_str(&json.to_string()).unwrap();
        prop_assert_eq!(Value::Object(event.json), again);
    }

    #[test]
    fn hooks_of_any_shape_are_read_or_refused(json in value()) {
        let json = json.to_string();
        let _ = BeforeMessageSendRequest::from_json(json.as_bytes());
        let _ = CustomCommandRequest::from_json(json.as_bytes());
        if let Err(error) = Event::from_json(json.as_bytes()) {
            let is_told = matches!(error, WebhookError::InvalidJson { .. } | WebhookError::MissingType);
            prop_assert!(is_told, "{error:?}");
        }
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..300), text in ".{0,100}") {
        let queue = QueueReceiver::new().max_body_size(200);
        let messages = [
            bytes.clone(),
            gzip(&bytes),
            base64(&bytes).into_bytes(),
            base64(gzip(&bytes)).into_bytes(),
            envelope(&base64(gzip(&text))).into_bytes(),
            envelope(&text).into_bytes(),
            text.into_bytes(),
        ];
        for message in &messages {
            let _ = queue.sqs(message);
            let _ = queue.sns(message);
            let _ = receiver().event(&headers(message), message);
            let _ = receiver().event(&headers("other"), message).unwrap_err();
        }
    }

    #[test]
    fn a_packed_event_is_the_same_event(event in event()) {
        let queue = QueueReceiver::new();
        let Ok(plain) = Event::from_json(event.as_bytes()) else { return Ok(()) };
        prop_assert_eq!(&queue.sqs(event.as_bytes()).unwrap().payload, &plain);
        prop_assert_eq!(&queue.sqs(base64(gzip(&event)).as_bytes()).unwrap().payload, &plain);
        prop_assert_eq!(&queue.sns(event.as_bytes()).unwrap().payload, &plain);
        prop_assert_eq!(&queue.sns(envelope(&event).as_bytes()).unwrap().payload, &plain);
        prop_assert_eq!(&queue.sns(envelope(&base64(&event)).as_bytes()).unwrap().payload, &plain);
        prop_assert_eq!(&receiver().event(&headers(&event), &gzip(&event)).unwrap().payload, &plain);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn nesting_does_not_overflow_the_stack(depth in 1..20_000_usize, event_type in event_type()) {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        for body in [
            format!(r#"{{"type":"{event_type}","custom":{{"a":{open}{close}}},"new":{open}{close}}}"#),
            format!(r#"{{"type":"other","a":{open}{close}}}"#),
            format!(r#"{{"a":{open}{close}}}"#),
            open.clone(),
        ] {
            let _ = receiver().event(&headers(&body), body.as_bytes());
            let _ = receiver().before_message_send(&headers(&body), body.as_bytes());
            let _ = QueueReceiver::new().sns(body.as_bytes());
        }
    }
}
