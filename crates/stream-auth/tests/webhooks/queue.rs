//! Messages of SQS and SNS are unpacked in every form, and an event is never taken for an envelope.

use serde_json::json;

use crate::pack::{BYTE_ORDER_MARK, EVENT, base64, envelope, gzip};
use stream_auth::webhook::{QueueDecoder, WebhookError};

/// Returns every form of the event, with and without its surroundings.
fn forms() -> Vec<String> {
    let bare = [
        EVENT.to_owned(),
        base64(EVENT),
        base64(EVENT).trim_end_matches('=').to_owned(),
        base64(gzip(EVENT)),
        base64(format!("{BYTE_ORDER_MARK}{EVENT}\n")),
    ];
    bare.iter()
        .flat_map(|form| {
            [
                form.clone(),
                format!(" \r\n\t{form}\n\n"),
                format!("{BYTE_ORDER_MARK}{form}"),
                format!(" {BYTE_ORDER_MARK} {form} "),
            ]
        })
        .collect()
}

#[test]
fn sqs_takes_every_form() {
    for form in forms() {
        let event = QueueDecoder::new().sqs(form.as_bytes()).unwrap();
        assert_eq!(*event, *EVENT.as_bytes(), "{form}");
    }
}

#[test]
fn sns_takes_every_form_with_and_without_an_envelope() {
    for form in forms() {
        let event = QueueDecoder::new().sns(form.as_bytes()).unwrap();
        assert_eq!(*event, *EVENT.as_bytes(), "{form}");

        for envelope in [envelope(&form), format!("\n{BYTE_ORDER_MARK}{} ", envelope(&form))] {
            let event = QueueDecoder::new().sns(envelope.as_bytes()).unwrap();
            assert_eq!(*event, *EVENT.as_bytes(), "{envelope}");
        }
    }
}

#[test]
fn an_event_is_never_an_envelope() {
    let forged = json!({
        "type": "custom.event",
        "Type": "Notification",
        "Message": r#"{"type":"user.deleted"}"#,
    })
    .to_string();
    let event = QueueDecoder::new().sns(forged.as_bytes()).unwrap();
    assert_eq!(*event, *forged.as_bytes());

    // Members of a custom event with the names of SNS must not make it unreadable either.
    for message in [json!(null), json!(1), json!({"a": [1]}), json!([[]])] {
        let event = json!({"type": "custom.event", "Type": message, "Message": message});
        let event = event.to_string();
        assert_eq!(*QueueDecoder::new().sns(event.as_bytes()).unwrap(), *event.as_bytes());
    }
}

#[test]
fn subscription_confirmations_are_not_events() {
    for kind in ["SubscriptionConfirmation", "UnsubscribeConfirmation"] {
        let message = json!({"Type": kind, "Message": "You have chosen ...", "SubscribeURL": "x"});
        let refused = QueueDecoder::new().sns(message.to_string().as_bytes()).unwrap_err();
        assert!(matches!(refused, WebhookError::SubscriptionMessage));
    }
}

#[test]
fn messages_that_are_neither_json_nor_base64_are_refused() {
    let decoder = QueueDecoder::new();
    let truncated = base64(gzip(EVENT));
    let truncated = &truncated[..truncated.len() - 8];

    for message in ["not base64!", "e30", "e30=", "[]", "\"e30=\"", "eyJ0e XBl", "a", "=", "ü"] {
        for result in [
            decoder.sqs(message.as_bytes()),
            decoder.sns(message.as_bytes()),
            decoder.sns(envelope(message).as_bytes()),
        ] {
            match (message, result) {
                ("e30" | "e30=", Ok(json)) => assert_eq!(*json, *b"{}"),
                (_, Err(WebhookError::InvalidBase64 { .. })) => {}
                (_, other) => panic!("{message}: {other:?}"),
            }
        }
    }
    for message in ["", " ", &base64("text"), &base64("[]"), &base64(gzip("text"))] {
        let refused = decoder.sqs(message.as_bytes()).unwrap_err();
        assert!(matches!(refused, WebhookError::InvalidJson { .. }), "{message}: {refused:?}");
    }
    let refused = decoder.sqs(truncated.as_bytes()).unwrap_err();
    assert!(matches!(refused, WebhookError::GzipFailed { .. }));
    for message in
        ["{", r#"{"Message":"{}""#, r#"{"Message":"{}","Message":"{}"}"#, "{\"a\":\"\u{1}\"}"]
    {
        let refused = decoder.sns(message.as_bytes()).unwrap_err();
        assert!(matches!(refused, WebhookError::InvalidJson { .. }), "{message}: {refused:?}");
    }
    let refused = decoder.sns(br#"{"Message":5}"#).unwrap_err();
    assert!(matches!(refused, WebhookError::InvalidJson { .. }));
}

#[test]
fn the_limit_applies_before_and_after_decompression() {
    let large = format!(r#"{{"type":"{}"}}"#, "x".repeat(1000));
    let too_large = |result: Result<_, WebhookError>| {
        matches!(result, Err(WebhookError::TooLarge { limit: 500 }))
    };
    let decoder = QueueDecoder::new().max_body_size(500);
    assert!(too_large(decoder.sqs(large.as_bytes())));
    let packed = base64(gzip(&large));
    assert!(packed.len() < 200);
    assert!(too_large(decoder.sqs(packed.as_bytes())));
    assert!(too_large(decoder.sns(packed.as_bytes())));
    let enveloped = format!(r#"{{"Message":"{packed}"}}"#);
    assert!(too_large(decoder.sns(enveloped.as_bytes())));
    assert!(QueueDecoder::new().sns(enveloped.as_bytes()).is_ok());
}
