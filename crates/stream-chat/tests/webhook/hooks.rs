//! Requests of synchronous hooks are parsed, and responses have the form that Stream expects.

use serde_json::{Value, json};

use crate::pack::{headers, receiver, why};
use stream_chat::webhook::{
    BeforeMessageSendRequest, BeforeMessageSendResponse, CustomCommandRequest,
    CustomCommandResponse, CustomDataForm, WebhookError,
};
use stream_chat::{Attachment, MessageRequest};

fn before_send(body: &Value) -> BeforeMessageSendRequest {
    let body = body.to_string();
    receiver().before_message_send(&headers(&body), body.as_bytes()).unwrap().payload
}

fn command(body: &Value) -> CustomCommandRequest {
    let body = body.to_string();
    receiver().custom_command(&headers(&body), body.as_bytes()).unwrap().payload
}

#[test]
fn a_message_is_asked_about_with_all_that_surrounds_it() {
    let body = json!({
        "message": {"id": "m", "text": "hi", "created_at": "2026-08-22T08:00:00.5Z", "mood": "good", "attachments": [{"x": 1}]},
        "user": {"id": "john", "role": "user", "created_at": 1_787_385_600_123_456_789_i64, "Custom": {"name": "J"}},
        "channel": {"cid": "messaging:general", "new_field": [1]},
        "request_info": {
            "type": "client", "ip": "127.0.0.1", "user_agent": "Firefox", "sdk": "stream-chat-react-1", "ext": "device=1", "new": 1
        },
        "something_new": {"a": null}
    });
    let request = before_send(&body);
    assert_eq!(request.message.text, "hi");
    assert_eq!(
        (&request.message.custom["mood"], request.message.custom.len()),
        (&json!("good"), 1)
    );
    assert_eq!(request.message.attachments[0].custom["x"], 1);
    assert_eq!(request.custom_data_form, CustomDataForm::Flat);
    assert_eq!(request.user.id, "john");
    assert_eq!(request.user.custom["name"], "J");
    assert_eq!(request.channel.unwrap().cid, "messaging:general");
    assert!(request.request_info.is_from_client());
    assert_eq!(request.request_info.ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(request.request_info.user_agent.as_deref(), Some("Firefox"));
    assert_eq!(request.request_info.sdk.as_deref(), Some("stream-chat-react-1"));
    assert_eq!(request.request_info.ext.as_deref(), Some("device=1"));
    assert_eq!(Value::Object(request.json), body);
}

#[test]
fn hooks_are_read_whatever_is_left_out() {
    let nulls = json!({"message": null, "user": null, "channel": null, "request_info": null, "form_data": null});
    for body in [json!({}), nulls] {
        let request = before_send(&body);
        assert_eq!((request.message.text.as_str(), request.channel), ("", None));
        assert!(!request.request_info.is_from_client());
        let request = command(&body);
        assert_eq!((request.command(), request.args()), ("", ""));
        assert!(request.form_data.is_empty());
    }
    let odd = r#"{"message":"hi","user":{"id":"john","teams":["a",{}]},"request_info":[]}"#;
    let webhook = receiver().before_message_send(&headers(odd), odd.as_bytes()).unwrap();
    assert_eq!((webhook.user.id.as_str(), webhook.user.teams.len()), ("john", 1));
    let paths: Vec<&str> = webhook.skipped.iter().map(|failure| failure.path.as_str()).collect();
    assert_eq!(paths, ["$.message", "$.user.teams[1]", "$.request_info"]);
    assert_eq!(webhook.json["message"], "hi");
    for body in ["[]", "null", "{"] {
        let result = receiver().before_message_send(&headers(body), body.as_bytes());
        assert!(matches!(why(result), WebhookError::InvalidJson { .. }), "{body}");
        let result = receiver().custom_command(&headers(body), body.as_bytes());
        assert!(matches!(why(result), WebhookError::InvalidJson { .. }), "{body}");
    }
}

#[test]
fn hooks_are_signed() {
    let result = receiver().before_message_send(&headers("{ }"), b"{}");
    assert!(matches!(why(result), WebhookError::SignatureMismatch));
    let result = receiver().custom_command(&http::HeaderMap::new(), b"{}");
    assert!(matches!(why(result), WebhookError::MissingSignature));
}

#[test]
fn a_command_has_a_name_arguments_and_a_form() {
    let request = command(&json!({
        "message": {"text": "/ticket it is broken", "command": "ticket", "args": "it is broken"},
        "user": {"id": "john"},
        "form_data": {"action": "submit", "email": "john@example.com"}
    }));
    assert_eq!(request.command(), "ticket");
    assert_eq!(request.args(), "it is broken");
    assert_eq!(request.user.id, "john");
    assert_eq!(request.form_data["action"], "submit");
}

#[test]
fn responses_are_what_stream_expects() {
    let json = |answer: &BeforeMessageSendResponse| serde_json::to_value(answer).unwrap();
    assert_eq!(json(&BeforeMessageSendResponse::accept()), json!({}));
    assert_eq!(
        json(&BeforeMessageSendResponse::rewrite("clean")),
        json!({"message": {"text": "clean"}})
    );
    assert_eq!(
        json(&BeforeMessageSendResponse::reject("\"no\"")),
        json!({"message": {"type": "error", "text": "\"no\""}})
    );

    let message = MessageRequest::from("clean")
        .custom("mood", "happy")
        .custom("text", "not the text")
        .attachment(Attachment::image("https://example.com/a.jpg").custom("size", 3));
    let nested = BeforeMessageSendResponse::rewrite(message);
    assert_eq!(
        json(&nested),
        json!({"message": {
            "text": "clean", "custom": {"mood": "happy", "text": "not the text"},
            "attachments": [{"type": "image", "image_url": "https://example.com/a.jpg", "custom": {"size": 3}}],
        }})
    );
    assert_eq!(
        json(&nested.custom_data(CustomDataForm::Flat)),
        json!({"message": {
            "text": "clean", "mood": "happy", "custom": {"text": "not the text"},
            "attachments": [{"type": "image", "image_url": "https://example.com/a.jpg", "size": 3}],
        }})
    );

    let json = |answer: &CustomCommandResponse| serde_json::to_value(answer).unwrap();
    let form = MessageRequest::new()
        .attachment(Attachment::image("https://example.com/a.jpg"))
        .clear_mml();
    assert_eq!(json(&CustomCommandResponse::keep()), json!({}));
    assert_eq!(
        json(&CustomCommandResponse::message(form)),
        json!({"message": {"mml": null, "attachments": [{"type": "image", "image_url": "https://example.com/a.jpg", "custom": {}}]}})
    );
    assert_eq!(
        json(&CustomCommandResponse::reject("Try /help")),
        json!({"message": {"type": "error", "text": "Try /help"}})
    );
}
