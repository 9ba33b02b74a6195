//! Events are decoded in every form that the server sends.

#![cfg(test)]

use serde_json::{Value, json};

use stream_models::events::{EVENT_TYPES, Event, EventDetails, read_hook, read_map};
use stream_models::messages::MessageResponse;

fn read(event: &Value) -> Event {
    Event::from_slice(event.to_string().as_bytes()).unwrap()
}

#[test]
fn flat_custom_data_reaches_the_typed_event() {
    let event = read(&json!({
        "type": "channel.created",
        "channel": {
            "id": "general", "name": "General", "image": "https://example.com/a.png", "custom_data2": "test",
            "created_by": {"id": "john", "Custom": null, "first_name": "John"},
            "config": {"name": "messaging", "commands": ["giphy", "flag"]},
        },
        "user": {"Custom": {"name": "J"}, "id": "john"},
    }));
    let Event::ChannelCreated(event) = event else { panic!("{event:?}") };
    let channel = &event.channel;
    assert_eq!(channel.custom["name"], "General");
    assert_eq!(channel.custom["image"], "https://example.com/a.png");
    assert_eq!(channel.custom["custom_data2"], "test");
    assert_eq!(channel.custom.len(), 3);
    assert_eq!(channel.created_by.as_ref().unwrap().custom["first_name"], "John");
    assert_eq!(event.user.as_ref().unwrap().custom["name"], "J");
    let commands = &channel.config.as_ref().unwrap().commands;
    let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, ["giphy", "flag"]);
}

#[test]
fn an_event_is_never_refused_for_a_field() {
    let odd = [json!(1), json!("x"), json!([1]), json!({"a": [1]}), json!(true), json!(-1.5)];
    for (event_type, _) in EVENT_TYPES {
        for value in &odd {
            let event = json!({
                "type": event_type, "created_at": value, "user": value, "message": value, "channel": value,
                "custom": value, "cid": value, "member": value, "received_at": value,
            });
            let read = read(&event);
            assert_eq!(read.event_type(), *event_type);
            if let Event::Other(other) = read {
                assert_eq!(Value::Object(other.json), event);
                assert_eq!(other.failure.is_none(), *event_type == "*");
            }
            let text = event.to_string();
            let (read, skipped) = Event::from_slice_tolerant(text.as_bytes()).unwrap();
            assert_eq!(matches!(read, Event::Other(_)), *event_type == "*", "{text}: {skipped:?}");
        }
    }
}

#[test]
fn a_failure_says_where_and_nothing_of_the_value() {
    let event = read(
        &json!({"type": "message.new", "message": {"text": "s3cret", "attachments": [{}, "s3cret"]}}),
    );
    let Event::Other(other) = &event else { panic!("{event:?}") };
    let failure = other.failure.as_ref().unwrap();
    assert_eq!(failure.path, "$.message.attachments[1]");
    assert!(!failure.to_string().contains("s3cret"), "{failure}");
    assert_eq!(other.json["message"]["text"], "s3cret");
}

#[test]
fn a_tolerant_reader_reads_the_rest() {
    let json = br#"{"type":"message.new","message":{"id":"m","text":["x"],"mood":"happy","attachments":[1,{"title":"t"}]},"cid":"a:b"}"#;
    let (event, skipped) = Event::from_slice_tolerant(json).unwrap();
    let Event::MessageNew(event) = event else { panic!("{event:?}") };
    assert_eq!((event.message.id.as_str(), event.message.text.as_str()), ("m", ""));
    assert_eq!(event.message.custom["mood"], "happy");
    assert_eq!(event.message.attachments.len(), 1);
    let paths: Vec<&str> = skipped.iter().map(|failure| failure.path.as_str()).collect();
    assert_eq!(paths, ["$.message.text", "$.message.attachments[0]"]);
}

