//! The older API: the same operations under other paths and in another form.

use crate::support::Setup;
use http::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_quick_start_works_as_written() {
    let setup = Setup::new().await;
    let users = json!({"users": {
        "john": {"id": "john", "role": "admin", "name": "John", "mycustomfield": "123"},
        "Seetha": {"id": "Seetha"},
        "Viswa": {"id": "Viswa"},
    }});
    let made = setup.post("/users", users).await;
    let john = &made["users"]["john"];
    assert_eq!(john["mycustomfield"], "123");
    assert_eq!(john.get("custom"), None);
    assert!(john["created_at"].is_string());

    let channel = "/channels/messaging/godevs";
    let body = json!({"data": {"created_by": {"id": "john"}, "members": ["john"], "topic": "go"}});
    let state = setup.post(&format!("{channel}/query"), body).await;
    assert_eq!(state["channel"]["topic"], "go");
    assert_eq!(state["members"][0]["user_id"], "john");

    let body = json!({
        "name": "myspecialchannel",
        "color": "green",
        "add_members": ["Seetha", "Viswa"],
        "message": null,
    });
    let updated = setup.post(channel, body).await;
    assert_eq!(updated["channel"]["color"], "green");
    assert_eq!(updated["members"].as_array().unwrap().len(), 3);

    let body = json!({"message": {
        "text": "hi", "user": {"id": "john"}, "likes": 7,
        "attachments": [{"type": "image", "image_url": "https://x.test/a.png", "mine": true}],
    }});
    let sent = setup.post(&format!("{channel}/message"), body).await;
    let message = &sent["message"];
    assert_eq!(message["likes"], 7);
    assert_eq!(message["attachments"][0]["mine"], true);

    // A later read sees it, in either form.
    let found = setup.post(&format!("{channel}/query"), json!({"state": true})).await;
    assert_eq!(found["channel"]["name"], "myspecialchannel");
    assert_eq!(found["messages"][0]["likes"], 7);
    let found = setup.get(&format!("/api/v2/chat{channel}")).await;
    assert_eq!(found["channel"]["custom"], json!({"name": "myspecialchannel", "color": "green"}));
    assert_eq!(found["messages"][0]["custom"], json!({"likes": 7}));
    assert_eq!(found["messages"][0]["attachments"][0]["custom"], json!({"mine": true}));
}

#[tokio::test]
async fn both_forms_show_the_same_times() {
    let setup = Setup::with_users(&["a"]).await;
    let payload = "%7B%22filter_conditions%22%3A%7B%22id%22%3A%22a%22%7D%7D";
    let old = setup.get(&format!("/users?payload={payload}")).await;
    let new = setup.get(&format!("/api/v2/users?payload={payload}")).await;
    let nanoseconds = i128::from(new["users"][0]["created_at"].as_i64().unwrap());
    let text = old["users"][0]["created_at"].as_str().unwrap();
    let parsed =
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).unwrap();
    assert_eq!(parsed.unix_timestamp_nanos(), nanoseconds);
}

#[tokio::test]
async fn the_older_forms_of_requests_are_read() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let member = "/channels/messaging/general/member/b";
    let changed = setup.patch(member, json!({"set": {"color": "red"}})).await;
    assert_eq!(changed["channel_member"]["color"], "red");

    let one = json!({"channel_cid": "messaging:general", "user_id": "a"});
    let muted = setup.post("/moderation/mute/channel", one.clone()).await;
    assert_eq!(muted["channel_mute"]["channel"]["cid"], "messaging:general");
    setup.post("/moderation/unmute/channel", one).await;

    let reaction = json!({"reaction": {"type": "like", "user": {"id": "b"}, "mood": "good"}});
    let message = setup.send_text("a", "hi").await;
    let path = format!("/messages/{}/reaction", message["id"].as_str().unwrap());
    let sent = setup.post(&path, reaction).await;
    assert_eq!(sent["reaction"]["mood"], "good");

    let partial = json!({"users": [{"id": "a", "set": {"field": "value"}}]});
    let changed = setup.patch("/users", partial).await;
    assert_eq!(changed["users"]["a"]["field"], "value");
}

#[tokio::test]
async fn errors_are_the_same() {
    let setup = Setup::new().await;
    setup.fail(Method::GET, "/messages/none", None, 404, 16).await;
    setup.fail(Method::PUT, "/app", None, 405, 16).await;
    let reply = setup.call_as("nonsense", Method::POST, "/users", Some(json!({}))).await;
    reply.assert_error(401, 5);
    let users = json!({"users": {"a": {"id": "not allowed"}}});
    let old = setup.fail(Method::POST, "/users", Some(users.clone()), 400, 4).await;
    let new = setup.fail(Method::POST, "/api/v2/users", Some(users), 400, 4).await;
    assert_eq!(old, new);
}

#[tokio::test]
async fn a_name_that_clashes_does_not_hide_a_field() {
    let setup = Setup::new().await;
    let user = json!({"users": {"a": {"id": "a", "custom": {"role": "king", "x": 1}}}});
    setup.post("/api/v2/users", user).await;
    let partial = json!({"users": [{"id": "a", "set": {"y": 2}}]});
    let shown: Value = setup.patch("/users", partial).await["users"]["a"].clone();
    assert_eq!((&shown["role"], &shown["x"]), (&json!("user"), &json!(1)));
}
