//! Users follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;
use stream_emulator::Emulator;

const USERS: &str = "/api/v2/users";

/// Percent-encodes a query.
fn payload(path: &str, payload: &Value) -> String {
    let encoded: String = payload.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("{path}?payload={encoded}")
}

async fn ids(setup: &Setup, query: Value) -> Vec<String> {
    let found = setup.get(&payload(USERS, &query)).await;
    found["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_upsert_replaces_the_profile_and_keeps_the_role() {
    let setup = Setup::new().await;
    let first = json!({"id": "jane", "name": "Jane", "role": "admin", "custom": {"a": 1}});
    let created = setup.post(USERS, json!({"users": {"jane": first}})).await;
    let created_at = created["users"]["jane"]["created_at"].clone();
    let second = json!({"id": "jane", "image": "https://x.test/j.png", "custom": {"b": 2}});
    let updated = setup.post(USERS, json!({"users": {"jane": second}})).await;
    let jane = &updated["users"]["jane"];
    assert_eq!(jane["custom"], json!({"b": 2}));
    assert_eq!(jane.get("name"), None);
    assert_eq!(jane["role"], "admin");
    assert_eq!(jane["created_at"], created_at);
    assert_ne!(jane["updated_at"], created_at);
}

#[tokio::test]
async fn more_than_a_hundred_are_too_many() {
    let setup = Setup::new().await;
    let many = |count: usize| {
        let users: serde_json::Map<_, _> =
            (0..count).map(|n| (format!("u{n}"), json!({"id": format!("u{n}")}))).collect();
        json!({"users": users})
    };
    setup.fail(Method::POST, USERS, Some(many(101)), 400, 4).await;
    assert_eq!(ids(&setup, json!({"filter_conditions": {}})).await.len(), 0);
    setup.post(USERS, many(100)).await;
    let partial: Vec<Value> = (0..101).map(|n| json!({"id": format!("u{n}")})).collect();
    let body = Some(json!({"users": partial}));
    setup.fail(Method::PATCH, USERS, body, 400, 4).await;
}

#[tokio::test]
async fn bad_input_changes_nothing() {
    let setup = Setup::new().await;
    for bad in [
        json!({"users": {"a": {"id": "a"}, "b": {"id": "not allowed"}}}),
        json!({"users": {"a": {"id": "a"}, "b": {}}}),
        json!({"users": {"a": {"id": "a", "role": 7}}}),
        json!({"users": {"a": {"id": "a", "privacy_settings": "none"}}}),
        json!({"users": [{"id": "a"}]}),
        json!({}),
    ] {
        setup.fail(Method::POST, USERS, Some(bad), 400, 4).await;
    }
    assert_eq!(ids(&setup, json!({"filter_conditions": {}})).await.len(), 0);
}

#[tokio::test]
async fn null_means_absence() {
    let setup = Setup::new().await;
    let user = json!({"id": "a", "name": null, "custom": null, "teams": null, "role": null});
    let body = setup.post(USERS, json!({"users": {"a": user}})).await;
    assert_eq!(body["users"]["a"]["role"], "user");
    assert_eq!(body["users"]["a"]["custom"], json!({}));
}

#[tokio::test]
async fn a_partial_update_sets_and_unsets() {
    let setup = Setup::new().await;
    let jane = json!({"id": "jane", "name": "Jane", "custom": {"a": 1, "b": {"c": 2, "d": 3}}});
    setup.post(USERS, json!({"users": {"jane": jane}})).await;
    let change = json!({"users": [{
        "id": "jane",
        "set": {"role": "admin", "b.c": 4, "color": "green"},
        "unset": ["name", "b.d", "a"],
    }]});
    let updated = setup.patch(USERS, change).await;
    let jane = &updated["users"]["jane"];
    assert_eq!(jane["role"], "admin");
    assert_eq!(jane.get("name"), None);
    assert_eq!(jane["custom"], json!({"b": {"c": 4}, "color": "green"}));

    let twice = json!({"users": [
        {"id": "jane", "set": {"name": "Janet"}},
        {"id": "jane", "set": {"color": "red"}},
    ]});
    let updated = setup.patch(USERS, twice).await;
    assert_eq!(updated["users"]["jane"]["name"], "Janet");
    assert_eq!(updated["users"]["jane"]["custom"]["color"], "red");

    let unknown = json!({"users": [{"id": "nobody", "set": {"a": 1}}]});
    setup.fail(Method::PATCH, USERS, Some(unknown), 404, 16).await;
    let reserved = json!({"users": [{"id": "jane", "set": {"created_at": 1}}]});
    setup.fail(Method::PATCH, USERS, Some(reserved), 400, 4).await;
    let deep = json!({"users": [{"id": "jane", "set": {"x.".repeat(100_000): 1}}]});
    setup.fail(Method::PATCH, USERS, Some(deep), 400, 4).await;
}

#[tokio::test]
async fn queries_filter_sort_and_page() {
    let setup = Setup::new().await;
    let users = json!({"users": {
        "a": {"id": "a", "name": "Ann", "role": "admin"},
        "b": {"id": "b", "name": "Bob", "custom": {"level": 3}},
        "c": {"id": "c", "name": "Cid", "custom": {"level": 5}},
    }});
    setup.post(USERS, users).await;
    let by_id = json!([{"field": "id", "direction": -1}]);
    let all = json!({"filter_conditions": {}, "sort": by_id});
    assert_eq!(ids(&setup, all).await, ["c", "b", "a"]);
    let cases = [
        (json!({"id": {"$in": ["a", "c", "x"]}}), vec!["c", "a"]),
        (json!({"role": "admin"}), vec!["a"]),
        (json!({"name": {"$eq": "Bob"}}), vec!["b"]),
        (json!({"name": {"$autocomplete": "ci"}}), vec!["c"]),
        (json!({"level": {"$gte": 3}}), vec!["c", "b"]),
        (json!({"$or": [{"id": "a"}, {"level": 5}]}), vec!["c", "a"]),
    ];
    for (filter, expected) in cases {
        let query = json!({"filter_conditions": filter, "sort": by_id});
        assert_eq!(ids(&setup, query).await, expected);
    }
    let page = json!({"filter_conditions": {}, "sort": by_id, "limit": 1, "offset": 1});
    assert_eq!(ids(&setup, page).await, ["b"]);
    let page = json!({"filter_conditions": {}, "sort": by_id, "id_gt": "a", "id_lte": "b"});
    assert_eq!(ids(&setup, page).await, ["b"]);

    for bad in [
        json!({"filter_conditions": {"id": {"$like": "a"}}}),
        json!({"filter_conditions": {}, "limit": 101}),
        json!({"filter_conditions": {}, "offset": 1001}),
        json!({"filter_conditions": []}),
    ] {
        setup.fail(Method::GET, &payload(USERS, &bad), None, 400, 4).await;
    }
    let broken = format!("{USERS}?payload=%7B");
    setup.fail(Method::GET, &broken, None, 400, 4).await;
}

#[tokio::test]
async fn names_are_unique_if_the_app_says_so() {
    let setup = Setup::new().await;
    let named = |id: &str, name: &str, team: &str| json!({"users": {id: {"id": id, "name": name, "teams": [team]}}});
    setup.post(USERS, named("a", "Jane", "red")).await;
    setup.post(USERS, named("b", "Jane", "blue")).await;
    setup.delete_later(&["b"]).await;
    let scope = |scope: &str| json!({"enforce_unique_usernames": scope});
    setup.patch("/api/v2/app", scope("app")).await;
    let text = setup.fail(Method::POST, USERS, Some(named("c", "Jane", "blue")), 400, 6).await;
    assert!(text.contains("username 'Jane' already exists"), "{text}");
    setup.post(USERS, named("a", "Jane", "red")).await;
    setup.patch("/api/v2/app", scope("team")).await;
    setup.post(USERS, named("c", "Jane", "blue")).await;
    setup.fail(Method::POST, USERS, Some(named("d", "Jane", "red")), 400, 6).await;
    let rename = json!({"users": [{"id": "c", "set": {"teams": ["red"]}}]});
    setup.fail(Method::PATCH, USERS, Some(rename), 400, 6).await;
}

#[tokio::test]
async fn custom_data_of_a_user_is_limited() {
    let setup = Setup::new().await;
    let custom = json!({"note": "x".repeat(5200)});
    let large = json!({"users": {"a": {"id": "a", "custom": custom}}});
    setup.fail(Method::POST, USERS, Some(large), 413, 22).await;
    setup.upsert(&["a"]).await;
    let large = json!({"users": [{"id": "a", "set": custom}]});
    setup.fail(Method::PATCH, USERS, Some(large), 413, 22).await;
}

impl Setup {
    async fn delete_later(&self, ids: &[&str]) -> Value {
        self.post("/api/v2/users/delete", json!({"user_ids": ids})).await
    }
}

#[tokio::test]
async fn deletion_is_a_task() {
    let setup = Setup::with(Emulator::builder().task_polls(1)).await;
    setup.upsert(&["a", "b", "c"]).await;
    setup.channel(&["a", "b", "c"]).await;
    let order = json!({"user_ids": ["b", "c"], "user": "hard", "messages": "hard"});
    setup.send_text("b", "soon gone").await;
    let task = setup.post("/api/v2/users/delete", order).await;
    let path = format!("/api/v2/tasks/{}", task["task_id"].as_str().unwrap());
    assert_eq!(setup.get(&path).await["status"], "running");
    let done = setup.get(&path).await;
    assert_eq!(done["status"], "completed");
    assert_eq!(done["result"], json!({"b": {"status": "ok"}, "c": {"status": "ok"}}));

    assert_eq!(ids(&setup, json!({"filter_conditions": {}})).await, ["a"]);
    let state = setup.get("/api/v2/chat/channels/messaging/general").await;
    assert_eq!(state["members"].as_array().unwrap().len(), 1);
    assert_eq!(state["messages"], json!([]));

    setup.fail(Method::GET, "/api/v2/tasks/none", None, 404, 16).await;
    let unknown = json!({"user_ids": ["b"]});
    setup.fail(Method::POST, "/api/v2/users/delete", Some(unknown), 400, 4).await;
}

#[tokio::test]
async fn deleted_users_cannot_be_used() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a"]).await;
    setup.delete_later(&["b"]).await;
    let again = json!({"users": {"b": {"id": "b"}}});
    setup.fail(Method::POST, USERS, Some(again), 400, 4).await;
    let add = json!({"add_members": [{"user_id": "b"}]});
    let path = "/api/v2/chat/channels/messaging/general";
    setup.fail(Method::POST, path, Some(add), 400, 4).await;
}

