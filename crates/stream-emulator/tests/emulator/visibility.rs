//! Hidden and muted channels follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";

async fn found(setup: &Setup, filter: Value, user_id: &str) -> usize {
    let query = json!({"filter_conditions": filter, "user_id": user_id});
    let found = setup.post("/api/v2/chat/channels", query).await;
    found["channels"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_hidden_channel_is_not_listed_until_it_is_shown() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    setup.channel(&["a", "b"]).await;
    setup.send_text("b", "old").await;
    let members = json!({"members": {"$in": ["a"]}});
    setup.post(&format!("{GENERAL}/hide"), json!({"user_id": "a", "clear_history": true})).await;
    assert_eq!(found(&setup, members.clone(), "a").await, 0);
    assert_eq!(found(&setup, members.clone(), "b").await, 1);
    assert_eq!(found(&setup, json!({"hidden": true}), "a").await, 1);
    assert_eq!(found(&setup, json!({"hidden": false}), "a").await, 0);
    setup.post(&format!("{GENERAL}/show"), json!({"user_id": "a"})).await;
    assert_eq!(found(&setup, members, "a").await, 1);

    // The history remains cleared for the user who cleared it.
    setup.send_text("b", "new").await;
    let texts = async |user_id: &str| -> Vec<Value> {
        let query = json!({"filter_conditions": {}, "user_id": user_id});
        let found = setup.post("/api/v2/chat/channels", query).await;
        let messages = found["channels"][0]["messages"].as_array().unwrap().clone();
        messages.into_iter().map(|message| message["text"].clone()).collect()
    };
    assert_eq!(texts("a").await, ["new"]);
    assert_eq!(texts("b").await, ["old", "new"]);

    let stranger = Some(json!({"user_id": "c"}));
    setup.fail(Method::POST, &format!("{GENERAL}/hide"), stranger, 400, 4).await;
    setup.fail(Method::POST, &format!("{GENERAL}/hide"), Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn a_muted_channel_is_muted_until_the_mute_expires() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let mute = "/api/v2/chat/moderation/mute/channel";
    let cids = json!(["messaging:general"]);
    let body = json!({"channel_cids": cids, "user_id": "a", "expiration": 60_000});
    let muted = setup.post(mute, body).await;
    assert!(muted["channel_mute"]["expires"].is_i64());
    assert_eq!(muted["own_user"]["channel_mutes"].as_array().unwrap().len(), 1);
    assert_eq!(found(&setup, json!({"muted": true}), "a").await, 1);
    assert_eq!(found(&setup, json!({"muted": true}), "b").await, 0);
    setup.post("/emulator/clock", json!({"advance_ms": 61_000})).await;
    assert_eq!(found(&setup, json!({"muted": true}), "a").await, 0);

    setup.post(mute, json!({"channel_cids": cids, "user_id": "a"})).await;
    let unmute = "/api/v2/chat/moderation/unmute/channel";
    setup.post(unmute, json!({"channel_cids": cids, "user_id": "a"})).await;
    assert_eq!(found(&setup, json!({"muted": false}), "a").await, 1);
    let missing = Some(json!({"channel_cids": ["messaging:none"], "user_id": "a"}));
    let text = setup.fail(Method::POST, mute, missing, 400, 4).await;
    assert!(text.contains("do not exist or were deleted: (messaging:none)"), "{text}");
}
