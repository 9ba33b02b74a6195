//! Handwritten methods join and specialize operations.

#![cfg(test)]

mod app;
mod documentation;
mod guessable;
mod imports;
mod moderation;
mod one_error;
mod queries;
#[path = "../support/mod.rs"]
mod support;
mod uploads;
mod waits;

use std::time::Duration;

use serde_json::json;

use stream_chat::auth::{ApiSecret, TokenVerifier};
use stream_chat::models::channel_types::{BlockListOptions, ModerationBehavior};
use stream_chat::models::channels::ChannelBatchFilter;
use stream_chat::models::retention::RetentionPolicyType;
use stream_chat::token_source::CachedTokenSource;
use stream_chat::{Cid, Client, ErrorKind, Me, Token, UserRequest};
use stream_emulator::{Emulator, Fault};

#[tokio::test]
async fn a_login_leaves_what_the_user_has() {
    let (_emulator, client) = support::start().await;
    assert!(client.create_user_if_missing(UserRequest::new("john")).await.unwrap());
    client.user("john").update_partial().set("name", "John").set("level", 3).await.unwrap();
    assert!(!client.create_user_if_missing("john").await.unwrap());
    let john = client.user("john").get().await.unwrap().unwrap();
    assert_eq!((john.name.as_deref(), john.custom.len()), (Some("John"), 1));

    assert_eq!(client.create_missing_users(["john", "jane", "bob"]).await.unwrap(), 2);
    assert!(client.user("nobody").get().await.unwrap().is_none());
    client.upsert_user("john").await.unwrap();
    assert_eq!(client.user("john").get().await.unwrap().unwrap().custom.len(), 0);
}

#[tokio::test]
async fn logging_out_refuses_the_tokens_of_today_and_none_of_tomorrow() {
    let (transport, client) = support::scripted();
    transport.json(200, support::anything());
    let verifier = TokenVerifier::new(&ApiSecret::new("secret").unwrap());
    let issued = |token: &str| verifier.verify(token).unwrap().issued_at.unwrap();
    let before = client.user("john").token().sign().unwrap();
    client.user("john").log_out_everywhere().await.unwrap();
    let first_good =
        support::bodies(&transport)[0]["users"][0]["set"]["revoke_tokens_issued_before"].clone();
    let first_good: stream_chat::Timestamp = first_good.as_str().unwrap().parse().unwrap();
    let first_good = std::time::SystemTime::try_from(first_good).unwrap();
    assert!(issued(before.expose_secret()) < first_good);
    let later = std::time::SystemTime::now() + Duration::from_secs(1) - Duration::from_secs(5);
    let later = client.user("john").token().issued_at(later).sign().unwrap();
    assert!(issued(later.expose_secret()) >= first_good, "one second later");
}

#[tokio::test]
async fn who_acts_as_a_user_need_not_name_the_user() {
    let (transport, app) = support::scripted();
    let token = app.user("john").token().sign().unwrap();
    let john = Client::as_user("key", token).transport(transport.clone()).build().unwrap();
    let from_source = app.user("john").token_source().unwrap();
    let from_source = Client::as_user("key", from_source).build().unwrap();
    let elsewhere = CachedTokenSource::from_fn(|| async { Ok(Token::new("a.b.c")) });
    let somebody = Client::as_user("key", elsewhere).transport(transport.clone()).build().unwrap();
    assert_eq!((john.user_id(), from_source.user_id()), (Some("john"), Some("john")));
    assert_eq!((somebody.user_id(), app.user_id()), (None, None));
    assert_eq!(john.me().unwrap().id(), "john");
    assert_eq!(somebody.me().unwrap_err().kind(), ErrorKind::Configuration);

    for _ in 0..4 {
        transport.json(200, support::anything());
    }
    john.channel("messaging", "general").mark_read(Me).await.unwrap();
    somebody.channel("messaging", "general").mark_read(Me).await.unwrap();
    app.channel("messaging", "general").mark_read(&app.user("jane")).await.unwrap();
    john.message("id").react("like", Me).score(2).await.unwrap();
    assert_eq!(
        support::bodies(&transport),
        [
            json!({ "user_id": "john" }),
            json!({}),
            json!({ "user_id": "jane" }),
            json!({ "reaction": { "type": "like", "user_id": "john", "score": 2 } }),
        ]
    );
}