#[test]
fn what_users_write_cannot_hide_an_event() {
    let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
    for custom in [deep.as_str(), "1e999", r#""\ud83d""#, "\"\u{1}\""] {
        let event =
            format!(r#"{{"type":"message.new","message":{{"text":"hi","mood":{custom}}}}}"#);
        let Ok(event) = Event::from_slice(event.as_bytes()) else {
            // An unescaped control character is not valid JSON.
            assert!(custom.contains('\u{1}'), "{custom}");
            continue;
        };
        let Event::MessageNew(event) = event else { panic!("{event:?}") };
        assert_eq!(event.message.text, "hi");
        assert!(event.message.custom.contains_key("mood"));
    }
    let broken = b"{\"type\":\"message.new\",\"message\":{\"text\":\"h\xffi\"}}";
    let Event::MessageNew(event) = Event::from_slice(broken).unwrap() else { panic!() };
    assert_eq!(event.message.text, "h\u{fffd}i");
    let other = format!(r#"{{"type":"mine","a":{deep},"b":1}}"#);
    let Event::Other(event) = Event::from_slice(other.as_bytes()).unwrap() else { panic!() };
    assert_eq!((event.event_type.as_str(), &event.json["b"]), ("mine", &json!(1)));
    assert_eq!(read_map(broken).unwrap()["message"]["text"], "h\u{fffd}i");
}

#[test]
fn what_is_not_an_event_is_refused() {
    for json in [
        "[]",
        r#"["message.new"]"#,
        "1",
        "null",
        "{",
        "",
        "{}",
        r#"{"type":null}"#,
        r#"{"type":1}"#,
    ] {
        assert!(Event::from_slice(json.as_bytes()).is_err(), "{json}");
        assert!(Event::from_slice_tolerant(json.as_bytes()).is_err(), "{json}");
    }
    assert!(Event::from_slice(br#"{"type":"a"} x"#).is_err());
}

#[test]
fn events_of_the_app_keep_flat_data() {
    let event =
        read(&json!({"type": "dish.washed", "cid": "a:b", "plates": 2, "custom": {"cups": 1}}));
    let Event::Other(other) = event else { panic!("{event:?}") };
    assert_eq!((other.failure.as_ref(), other.json.len()), (None, 4));
    let custom = other.to_custom().unwrap().custom;
    assert_eq!((&custom["plates"], &custom["cups"], custom.len()), (&json!(2), &json!(1), 2));
}

#[test]
fn documented_members_are_typed() {
    let json = json!({
        "type": "message.new",
        "request_info": {"type": "client", "ip": "192.0.2.7", "sdk": "js"},
        "members": [
            {"user_id": "jane", "level": 3, "user": {
                "id": "jane", "team": "red", "channel_unread_count": 1, "total_unread_count": 2, "unread_channels": 3,
                "unread_count": 4, "channel_last_read_at": "2026-01-01T00:00:00Z",
            }},
            17,
            {"user_id": ["odd"], "banned": true},
        ],
        "channel_unread_count": 5, "total_unread_count": 6, "unread_channels": 7,
        "channel_last_read_at": "2026-01-02T00:00:00Z", "channel_last_message_at": 1_767_225_600_000_000_000_i64,
        "soft_delete": "odd", "created_by_id": "john",
        "user": {"id": "john", "unread_channels": 8},
    });
    let details = EventDetails::from_slice(json.to_string().as_bytes());
    assert_eq!(details.request_info.unwrap().sdk.as_deref(), Some("js"));
    let [jane, odd] = &details.members[..] else { panic!("{:?}", details.members) };
    assert_eq!((jane.user_id.as_deref(), &jane.custom["level"]), (Some("jane"), &json!(3)));
    assert_eq!(jane.user.as_ref().unwrap().custom["team"], "red");
    assert_eq!(jane.user.as_ref().unwrap().custom.len(), 1);
    assert_eq!(jane.unread.channel_unread_count, Some(1));
    assert_eq!(jane.unread.total_unread_count, Some(2));
    assert_eq!((jane.unread.unread_channels, jane.unread.unread_count), (Some(3), Some(4)));
    assert_eq!(jane.unread.channel_last_read_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert!(odd.banned && odd.user_id.is_none());
    assert_eq!((details.channel_unread_count, details.total_unread_count), (Some(5), Some(6)));
    assert_eq!((details.unread_channels, details.user_unread.unread_channels), (Some(7), Some(8)));
    assert_eq!(details.channel_last_read_at.unwrap().to_string(), "2026-01-02T00:00:00Z");
    assert_eq!(details.channel_last_message_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!((details.soft_delete, details.created_by_id.as_deref()), (None, Some("john")));
    let event = read(&json);
    let Event::MessageNew(event) = event else { panic!("{event:?}") };
    assert!(event.custom.is_empty(), "{:?}", event.custom);
    assert_eq!(EventDetails::from_slice(b"[]"), EventDetails::default());
}

#[test]
fn hooks_are_read_in_both_forms() {
    #[derive(serde::Deserialize)]
    struct Hook {
        message: MessageResponse,
    }
    let json = br#"{"message":{"text":"hi","mood":"happy","args":"hi","pinned":"yes","user":{"Custom":{"a":1}}}}"#;
    let (hook, skipped) = read_hook::<Hook>(json).unwrap();
    assert_eq!((hook.message.text.as_str(), &hook.message.custom["mood"]), ("hi", &json!("happy")));
    assert_eq!((hook.message.custom.len(), &hook.message.user.custom["a"]), (1, &json!(1)));
    assert_eq!(skipped[0].path, "$.message.pinned");
}

#[test]
fn the_type_is_found_wherever_it_stands() {
    let first = br#"{"type":"user.deleted","user":{"id":"a"}}"#;
    let last = br#"{"user":{"id":"a"},"x":[1,{"type":"user.banned"}],"t\u0079pe":"user.deleted"}"#;
    for json in [first.as_slice(), last] {
        let Event::UserDeleted(event) = Event::from_slice(json).unwrap() else { panic!() };
        assert_eq!(event.user.id, "a");
    }
}

#[test]
fn what_follows_the_type_has_to_be_json() {
    for event_type in ["user.deleted", "myapp.event"] {
        for rest in ["", ",", ",\"user\":{\"id\":\"a\"}", ",\"user\":{}}x", ",\"user\":{]}"] {
            let json = format!(r#"{{"type":"{event_type}"{rest}"#);
            assert!(Event::from_slice(json.as_bytes()).is_err(), "{json}");
            assert!(Event::from_slice_tolerant(json.as_bytes()).is_err(), "{json}");
        }
    }
}
