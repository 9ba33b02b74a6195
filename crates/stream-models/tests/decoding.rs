//! Responses are decoded, whatever a newer server adds.

#![cfg(test)]

use serde_json::json;

use stream_models::app::{EnforceUniqueUsernames, UpdateAppRequest};
use stream_models::channels::ChannelStateResponse;
use stream_models::events::Event;
use stream_models::messages::{Attachment, MessageRequest, MessageResponse};
use stream_models::users::UserResponse;

#[test]
fn null_and_absence_are_the_same_for_required_fields_too() {
    let absent: MessageResponse = serde_json::from_value(json!({ "id": "m" })).unwrap();
    let null: MessageResponse = serde_json::from_value(json!({
        "id": "m", "text": null, "user": null, "created_at": null, "attachments": null,
        "reaction_counts": null, "custom": null, "pinned": null, "poll": null
    }))
    .unwrap();
    assert_eq!(absent, null);
    assert_eq!(absent.id, "m");
    assert!(absent.attachments.is_empty() && absent.poll.is_none());
}

#[test]
fn elements_that_are_null_are_left_out() {
    let state: ChannelStateResponse = serde_json::from_value(json!({
        "messages": [null, { "id": "a" }, null],
        "channel": { "own_capabilities": ["send-message", null, "something-new"] }
    }))
    .unwrap();
    assert_eq!(state.messages.len(), 1);
    let capabilities: Vec<_> =
        state.channel.own_capabilities.into_iter().map(|c| c.to_string()).collect();
    assert_eq!(capabilities, ["send-message", "something-new"]);
}

#[test]
fn unknown_members_and_escaped_names_are_read() {
    let user: UserResponse = serde_json::from_str(
        r#"{"new": [{"deep": {}}], "\u0069d": "john", "custom": {"a": null, "b": [1]}, "id2": 1}"#,
    )
    .unwrap();
    assert_eq!(user.id, "john");
    assert_eq!(user.custom.len(), 2);
}

#[test]
fn times_come_as_nanoseconds_or_text_and_numbers_as_floats() {
    for created_at in
        [json!(1_787_385_600_123_456_789_i64), json!("2026-08-22T08:00:00.123456789Z")]
    {
        let message: MessageResponse = serde_json::from_value(json!({
            "created_at": created_at, "reply_count": 3.0
        }))
        .unwrap();
        assert_eq!(message.created_at.to_string(), "2026-08-22T08:00:00.123456789Z");
        assert_eq!(message.reply_count, 3);
    }
}

#[test]
fn another_kind_of_value_is_an_error() {
    for wrong in
        [json!({ "id": 1 }), json!({ "user": "john" }), json!({ "reply_count": 1.5 }), json!([])]
    {
        assert!(serde_json::from_value::<MessageResponse>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn unset_null_and_empty_differ() {
    let settings = UpdateAppRequest::new()
        .clear_webhook_url()
        .event_hooks(Vec::<stream_models::app::EventHook>::new())
        .enforce_unique_usernames(EnforceUniqueUsernames::App);
    assert_eq!(settings.enforce_unique_usernames.as_ref(), Some(&EnforceUniqueUsernames::App));
    assert_eq!(
        serde_json::to_value(&settings).unwrap(),
        json!({ "webhook_url": null, "event_hooks": [], "enforce_unique_usernames": "app" })
    );
    assert_eq!(serde_json::to_string(&UpdateAppRequest::new()).unwrap(), "{}");
}

#[test]
fn a_message_is_written_as_it_was_made() {
    let message = MessageRequest::from("@Josh")
        .user_id("john")
        .mention("josh")
        .attachment(Attachment::image("https://example.com/a.jpg").custom("myCustomField", 123))
        .custom("nothing", None::<u8>);
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({
            "text": "@Josh", "user_id": "john", "mentioned_users": ["josh"],
            "attachments": [{ "type": "image", "image_url": "https://example.com/a.jpg", "custom": { "myCustomField": 123 } }],
            "custom": { "nothing": null }
        })
    );
}

#[test]
fn credentials_are_not_printed() {
    let settings = UpdateAppRequest::new().sqs_secret("hush-hush").sns_key("hush-key");
    let printed = format!("{settings:?}");
    assert!(!printed.contains("hush"), "{printed}");
    assert_eq!(serde_json::to_value(&settings).unwrap()["sqs_secret"], "hush-hush");
}

#[test]
fn events_are_told_apart_wherever_their_type_stands() {
    let event = Event::from_slice(
        br#"{"message": {"id": "m"}, "created_at": "2026-01-01T00:00:00Z", "type": "message.new"}"#,
    )
    .unwrap();
    let Event::MessageNew(new) = &event else { panic!("{event:?}") };
    assert_eq!(new.message.id, "m");
    assert_eq!(event.created_at().to_string(), "2026-01-01T00:00:00Z");

    let unknown =
        Event::from_slice(br#"{"type": "dish.washed", "plates": [1, 2], "created_at": 5}"#)
            .unwrap();
    assert_eq!(unknown.event_type(), "dish.washed");
    let Event::Other(other) = &unknown else { panic!("{unknown:?}") };
    assert_eq!(other.json["plates"], json!([1, 2]));
    assert_eq!(other.to_custom().unwrap().created_at.as_unix_nanos(), 5);

    assert!(Event::from_slice(b"{}").unwrap_err().to_string().contains("type"));
    assert!(Event::from_slice(b"[]").is_err());
}

#[test]
fn every_event_needs_no_more_than_its_type() {
    for (event_type, _) in stream_models::events::EVENT_TYPES {
        let json = format!(r#"{{"type": "{event_type}", "created_at": "2026-01-01T00:00:00Z"}}"#);
        let event = Event::from_slice(json.as_bytes()).unwrap();
        assert_eq!(event.event_type(), *event_type);
        assert_eq!(matches!(event, Event::Other(_)), *event_type == "*", "{event_type}");
        assert_eq!(event, serde_json::from_str::<Event>(&json).unwrap());
    }
}