#[tokio::test]
async fn durations_become_the_units_of_the_wire() {
    let (transport, client) = support::scripted();
    for _ in 0..4 {
        transport.json(200, support::anything());
    }
    let channel = client.channel("messaging", "general");
    channel
        .ban("spammer", "moderator")
        .timeout(Duration::from_secs(90))
        .reason("spam")
        .await
        .unwrap();
    channel.mute("john").expires_in(Duration::from_secs(2)).await.unwrap();
    channel.enable_slow_mode(Duration::from_millis(1500)).await.unwrap();
    client
        .retention()
        .set(RetentionPolicyType::OldMessages, Duration::from_secs(3601))
        .await
        .unwrap();
    assert_eq!(
        support::bodies(&transport),
        [
            json!({
                "target_user_id": "spammer", "banned_by_id": "moderator", "timeout": 2,
                "reason": "spam", "channel_cid": "messaging:general",
            }),
            json!({ "channel_cids": ["messaging:general"], "user_id": "john", "expiration": 2000 }),
            json!({ "cooldown": 2 }),
            json!({ "policy": "old-messages", "max_age_hours": 2 }),
        ]
    );
}

#[tokio::test]
async fn batches_have_the_size_of_their_operation() {
    let (transport, client) = support::scripted();
    for _ in 0..12 {
        transport.json(200, support::anything());
    }
    let ids = |count: usize| (0..count).map(|number| format!("id-{number}"));
    assert_eq!(client.export_users(ids(51)).await.unwrap().len(), 3);
    assert_eq!(client.channel("a", "b").get_messages(ids(101)).await.unwrap().len(), 3);
    assert_eq!(client.segment("s").remove_targets(ids(101)).await.unwrap().len(), 2);
    assert_eq!(client.user("john").mute_users(ids(1001)).await.unwrap().len(), 2);
    let cids: Vec<Cid> = ids(26).map(|id| Cid::new("messaging", id).unwrap()).collect();
    let muted = client.user("john").mute_channels(&cids).expires_in(Duration::from_secs(1));
    assert_eq!(muted.await.unwrap().len(), 2);
    assert_eq!(transport.remaining(), 0);
    let last = support::bodies(&transport).pop().unwrap();
    assert_eq!(
        last,
        json!({ "channel_cids": ["messaging:id-25"], "user_id": "john", "expiration": 1000 })
    );
}

#[tokio::test]
async fn each_request_of_a_batch_has_what_was_set_once() {
    let (transport, client) = support::scripted();
    for _ in 0..4 {
        transport.json(200, support::anything());
    }
    let ids = |count: usize| (0..count).map(|number| format!("id-{number}"));
    let filter = ChannelBatchFilter::cids().is_in(["messaging:general"]);
    let batch = client.channel_batch(filter).add_members(ids(101));
    batch.custom_set("level", 3).custom_set("tags", ["a"]).custom_unset(["old"]).await.unwrap();
    let added = client.channel("messaging", "general").add_members(ids(101));
    added.custom("color", "green").data(|data| data.frozen(true)).await.unwrap();
    let bodies = support::bodies(&transport);
    assert_eq!(transport.remaining(), 0);
    for body in &bodies[..2] {
        assert_eq!(body["custom_set"], json!({ "level": 3, "tags": ["a"] }));
        assert_eq!(body["custom_unset"], json!(["old"]));
    }
    for body in &bodies[2..] {
        assert_eq!(body["data"], json!({ "custom": { "color": "green" }, "frozen": true }));
    }
    // A value that cannot be serialized as JSON is reported before anything is sent.
    let odd = std::collections::BTreeMap::from([((1, 2), 3)]);
    let error = client.channel("messaging", "general").add_members(["john"]).custom("odd", odd);
    let error = error.await.unwrap_err();
    assert!(error.to_string().contains("`odd`"), "{error}");
}

