//! Every refinement of the schema still applies and has its effect.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{self, Spec};
use stream_models::app::EventHook;
use stream_models::bans_and_flags::{
    Ban, BanRequest, FlagRequest, MuteRequest, Unban, UnbanRequest,
};
use stream_models::channels::{ChannelStateResponse, MuteChannelRequest, UpdateChannelRequest};
use stream_models::members::ChannelMemberRequest;
use stream_models::messages::Images;
use stream_models::reminders::ReminderResponseData;
use stream_models::retention::{RetentionPolicyType, SetRetentionPolicyRequest};
use stream_models::users::UserRequest;
use stream_models::{Cid, Operation};
use stream_spec::Words;

fn wire(value: impl serde::Serialize) -> Value {
    support::json(&value).unwrap()
}

#[test]
fn every_refinement_applies() {
    let words = Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    let stale = words.refinements.stale(&stream_spec::own().unwrap());
    assert!(stale.is_empty(), "refinements.yaml says what the schema says itself: {stale:?}");
    let stale = words.refinements.stale(&Spec::own().0);
    let applied = ["types.", "present.", "optional.", "sorts."];
    let count = words.refinements.types.len()
        + words.refinements.present.len()
        + words.refinements.optional.len()
        + words.refinements.sorts.len();
    assert_eq!(stale.len(), count, "{stale:?}");
    assert!(stale.iter().all(|entry| applied.iter().any(|kind| entry.starts_with(kind))));
}

#[test]
fn a_member_is_sent_with_a_user_as_requests_have_it() {
    let member = ChannelMemberRequest::new("john").user(UserRequest::new("john").role("guest"));
    let expected = json!({ "user_id": "john", "user": { "id": "john", "role": "guest" } });
    assert_eq!(wire(member), expected);
}

/// Requests neither require nor send timestamps that only the server sets.
#[test]
fn no_request_needs_a_creation_time() {
    for schema in crate::generated::SCHEMAS.iter().filter(|schema| schema.is_sent()) {
        let minimal = schema.minimal();
        for name in ["created_at", "updated_at"] {
            assert!(minimal.get(name).is_none(), "{}.{name}", schema.name);
        }
    }
}

#[test]
fn a_reminder_comes_flat_or_inside_a_member() {
    let reminder = json!({
        "message_id": "m", "user_id": "john", "channel_cid": "messaging:general",
        "remind_at": 1_700_000_000_000_000_000_i64
    });
    let flat: ReminderResponseData = serde_json::from_value(reminder.clone()).unwrap();
    let inside = json!({ "duration": "1ms", "reminder": reminder });
    assert_eq!(serde_json::from_value::<ReminderResponseData>(inside).unwrap(), flat);
    assert_eq!(flat.message_id, "m");
}

#[test]
fn what_the_server_always_sends_needs_no_unwrapping() {
    let state: ChannelStateResponse =
        serde_json::from_value(json!({ "channel": { "cid": "messaging:general" } })).unwrap();
    assert_eq!(state.channel.cid.channel_type(), "messaging");
    for nothing in [json!({}), json!({ "channel": null })] {
        let state: ChannelStateResponse = serde_json::from_value(nothing).unwrap();
        assert_eq!(state.channel.cid, "");
    }
}

#[test]
fn spans_of_time_are_sent_in_their_unit_rounded_up() {
    let hour = Duration::from_secs(3600);
    assert_eq!(wire(BanRequest::new("john").timeout(hour))["timeout"], 60);
    assert_eq!(wire(BanRequest::new("john").timeout(Duration::from_secs(1)))["timeout"], 1);
    assert_eq!(wire(MuteRequest::new(["john"]).timeout(hour))["timeout"], 60);
    assert_eq!(wire(MuteChannelRequest::new().expiration(hour))["expiration"], 3_600_000);
    assert_eq!(wire(UpdateChannelRequest::new().cooldown(hour))["cooldown"], 3600);
    assert_eq!(wire(EventHook::new().timeout_ms(hour))["timeout_ms"], 3_600_000);
    let policy = SetRetentionPolicyRequest::new(RetentionPolicyType::OldMessages, 24 * hour);
    assert_eq!(wire(policy)["max_age_hours"], 24);
}

#[test]
fn constructors_ask_for_the_thing_first() {
    let flag = FlagRequest::new("stream:chat:v1:message", "m");
    let expected = json!({ "entity_type": "stream:chat:v1:message", "entity_id": "m" });
    assert_eq!(wire(flag), expected);
}

#[test]
fn a_request_with_a_cid_without_its_colon_is_not_sent() {
    let mute = |cid: &str| MuteChannelRequest::new().channel_cids([cid]);
    assert_eq!(wire(mute("messaging:general"))["channel_cids"], json!(["messaging:general"]));
    let error = support::json(&mute("general")).unwrap_err().to_string();
    assert!(error.contains("channel_cids") && error.contains("type:id"), "{error}");
    let ban = BanRequest::new("john").channel_cid("general");
    let error = Ban::new(ban).body().unwrap_err().to_string();
    assert!(error.contains("channel_cid"), "{error}");
    let unban = Unban::new("john", UnbanRequest::new());
    assert!(unban.clone().channel_cid("general").query().is_err());
    assert!(unban.channel_cid(Cid::new("messaging", "x").unwrap()).query().is_ok());
}

#[test]
fn any_cid_of_a_response_is_read_and_written() {
    for odd in ["", "general", ":", "a:b:c"] {
        let state: ChannelStateResponse =
            serde_json::from_value(json!({ "channel": { "cid": odd } })).unwrap();
        assert_eq!(state.channel.cid, odd);
        assert_eq!(wire(&state)["channel"]["cid"], odd);
    }
}

#[test]
fn a_gif_with_some_of_its_sizes_sends_these() {
    assert_eq!(wire(Images::new()), json!({}));
}
