//! The memory of a decoded document is bounded by its length.

#![cfg(test)]

use serde::de::DeserializeOwned;

use stream_models::Custom;
use stream_models::channels::{ChannelStateResponse, QueryChannelsResponse};
use stream_models::events::{Event, EventDetails};
use stream_models::messages::{GetManyMessagesResponse, MessageResponse};
use stream_models::users::QueryUsersResponse;

const MIB: usize = 1 << 20;

/// Decodes a document, and returns the peak memory per byte of the document with the result.
fn amplification<T: DeserializeOwned>(document: &str) -> (u64, Result<T, serde_json::Error>) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(serde_json::from_str(document)));
    (info.bytes_max / document.len() as u64, result.unwrap())
}

/// Returns a document of at least this length that repeats a part.
fn repeated(before: &str, part: &str, separator: &str, after: &str, length: usize) -> String {
    let count = length / (part.len() + separator.len());
    format!("{before}{}{after}", vec![part; count].join(separator))
}

/// Returns a document with distinct keys that all have this value.
fn members(before: &str, value: &str, after: &str, length: usize) -> String {
    let count = length / (value.len() + 10);
    let members: Vec<String> = (0..count).map(|key| format!("\"{key:x}\":{value}")).collect();
    format!("{before}{}{after}", members.join(","))
}

#[track_caller]
fn refused<T: DeserializeOwned>(document: &str) {
    let (times, result) = amplification::<T>(document);
    assert!(times <= 64, "{times} times the length");
    let error = result.err().unwrap().to_string();
    assert!(error.contains("times its length in memory"), "{error}");
}

#[track_caller]
fn bounded<T: DeserializeOwned>(document: &str) {
    let (times, _) = amplification::<T>(document);
    assert!(times <= 64, "{times} times the length");
}

#[test]
fn lists_of_empty_objects_are_refused() {
    for part in ["{}", r#"{"a":1}"#, r#"{"id":""}"#, r#"{"user":{}}"#] {
        let messages = repeated(r#"{"messages":["#, part, ",", "]}", 4 * MIB);
        refused::<GetManyMessagesResponse>(&messages);
        refused::<ChannelStateResponse>(&messages);
        refused::<QueryUsersResponse>(&messages.replace("messages", "users"));
        refused::<QueryChannelsResponse>(&messages.replace("messages", "channels"));
        let event = repeated(
            r#"{"type":"message.new","message":{"attachments":["#,
            part,
            ",",
            "]}}",
            8 * MIB,
        );
        let (times, result) = amplification::<Event>(&event);
        assert!(times <= 64, "{times} times the length");
        let failure = match result {
            Ok(Event::Other(event)) => event.failure.unwrap().to_string(),
            Ok(_) => panic!("{part}: read"),
            Err(error) => error.to_string(),
        };
        assert!(failure.contains("times its length in memory"), "{failure}");
    }
}

#[test]
fn maps_boxes_and_data_are_bounded() {
    bounded::<MessageResponse>(&members(r#"{"reaction_groups":{"#, "{}", "}}", 4 * MIB));
    bounded::<MessageResponse>(&members(r#"{"reaction_counts":{"#, "1", "}}", 4 * MIB));
    bounded::<MessageResponse>(&repeated("{", r#""poll":{}"#, ",", "}", 4 * MIB));
    for part in ["0", "[]", "{}", r#""""#, r#"{"":0}"#, r#"{"":{"":{}}}"#, "[0]", "[[[[]]]]"] {
        bounded::<MessageResponse>(&repeated(r#"{"custom":{"a":["#, part, ",", "]}}", 4 * MIB));
        bounded::<Custom>(&repeated(r#"{"a":["#, part, ",", "]}", 4 * MIB));
    }
    bounded::<Custom>(&members("{", "{}", "}", 4 * MIB));
    bounded::<Custom>(&members("{", r#"{"":0}"#, "}", 4 * MIB));
}

#[test]
fn documents_of_the_usual_kind_are_read() {
    let user = r#"{"id":"jane","name":"Jane","role":"user","created_at":"2024-01-01T00:00:00Z"}"#;
    let message = format!(
        r#"{{"id":"4f1b4a3e-1c7e-4b0c-9a53-2f6f0e1f6a0e","type":"regular","text":"Hello there",
        "html":"<p>Hello there</p>","user":{user},"attachments":[],"latest_reactions":[],
        "own_reactions":[],"reaction_counts":{{}},"reaction_scores":{{}},"reply_count":0,
        "cid":"messaging:general","created_at":1700000000000000000,"updated_at":1700000000000000000,
        "mentioned_users":[],"silent":false,"pinned":false,"shadowed":false,"custom":{{}}}}"#
    );
    let (times, result) = amplification::<GetManyMessagesResponse>(&repeated(
        r#"{"messages":["#,
        &message,
        ",",
        "]}",
        4 * MIB,
    ));
    assert!(result.unwrap().messages.len() > 4_000);
    assert!(times < 16, "{times} times the length");

    // A page of nearly empty messages.
    let messages = vec![r#"{"id":"a"}"#; 300].join(",");
    let short = format!(r#"{{"messages":[{messages}]}}"#);
    assert_eq!(
        serde_json::from_str::<GetManyMessagesResponse>(&short).unwrap().messages.len(),
        300
    );

    let numbers = repeated(r#"{"a":["#, "12345", ",", "]}", 4 * MIB);
    assert!(amplification::<Custom>(&numbers).1.is_ok());
}

#[test]
fn events_are_bounded_however_they_are_read() {
    let list = |part: &str| {
        repeated(r#"{"type":"message.new","message":{"attachments":["#, part, ",", "]}}", MIB)
    };
    let documents = [
        list("{}"),
        list(r#"{"a":1}"#),
        list("7"),
        repeated(r#"{"type":"message.new","#, r#""a":1"#, ",", "}", MIB),
        members(r#"{"type":"message.new","user":{"#, "1", "}}", MIB),
        members(r#"{"type":"mine","#, "[]", "}", MIB),
    ];
    for document in documents {
        let json = document.as_bytes();
        let readers: [fn(&[u8]); 3] = [
            |json| drop(Event::from_slice(json)),
            |json| drop(Event::from_slice_tolerant(json)),
            |json| drop(EventDetails::from_slice(json)),
        ];
        for reader in readers {
            let info = allocation_counter::measure(|| reader(json));
            let times = info.bytes_max / json.len() as u64;
            assert!(times <= 64, "{times} times the length: {}", &document[..100]);
        }
    }
}