#[tokio::test]
async fn users_are_deactivated_and_brought_back() {
    let setup = Setup::with_users(&["a", "b"]).await;
    let gone = setup.post("/api/v2/users/a/deactivate", json!({})).await;
    assert!(gone["user"]["deactivated_at"].is_i64());
    assert_eq!(ids(&setup, json!({"filter_conditions": {}})).await, ["b"]);
    let all = json!({"filter_conditions": {}, "include_deactivated_users": true});
    assert_eq!(ids(&setup, all).await.len(), 2);
    let again = "/api/v2/users/a/deactivate";
    setup.fail(Method::POST, again, Some(json!({})), 400, 4).await;
    let back = setup.post("/api/v2/users/a/reactivate", json!({"name": "Ann"})).await;
    assert_eq!(back["user"]["name"], "Ann");

    let both = json!({"user_ids": ["a", "b"]});
    let task = setup.post("/api/v2/users/deactivate", both.clone()).await;
    let path = format!("/api/v2/tasks/{}", task["task_id"].as_str().unwrap());
    assert_eq!(setup.get(&path).await["status"], "completed");
    assert!(ids(&setup, json!({"filter_conditions": {}})).await.is_empty());
    setup.post("/api/v2/users/reactivate", both).await;

    setup.delete_later(&["a"]).await;
    setup.post("/api/v2/users/restore", json!({"user_ids": ["a"]})).await;
    assert_eq!(ids(&setup, json!({"filter_conditions": {}})).await.len(), 2);
    let whole = Some(json!({"user_ids": ["a"]}));
    setup.fail(Method::POST, "/api/v2/users/restore", whole, 400, 4).await;
}

