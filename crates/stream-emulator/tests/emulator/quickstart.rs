//! The steps from the first user to the first message work.

use serde_json::{Value, json};

use crate::support::Setup;

fn roles(members: &Value) -> Vec<(&str, &str)> {
    members
        .as_array()
        .unwrap()
        .iter()
        .map(|member| {
            (member["user_id"].as_str().unwrap(), member["channel_role"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_documented_step_works() {
    let setup = Setup::with_users(&["bob", "jane", "kate", "thierry", "josh"]).await;
    let users = setup
        .post(
            "/api/v2/users",
            json!({"users": {"john": {"id": "john", "role": "admin", "custom": {"myapp_level": 3}}}}),
        )
        .await;
    assert_eq!(users["users"]["john"]["role"], "admin");
    assert_eq!(users["users"]["john"]["custom"], json!({"myapp_level": 3}));

    let path = "/api/v2/chat/channels/messaging/bob-and-jane";
    let state = setup
        .post(
            &format!("{path}/query"),
            json!({"data": {"created_by_id": "john", "members": [{"user_id": "bob"}, {"user_id": "jane"}]}}),
        )
        .await;
    assert_eq!(state["channel"]["cid"], "messaging:bob-and-jane");
    assert_eq!(state["channel"]["created_by"]["id"], "john");
    assert_eq!(state["channel"]["member_count"], 2);

    let updated = setup
        .post(
            path,
            json!({
                "data": {"custom": {"color": "green"}},
                "message": {"text": "Kate made it green", "user_id": "kate"},
            }),
        )
        .await;
    assert_eq!(updated["channel"]["custom"], json!({"color": "green"}));
    assert_eq!(updated["message"]["type"], "system");
    assert_eq!(updated["message"]["user"]["id"], "kate");

    let added = setup
        .post(
            path,
            json!({
                "add_members": [{"user_id": "thierry"}, {"user_id": "josh"}],
                "add_moderators": ["thierry"],
            }),
        )
        .await;
    assert_eq!(added["channel"]["custom"], json!({"color": "green"}));
    assert_eq!(roles(&added["members"])[2], ("thierry", "channel_moderator"));
    let demoted = setup.post(path, json!({"demote_moderators": ["thierry"]})).await;
    assert_eq!(
        roles(&demoted["members"]),
        ["bob", "jane", "thierry", "josh"].map(|id| (id, "channel_member"))
    );

    let sent = setup
        .post(
            &format!("{path}/message"),
            json!({"message": {
                "text": "@Josh look <here>",
                "user_id": "john",
                "mentioned_users": ["josh"],
                "attachments": [{"type": "image", "image_url": "https://x.test/a.png", "custom": {"myCustomField": 123}}],
                "custom": {"anotherCustomField": 234},
            }}),
        )
        .await;
    let message = &sent["message"];
    assert_eq!(message["mentioned_users"][0]["id"], "josh");
    assert_eq!(message["attachments"][0]["custom"]["myCustomField"], 123);
    assert_eq!(message["custom"]["anotherCustomField"], 234);
    assert_eq!(message["html"], "<p>@Josh look &lt;here&gt;</p>\n");

    setup.patch("/api/v2/app", json!({"enforce_unique_usernames": "app"})).await;
    let app = setup.get("/api/v2/app").await;
    assert_eq!(app["app"]["enforce_unique_usernames"], "app");

    let state = setup.get(path).await;
    let texts: Vec<&str> = state["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["Kate made it green", "@Josh look <here>"]);
    assert_eq!(state["channel"]["last_message_at"], message["created_at"]);
}
