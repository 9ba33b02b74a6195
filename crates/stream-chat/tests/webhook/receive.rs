//! A receiver returns the event and the headers of an authentic webhook, and refuses any other.

use http::{HeaderMap, Request, StatusCode};

use crate::pack::{EVENT, gzip, headers, receiver, secret, signature, why};
use stream_chat::Client;
use stream_chat::auth::ApiSecret;
use stream_chat::models::events::Event;
use stream_chat::webhook::{
    Payload, SIGNATURE_HEADER, Webhook, WebhookError, WebhookMetadata, WebhookReceiver,
    WebhookSigner, status,
};

fn text(webhook: &Webhook) -> &str {
    match &webhook.payload {
        Event::MessageNew(event) => &event.message.text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_event_comes_with_what_the_headers_say() {
    let webhook = receiver().event(&headers(EVENT), EVENT.as_bytes()).unwrap();
    assert_eq!(text(&webhook), "hello");
    assert_eq!(webhook.metadata.api_key.as_deref(), Some("key"));
    assert_eq!(webhook.metadata.id.as_deref(), Some("8a2d"));
    assert_eq!(webhook.metadata.attempt, Some(2));
    assert!(webhook.metadata.is_retry());
}

#[test]
fn gzip_is_detected_by_its_bytes() {
    let packed = gzip(EVENT);
    let webhook = receiver().event(&headers(EVENT), &packed).unwrap();
    assert_eq!(text(&webhook), "hello");

    let mut misleading = headers(EVENT);
    misleading.insert("content-encoding", "gzip".parse().unwrap());
    assert_eq!(text(&receiver().event(&misleading, EVENT.as_bytes()).unwrap()), "hello");
}

#[test]
fn all_ways_into_the_receiver_lead_to_the_same() {
    let request = Request::post("/hook").body(EVENT.as_bytes()).unwrap();
    let (mut parts, body) = request.into_parts();
    parts.headers = headers(EVENT);
    let of_parts: Webhook = receiver().receive(&parts.headers, body).unwrap();
    let of_request: Webhook =
        receiver().receive_request(&Request::from_parts(parts, body)).unwrap();
    assert_eq!(of_parts, of_request);

    let signature = signature(EVENT);
    let event: Event = receiver().read(Some(signature.as_bytes()), body).unwrap();
    assert_eq!(event, of_parts.payload);
    let json = receiver().verify(Some(signature.as_bytes()), body).unwrap();
    assert_eq!(json.as_bytes(), body);
}

#[test]
fn a_receiver_of_the_client_has_its_secret() {
    let client = Client::new("key", secret().expose_secret()).unwrap();
    let receiver = client.webhook_receiver().unwrap();
    assert!(receiver.event(&headers(EVENT), EVENT.as_bytes()).is_ok());

    let user = Client::as_user("key", stream_chat::token_source::Token::new("t")).build().unwrap();
    assert!(user.webhook_receiver().unwrap_err().is_configuration());
}

#[test]
fn a_secret_can_be_replaced() {
    let next = ApiSecret::new("the next secret").unwrap();
    let mut of_next = headers(EVENT);
    of_next.insert(
        SIGNATURE_HEADER,
        WebhookSigner::new(&next).sign(EVENT.as_bytes()).parse().unwrap(),
    );
    let body = EVENT.as_bytes();
    assert!(matches!(why(receiver().event(&of_next, body)), WebhookError::SignatureMismatch));
    let both = receiver().also_accept(&next);
    assert!(both.event(&of_next, body).is_ok() && both.event(&headers(EVENT), body).is_ok());
}

#[test]
fn several_signatures_count_as_missing() {
    let mut several = headers(EVENT);
    several.append(SIGNATURE_HEADER, signature("other").parse().unwrap());
    for body in [EVENT, "other"] {
        let error = why(receiver().event(&several, body.as_bytes()));
        assert!(matches!(error, WebhookError::SignatureMismatch), "{error:?}");
    }
    let mut twice = headers(EVENT);
    for (name, value) in [("x-webhook-id", "1"), ("x-api-key", "k"), ("x-webhook-attempt", "1")] {
        twice.append(name, value.parse().unwrap());
    }
    assert_eq!(WebhookMetadata::from_headers(&twice), WebhookMetadata::default());
}

#[test]
fn headers_that_cannot_be_read_are_left_out() {
    let mut strange = HeaderMap::new();
    strange.insert("x-webhook-attempt", "second".parse().unwrap());
    strange.insert("x-webhook-id", "  ".parse().unwrap());
    strange.insert("x-api-key", http::HeaderValue::from_bytes(b"\xff").unwrap());
    assert_eq!(WebhookMetadata::from_headers(&strange), WebhookMetadata::default());
    assert!(!WebhookMetadata::default().is_retry());
}

fn refused(receiver: &WebhookReceiver, headers: &HeaderMap, body: &[u8]) -> (u16, WebhookError) {
    let error = receiver.event(headers, body).unwrap_err();
    (status(&error).as_u16(), error.downcast().unwrap())
}

#[test]
fn every_error_has_its_status() {
    let receiver = receiver();
    let none = HeaderMap::new();
    let refused_signed = |body: &str| refused(&receiver, &headers(body), body.as_bytes());

    assert!(matches!(
        refused(&receiver, &none, EVENT.as_bytes()),
        (401, WebhookError::MissingSignature)
    ));
    assert!(matches!(
        refused(&receiver, &headers("other"), EVENT.as_bytes()),
        (401, WebhookError::SignatureMismatch)
    ));
    assert!(matches!(refused_signed("{"), (400, WebhookError::InvalidJson { .. })));
    assert!(matches!(refused_signed(r#"{"type":7}"#), (400, WebhookError::InvalidJson { .. })));
    assert!(matches!(refused_signed("[]"), (400, WebhookError::InvalidJson { .. })));
    assert!(matches!(refused_signed("[null]"), (400, WebhookError::InvalidJson { .. })));
    assert!(matches!(refused_signed("{}"), (400, WebhookError::MissingType)));
    assert!(matches!(refused_signed(r#" {"type":null,"a":1}"#), (400, WebhookError::MissingType)));

    let cut = &gzip(EVENT)[..20];
    assert!(matches!(
        refused(&receiver, &headers(EVENT), cut),
        (400, WebhookError::GzipFailed { .. })
    ));
    let small = receiver.clone().max_body_size(20);
    assert!(matches!(
        refused(&small, &headers(EVENT), EVENT.as_bytes()),
        (413, WebhookError::TooLarge { limit: 20 })
    ));
    let bomb = gzip(vec![b' '; 1_000_000]);
    let small = receiver.clone().max_body_size(10_000);
    assert!(bomb.len() < 10_000);
    assert!(matches!(
        refused(&small, &headers(EVENT), &bomb),
        (413, WebhookError::TooLarge { .. })
    ));
    assert_eq!(status(&WebhookError::SubscriptionMessage.into()), StatusCode::BAD_REQUEST);
}

/// A payload that fails the test if it is parsed.
#[derive(Debug)]
struct Untouchable;

impl Payload for Untouchable {
    fn from_json(_: &[u8]) -> Result<Self, WebhookError> {
        panic!("an unverified body was parsed")
    }
}

#[test]
fn nothing_of_an_unverified_body_is_parsed() {
    let packed = gzip("{");
    for body in [&b"{"[..], b"", EVENT.as_bytes(), &packed] {
        for wrong in [HeaderMap::new(), headers("other")] {
            let error = why(receiver().receive::<Untouchable>(&wrong, body));
            assert!(error.is_authentication_failure(), "{error}");
        }
    }
}

#[test]
fn an_unknown_event_keeps_its_json() {
    let body = r#"{"plates":[1,{"deep":null}],"type":"dish.washed","big":12345678901234567}"#;
    let webhook = receiver().event(&headers(body), body.as_bytes()).unwrap();
    let Event::Other(event) = webhook.payload else { panic!("{webhook:?}") };
    assert_eq!(event.event_type, "dish.washed");
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(serde_json::Value::Object(event.json), json);
}

#[test]
fn errors_do_not_contain_user_content() {
    let body = r#"{"type":["for your eyes only"],"message":"for your eyes only"}"#;
    let (_, error) = refused(&receiver(), &headers(body), body.as_bytes());
    let text = format!("{error:?} {error} {}", std::error::Error::source(&error).unwrap());
    assert!(!text.contains("your eyes"), "{text}");
    assert!(text.contains("line 0 column"), "{text}");

    let body = r#"{"type":"message.new","message":"for your eyes only"}"#;
    let webhook = receiver().event(&headers(body), body.as_bytes()).unwrap();
    let Event::Other(event) = &webhook.payload else { panic!("{webhook:?}") };
    let text = format!("{:?} {}", event.failure, event.failure.as_ref().unwrap());
    assert!(!text.contains("your eyes") && text.contains("$.message"), "{text}");
}