#[tokio::test]
async fn nested_settings_are_merged() {
    let setup = Setup::with_users(&["a"]).await;
    let set = |value: Value| json!({"users": [{"id": "a", "set": value}]});
    setup
        .patch(USERS, set(json!({"privacy_settings": {"typing_indicators": {"enabled": false}}})))
        .await;
    let merged = setup
        .patch(USERS, set(json!({"privacy_settings": {"read_receipts": {"enabled": false}}})))
        .await;
    let expected =
        json!({"typing_indicators": {"enabled": false}, "read_receipts": {"enabled": false}});
    assert_eq!(merged["users"]["a"]["privacy_settings"], expected);
    let dotted = set(json!({"privacy_settings.read_receipts.enabled": true}));
    let merged = setup.patch(USERS, dotted).await;
    assert_eq!(merged["users"]["a"]["privacy_settings"]["read_receipts"], json!({"enabled": true}));
    for bad in ["two words", "a..b", ".a", "a."] {
        setup.fail(Method::PATCH, USERS, Some(set(json!({bad: 1}))), 400, 4).await;
    }
}

#[tokio::test]
async fn users_block_each_other() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let block = "/api/v2/users/block";
    let body = json!({"blocked_user_id": "b", "user_id": "a"});
    let blocked = setup.post(block, body.clone()).await;
    assert_eq!(blocked["blocked_by_user_id"], "a");
    let again = setup.post(block, body.clone()).await;
    assert_eq!(again["created_at"], blocked["created_at"]);
    let listed = setup.get(&format!("{block}?user_id=a")).await;
    assert_eq!(listed["blocks"][0]["blocked_user"]["id"], "b");
    let query = json!({"filter_conditions": {}, "user_id": "a"});
    let found = setup.post("/api/v2/chat/channels", query.clone()).await;
    assert_eq!(found["channels"], json!([]));
    setup.post("/api/v2/users/unblock", body).await;
    assert_eq!(setup.get(&format!("{block}?user_id=a")).await["blocks"], json!([]));
    let found = setup.post("/api/v2/chat/channels", query).await;
    assert_eq!(found["channels"].as_array().unwrap().len(), 1);
    for bad in [
        json!({"blocked_user_id": "zoe", "user_id": "a"}),
        json!({"blocked_user_id": "a", "user_id": "a"}),
        json!({"blocked_user_id": "b"}),
    ] {
        setup.fail(Method::POST, block, Some(bad), 400, 4).await;
    }
}

