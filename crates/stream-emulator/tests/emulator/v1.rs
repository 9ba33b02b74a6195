//! The older API serves the same operations under other paths and in another form.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

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

    // A later read returns it in either form.
    let found = setup.post(&format!("{channel}/query"), json!({"state": true})).await;
    assert_eq!(found["channel"]["name"], "myspecialchannel");
    assert_eq!(found["messages"][0]["likes"], 7);
    let found = setup.get(&format!("/api/v2/chat{channel}")).await;
    assert_eq!(found["channel"]["custom"], json!({"name": "myspecialchannel", "color": "green"}));
    assert_eq!(found["messages"][0]["custom"], json!({"likes": 7}));
    assert_eq!(found["messages"][0]["attachments"][0]["custom"], json!({"mine": true}));
}

#[tokio::test]
async fn both_forms_have_the_same_timestamps() {
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

/// Every endpoint of v1 for backends, including those that only older SDKs know: method, path, ID.
const ENDPOINTS: &str = include_str!("v1_endpoints.tsv");

#[tokio::test]
async fn every_endpoint_is_served_as_its_operation() {
    let setup = Setup::with_users(&["a"]).await;
    let mut count = 0;
    for line in ENDPOINTS.lines() {
        let [method, path, id] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let filled = path.replace("{type}", "messaging").replace(['{', '}'], "");
        let method: Method = method.parse().unwrap();
        let has_body = method != Method::GET && method != Method::DELETE;
        setup.emulator.clear_requests();
        let reply = setup.call(method, &filled, has_body.then(|| json!({}))).await;
        assert_eq!(setup.emulator.requests()[0].operation, Some(id), "{line}");
        let status = reply.status.as_u16();
        assert!(status < 500 && status != 405, "{line}: {}", reply.body);
        assert!(reply.body["duration"].is_string(), "{line}: {}", reply.body);
        count += 1;
    }
    assert_eq!(count, 217);
}

#[tokio::test]
async fn a_permission_is_updated_with_another_status() {
    let setup = Setup::new().await;
    let one = json!({
        "id": "mine", "name": "Mine", "action": "DeleteChannel",
        "condition": {"$subject.level": {"$eq": 1}},
    });
    setup.post("/permissions", one.clone()).await;
    for (path, status) in [("/permissions/mine", 200), ("/api/v2/permissions/mine", 201)] {
        assert_eq!(setup.call(Method::PUT, path, Some(one.clone())).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn operations_of_older_sdks_are_emulated() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    setup.get("/hi").await;
    let events = setup.get("/hook/events").await["events"].clone();
    assert!(events.as_array().unwrap().iter().any(|event| event["name"] == "message.new"));
    let text = json!({"text": "hello", "source_language": "en", "destination_language": "fr"});
    let translated = setup.post("/translate", text).await;
    assert_eq!(translated["translated_text"], "[fr] hello");
    let odd = Some(json!({"text": "hello", "destination_language": "klingon"}));
    setup.fail(Method::POST, "/translate", odd, 400, 4).await;

    let message = setup.send_text("john", "buy my things").await["id"].clone();
    let flag = json!({"target_message_id": message, "user_id": "jane", "reason": "spam"});
    setup.post("/moderation/flag", flag).await;
    let query = json!({"filter_conditions": {"message_id": message}});
    assert_eq!(setup.post("/moderation/flags", query).await["flags"][0]["reason"], "spam");
    let reports = setup.post("/moderation/reports", json!({"message_id": message})).await;
    let report = reports["flag_reports"][0].clone();
    assert_eq!((&report["message"]["id"], &report["flags_count"]), (&message, &json!(1)));
    let one = format!("/moderation/reports/{}", report["id"].as_str().unwrap());
    let review = json!({
        "review_result": "reviewed", "user_id": "jane", "review_details": {"custom": "reason_a"},
    });
    let reviewed = setup.patch(&one, review.clone()).await["flag_report"].clone();
    assert_eq!(reviewed["review_result"], "reviewed");
    assert_eq!(reviewed["review_details"], json!({"custom": "reason_a"}));
    assert_eq!(reviewed["reviewed_by"]["id"], "jane");
    let left = json!({"filter_conditions": {"is_reviewed": false}});
    assert_eq!(setup.post("/moderation/reports", left).await["flag_reports"], json!([]));
    setup.fail(Method::PATCH, "/moderation/reports/none", Some(review), 404, 16).await;
    let ids = Some(json!({"message_ids": ["none"], "reviewed_by": "jane"}));
    setup.fail(Method::POST, "/automod/v1/moderation/update_flags", ids, 404, 16).await;

    let campaign = json!({
        "sender_id": "john", "message_template": {"text": "Hello"}, "create_channels": true,
        "user_ids": ["jane"],
    });
    let campaign = setup.post("/campaigns", campaign).await["campaign"].clone();
    let one = format!("/campaigns/{}", campaign["id"].as_str().unwrap());
    setup.post(&format!("{one}/test"), json!({"users": ["jane"]})).await;
    let all = "/campaigns?payload=%7B%22filter%22%3A%7B%7D%7D";
    assert_eq!(setup.get(all).await["campaigns"][0]["status"], "draft");
    let at = json!({"scheduled_at": "2100-01-01T00:00:00Z"});
    let scheduled = setup.patch(&format!("{one}/schedule"), at).await;
    assert_eq!(scheduled["campaign"]["status"], "scheduled");
    setup.patch(&format!("{one}/stop"), json!({})).await;
    setup.patch(&format!("{one}/resume"), json!({})).await;
    assert_eq!(setup.get(&one).await["campaign"]["status"], "completed");
    setup.get("/segments").await;

    let provider = json!({"name": "f", "type": "firebase", "firebase_credentials": "{}"});
    setup.post("/push_providers", json!({"push_provider": provider})).await;
    setup.delete("/push_providers/f").await;
    setup.fail(Method::DELETE, "/push_providers/f", None, 404, 16).await;
}