#[tokio::test]
async fn what_starts_tasks_can_be_waited_for() {
    let emulator = Emulator::builder().task_polls(1).start().await.unwrap();
    let client = support::client(&emulator);
    support::users(&client, ["john", "jane"]).await;
    // Transient errors do not end the wait.
    emulator.fail_next(Fault::error(503, -1, "away").on("GetTask").times(4));
    let done =
        client.delete_users(["john", "jane"]).hard().messages_hard().and_wait().await.unwrap();
    assert_eq!((done.len(), done[0].status.as_str()), (1, "completed"));
    assert!(client.user("john").get().await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_started_is_awaited_as_long_and_as_often_as_one_likes() {
    let (transport, client) = support::scripted();
    transport.json(200, r#"{"task_id":"t"}"#);
    for _ in 0..100 {
        transport.json(200, r#"{"task_id":"t","status":"running"}"#);
    }
    transport.json(200, r#"{"task_id":"t","status":"completed"}"#);
    let hour = Duration::from_secs(3600);
    let done = client.delete_users(["john"]).and_wait().every(Duration::ZERO).at_most(hour).await;
    assert_eq!((done.unwrap().len(), transport.remaining()), (1, 0));
    transport.json(200, r#"{"task_id":"t"}"#);
    transport.json(200, r#"{"task_id":"t","status":"running"}"#);
    let late = client.delete_users(["john"]).and_wait().at_most(Duration::ZERO).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::TaskTimeout);
}

#[tokio::test]
async fn a_wait_may_be_as_long_and_as_rare_as_one_likes() {
    let (transport, client) = support::scripted();
    transport.json(200, r#"{"task_id":"t","status":"running"}"#);
    transport
        .json(200, r#"{"task_id":"t","status":"failed","error":{"type":"x","description":"no"}}"#);
    let task = client.task("t").every(Duration::MAX).at_most(Duration::from_millis(1));
    let error = task.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskFailed, "{error}");
    transport.json(200, r#"{"task_id":"t","status":"completed","result":{"url":"https://x"}}"#);
    let done = client.task("t").at_most(Duration::MAX).wait().await.unwrap();
    assert_eq!(done.url(), Some("https://x"));
}

#[tokio::test]
async fn a_channel_type_is_edited_and_a_poll_is_made() {
    let (transport, client) = support::scripted();
    let settings = r#"{"automod":"AI","automod_behavior":"block","max_message_length":99,
        "blocklists":[{"blocklist":"a","behavior":"flag"}]}"#;
    let anything = support::anything();
    for body in [settings, &anything, settings, &anything, &anything] {
        transport.json(200, body.to_owned());
    }
    let types = client.channel_types();
    types.edit("messaging", |settings| settings.reactions(false)).await.unwrap();
    let mut list = BlockListOptions::default();
    list.blocklist = "a".to_owned();
    list.behavior = ModerationBehavior::Block;
    types.attach_block_list("messaging", list).await.unwrap();
    client.polls().create("Lunch?", "john").option("Pizza").option("Soup").await.unwrap();
    let bodies = support::bodies(&transport);
    let unchanged =
        json!({ "automod": "AI", "automod_behavior": "block", "max_message_length": 99 });
    let mut expected = unchanged.clone();
    expected["reactions"] = json!(false);
    assert_eq!(bodies[1], expected);
    let mut expected = unchanged;
    expected["blocklists"] = json!([{ "blocklist": "a", "behavior": "block" }]);
    assert_eq!(bodies[3], expected);
    assert_eq!(
        bodies[4],
        json!({ "name": "Lunch?", "user_id": "john", "options": [{ "text": "Pizza" }, { "text": "Soup" }] })
    );
}