#[tokio::test]
async fn a_guest_gets_a_token() {
    let setup = Setup::new().await;
    let guest = "/api/v2/guest";
    let made = setup.post(guest, json!({"user": {"id": "visitor", "role": "admin"}})).await;
    let id = made["user"]["id"].as_str().unwrap();
    assert!(id.contains("visitor") && id != "visitor", "{id}");
    assert_eq!(made["user"]["role"], "guest");
    let token = made["access_token"].as_str().unwrap();
    let payload = payload(USERS, &json!({"filter_conditions": {"id": id}}));
    let reply = setup.call_as(token, Method::GET, &payload, None).await;
    assert_eq!(reply.body["users"][0]["id"], *id);
    setup.patch("/api/v2/app", json!({"multi_tenant_enabled": true})).await;
    setup.fail(Method::POST, guest, Some(json!({"user": {"id": "x"}})), 403, 17).await;
    setup.patch("/api/v2/app", json!({"multi_tenant_enabled": false})).await;
    setup.patch("/api/v2/app", json!({"guest_user_creation_disabled": true})).await;
    let text = setup.fail(Method::POST, guest, Some(json!({"user": {"id": "x"}})), 403, 17).await;
    assert!(text.contains("guest access is disabled"), "{text}");
}

#[tokio::test]
async fn an_export_has_what_a_user_said() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let message = setup.send_text("a", "mine").await["id"].as_str().unwrap().to_owned();
    setup.send_text("b", "not mine").await;
    let reaction = json!({"reaction": {"type": "like", "user_id": "a"}});
    setup.post(&format!("/api/v2/chat/messages/{message}/reaction"), reaction).await;
    let export = setup.get("/api/v2/users/a/export").await;
    assert_eq!(export["user"]["id"], "a");
    assert_eq!(export["messages"].as_array().unwrap().len(), 1);
    assert_eq!(export["reactions"][0]["type"], "like");
    setup.fail(Method::GET, "/api/v2/users/zoe/export", None, 404, 16).await;
}

#[tokio::test]
async fn a_deactivated_user_says_nothing_and_gets_the_messages_back() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let message = setup.send_text("a", "before").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/chat/messages/{message}");
    let off = json!({"mark_messages_deleted": true});
    setup.post("/api/v2/users/a/deactivate", off).await;
    assert_eq!(setup.get(&path).await["message"]["type"], "deleted");
    let say = Some(json!({"message": {"text": "x", "user_id": "a"}}));
    let send = "/api/v2/chat/channels/messaging/general/message";
    let text = setup.fail(Method::POST, send, say, 400, 4).await;
    assert!(text.contains("was deactivated"), "{text}");
    setup.post("/api/v2/users/a/reactivate", json!({"restore_messages": true})).await;
    assert_eq!(setup.get(&path).await["message"]["type"], "regular");
    let again = Some(json!({}));
    let text = setup.fail(Method::POST, "/api/v2/users/a/reactivate", again, 400, 4).await;
    assert!(text.contains("is not deactivated"), "{text}");
}

