//! A request made from a response has every field that the response tells of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{self, Sample};
use stream_models::channels::{ChannelInputRequest, ChannelResponse};
use stream_models::messages::{
    MessageRequest, MessageResponse, MessageWithChannelResponse, SearchResultMessage,
};
use stream_models::polls::{PollResponseData, UpdatePollRequest};
use stream_models::rules::{ModerationRuleV2Response, UpsertModerationRuleRequest};
use stream_models::users::{FullUserResponse, UserRequest, UserResponse};

/// Converts a response into a request, and compares the fields with all that a request has.
fn check<Req, Res>(response: &Value, not_copied: &[&str])
where
    Req: Sample + serde::Serialize + From<Res>,
    Res: serde::de::DeserializeOwned,
{
    let response: Res = serde_json::from_value(response.clone()).unwrap();
    let made = support::json(&Req::from(response)).unwrap();
    let full = support::json(&Req::full(2)).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect();
    let (made, full): (BTreeSet<String>, BTreeSet<String>) = (names(&made), names(&full));
    let left: Vec<&str> = full.difference(&made).map(String::as_str).collect();
    assert_eq!(left, not_copied);
}

#[test]
fn messages() {
    let time = "2026-08-22T08:00:00Z";
    let mut message = json!({
        "attachments": [{ "type": "image" }], "cid": "messaging:general", "created_at": time,
        "custom": { "key": 1 }, "html": "<p>Hi</p>", "id": "m", "mentioned_channel": true,
        "mentioned_group_ids": ["g"], "mentioned_here": true, "mentioned_roles": ["admin"],
        "mentioned_users": [{ "id": "jane" }], "mml": "<mml/>", "parent_id": "p",
        "pin_expires": time, "pinned": true, "pinned_at": time, "poll_id": "poll",
        "quoted_message_id": "q", "restricted_visibility": ["jane"], "show_in_channel": true,
        "silent": true, "text": "Hi", "type": "regular", "user": { "id": "john" },
    });
    message["shared_location"] = json!({
        "latitude": 1.5, "longitude": 2.5, "end_at": time, "created_by_device_id": "phone"
    });
    let not_copied = ["html", "id", "pinned_at", "type", "user"];
    check::<MessageRequest, MessageResponse>(&message, &not_copied);
    check::<MessageRequest, MessageWithChannelResponse>(&message, &not_copied);
    check::<MessageRequest, SearchResultMessage>(&message, &not_copied);
}

#[test]
fn users() {
    let user = json!({
        "custom": { "key": 1 }, "id": "john", "image": "https://example.com/john.png",
        "invisible": true, "language": "nl", "name": "John",
        "privacy_settings": { "typing_indicators": { "enabled": false } }, "role": "admin",
        "teams": ["red"], "teams_role": { "red": "admin" },
    });
    check::<UserRequest, UserResponse>(&user, &[]);
    check::<UserRequest, FullUserResponse>(&user, &[]);
}

#[test]
fn channels() {
    let channel = json!({
        "auto_translation_enabled": true, "auto_translation_language": "nl",
        "cid": "messaging:general", "custom": { "name": "General" }, "disabled": true,
        "frozen": true, "id": "general", "team": "red", "type": "messaging",
    });
    let not_copied = ["config_overrides", "created_by", "invites", "members"];
    check::<ChannelInputRequest, ChannelResponse>(&channel, &not_copied);
}

#[test]
fn polls() {
    let poll = json!({
        "allow_answers": true, "allow_user_suggested_options": true, "custom": { "key": 1 },
        "description": "Where?", "enforce_unique_vote": true, "id": "p", "is_closed": true,
        "max_votes_allowed": 2, "name": "Lunch?",
        "options": [{ "id": "o", "text": "Soup", "custom": { "price": 3 } }],
        "voting_visibility": "anonymous",
    });
    check::<UpdatePollRequest, PollResponseData>(&poll, &["user", "user_id"]);
    let made = UpdatePollRequest::from(serde_json::from_value::<PollResponseData>(poll).unwrap());
    let options = json!([{ "id": "o", "text": "Soup", "custom": { "price": 3 } }]);
    assert_eq!(support::json(&made).unwrap()["options"], options);
}

#[test]
fn rules() {
    let rule = json!({
        "action": { "type": "flag_user" }, "action_sequences": [{}], "conditions": [{}],
        "config_keys": ["chat"], "cooldown_period": "24h", "description": "Floods",
        "enabled": true, "groups": [{}], "id": "r", "logic": "AND", "name": "flood",
        "rule_type": "user", "team": "red",
    });
    let not_copied = ["user", "user_id"];
    check::<UpsertModerationRuleRequest, ModerationRuleV2Response>(&rule, &not_copied);
}