#[tokio::test]
async fn channels_go_and_come_back_with_their_creator() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    setup.send_text("b", "hello").await;
    let of_b = "/api/v2/chat/channels/messaging/other";
    let other = json!({"data": {"created_by_id": "b", "members": [{"user_id": "a"}]}});
    setup.post(&format!("{of_b}/query"), other).await;
    let general = "/api/v2/chat/channels/messaging/general";
    let off = json!({"user_ids": ["a"], "mark_channels_deleted": true});
    setup.post("/api/v2/users/deactivate", off.clone()).await;
    setup.fail(Method::GET, general, None, 404, 16).await;
    setup.get(of_b).await;
    let on = json!({"user_ids": ["a"]});
    setup.post("/api/v2/users/reactivate", on).await;
    setup.fail(Method::GET, general, None, 404, 16).await;
    setup.channel(&["a", "b"]).await;
    setup.post("/api/v2/users/deactivate", off).await;
    let on = json!({"user_ids": ["a"], "restore_channels": true});
    setup.post("/api/v2/users/reactivate", on).await;
    let back = setup.get(general).await;
    assert_eq!(back["messages"][0]["text"], "hello");
    assert_eq!(back["members"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_custom_event_reaches_a_user_who_exists() {
    let setup = Setup::with_users(&["a"]).await;
    let event = |kind: &str| json!({"event": {"type": kind, "custom": {"x": 1}}});
    setup.post("/api/v2/chat/users/a/event", event("friend_request")).await;
    let dotted = Some(event("friend.request"));
    setup.fail(Method::POST, "/api/v2/chat/users/a/event", dotted, 400, 4).await;
    let nobody = Some(event("x"));
    setup.fail(Method::POST, "/api/v2/chat/users/zoe/event", nobody, 404, 16).await;
}

#[tokio::test]
async fn the_older_api_deletes_one_user_at_once() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let message = setup.send_text("a", "hi").await["id"].as_str().unwrap().to_owned();
    let gone = setup.delete("/users/a?mark_messages_deleted=true").await;
    assert!(gone["user"]["deleted_at"].is_string());
    let path = format!("/messages/{message}");
    assert_eq!(setup.get(&path).await["message"]["type"], "deleted");
    setup.fail(Method::DELETE, "/users/a", None, 404, 16).await;
}

#[tokio::test]
async fn what_a_user_said_goes_without_a_trace() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    let general = "/api/v2/chat/channels/messaging/general";
    let kept = setup.send_text("jane", "stays").await;
    let reply = json!({"message": {"text": "goes", "user_id": "john", "parent_id": kept["id"]}});
    setup.post(&format!("{general}/message"), reply).await;
    for _ in 0..3 {
        setup.send_text("john", "goes").await;
    }
    let delete = json!({"user_ids": ["john"], "user": "soft", "messages": "hard"});
    setup.post("/api/v2/users/delete", delete).await;
    let state = setup.get(general).await;
    let messages = state["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["id"]), (1, &kept["id"]));
    assert_eq!(messages[0]["reply_count"], 0);
    assert_eq!(state["channel"]["last_message_at"], kept["created_at"]);
}

#[tokio::test]
async fn pruning_keeps_that_there_was_a_user_and_a_message() {
    let setup = Setup::new().await;
    let ann = json!({"id": "a", "name": "Ann", "custom": {"level": 3}});
    setup.post(USERS, json!({"users": {"a": ann, "b": {"id": "b"}}})).await;
    setup.channel(&["b", "a"]).await;
    let message = setup.send_text("a", "hello").await;
    let path = format!("/api/v2/chat/messages/{}", message["id"].as_str().unwrap());
    let reaction = json!({"reaction": {"type": "like", "user_id": "b"}});
    setup.post(&format!("{path}/reaction"), reaction).await;
    let order = json!({"user_ids": ["a"], "user": "pruning", "messages": "pruning"});
    setup.post("/api/v2/users/delete", order).await;
    let message = setup.get(&path).await["message"].clone();
    assert_eq!((&message["type"], &message["text"]), (&json!("deleted"), &json!("")));
    assert_eq!(message["reaction_counts"], json!({}));
    assert_eq!((&message["user"]["id"], &message["user"]["custom"]), (&json!("a"), &json!({})));
    assert_eq!(message["user"].get("name"), None);
    let bad = Some(json!({"user_ids": ["a"], "conversations": "pruning"}));
    setup.fail(Method::POST, "/api/v2/users/delete", bad, 400, 4).await;
}

#[tokio::test]
async fn a_deleted_user_takes_conversations_and_threads_along() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    setup.channel(&["b", "a"]).await;
    let messages = "/api/v2/chat/channels/messaging/team/message";
    let members = json!([{"user_id": "a"}, {"user_id": "b"}, {"user_id": "c"}]);
    let team = json!({"data": {"created_by_id": "b", "members": members}});
    setup.post("/api/v2/chat/channels/messaging/team/query", team).await;
    let first = json!({"message": {"id": "first", "text": "first", "user_id": "a"}});
    setup.post(messages, first).await;
    let reply =
        json!({"message": {"id": "re", "text": "re", "user_id": "b", "parent_id": "first"}});
    setup.post(messages, reply).await;
    setup.post("/api/v2/usergroups", json!({"name": "all", "member_ids": ["a", "b"]})).await;
    setup.post("/api/v2/users/block", json!({"user_id": "b", "blocked_user_id": "a"})).await;
    let mut bob = setup.connect("b").await;

    let order =
        json!({"user_ids": ["a"], "user": "hard", "messages": "hard", "conversations": "hard"});
    setup.post("/api/v2/users/delete", order).await;
    assert_eq!(bob.until("notification.channel_deleted").await["cid"], "messaging:general");
    for gone in ["channels/messaging/general", "messages/first", "messages/re"] {
        setup.fail(Method::GET, &format!("/api/v2/chat/{gone}"), None, 404, 16).await;
    }
    let groups = setup.get("/api/v2/usergroups").await;
    assert_eq!(groups["user_groups"][0]["members"].as_array().unwrap().len(), 1);
    assert_eq!(setup.get("/api/v2/users/block?user_id=b").await["blocks"], json!([]));
}

#[tokio::test]
async fn a_refused_change_of_activity_has_no_effect() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let message = setup.send_text("a", "kept").await["id"].as_str().unwrap().to_owned();
    setup.post("/api/v2/users/a/deactivate", json!({})).await;
    let again = json!({"user_ids": ["a"], "mark_messages_deleted": true});
    let task = setup.post("/api/v2/users/deactivate", again).await;
    let task = format!("/api/v2/tasks/{}", task["task_id"].as_str().unwrap());
    let result = setup.get(&task).await["result"]["a"].clone();
    assert_eq!(result["status"], "error");
    assert!(result["error"].as_str().unwrap().contains("already deactivated"), "{result}");
    let message = setup.get(&format!("/api/v2/chat/messages/{message}")).await;
    assert_eq!(message["message"]["type"], "regular");

    // Whatever the user does is refused.
    let everyone = payload(USERS, &json!({"filter_conditions": {}}));
    let token = setup.user_token("a");
    let text = setup.call_as(&token, Method::GET, &everyone, None).await.assert_error(400, 4);
    assert!(text.contains("was deactivated"), "{text}");
}

#[tokio::test]
async fn users_of_tenants_search_their_own_teams() {
    let setup = Setup::new().await;
    let user = |id: &str, team: &str| json!({"id": id, "teams": [team]});
    let users = json!({"users": {"jane": user("jane", "red"), "bob": user("bob", "blue")}});
    setup.post(USERS, users).await;
    setup.patch("/api/v2/app", json!({"multi_tenant_enabled": true})).await;
    let jane = setup.user_token("jane");
    let query = async |filter: Value| {
        let path = payload(USERS, &json!({"filter_conditions": filter}));
        setup.call_as(&jane, Method::GET, &path, None).await
    };
    let text = query(json!({})).await.assert_error(403, 17);
    assert!(text.contains("you must include a team filter"), "{text}");
    let text = query(json!({"teams": {"$in": ["red", "blue"]}})).await.assert_error(403, 17);
    assert!(text.contains("search by team \"blue\" is not allowed"), "{text}");
    let found = query(json!({"teams": {"$contains": "red"}})).await.body;
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
}
