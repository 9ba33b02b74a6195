//! Messages, threads and reactions follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const MESSAGE: &str = "/api/v2/chat/channels/messaging/general/message";

async fn setup() -> Setup {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane", "bob"]).await;
    setup
}

fn path(id: &str) -> String {
    format!("/api/v2/chat/messages/{id}")
}

#[tokio::test]
async fn a_message_has_an_id_of_its_own_or_a_given_one() {
    let setup = setup().await;
    let message = setup.send_text("jane", "hi").await;
    assert_eq!(message["id"].as_str().unwrap().len(), 36);
    assert_eq!(message["type"], "regular");
    let body = json!({"message": {"id": "m1", "text": "hi", "user_id": "jane"}});
    let sent = setup.post(MESSAGE, body.clone()).await;
    assert_eq!(sent["message"]["id"], "m1");
    let text = setup.fail(Method::POST, MESSAGE, Some(body), 400, 4).await;
    assert!(text.contains("m1"), "{text}");
    let got = setup.get(&path("m1")).await;
    assert_eq!(got["message"]["channel"]["cid"], "messaging:general");
}

#[tokio::test]
async fn responses_show_what_was_asked_for() {
    let setup = setup().await;
    setup.upsert(&["kim"]).await;
    let member = "/api/v2/chat/channels/messaging/general/member?user_id=jane";
    setup.patch(member, json!({"set": {"title": "chief", "age": 40}})).await;
    let message = json!({
        "id": "m1", "text": "hi", "user_id": "jane", "mentioned_users": ["bob", "kim"],
    });
    let send = json!({
        "message": message, "include_channel_context": true, "include_mentioned_members": true,
    });
    let sent = setup.post(MESSAGE, send).await;
    assert_eq!(sent["channel_context"]["cid"], "messaging:general");
    assert_eq!(sent["mentioned_members"], json!({"bob": true, "kim": false}));
    assert_eq!(sent["message"]["member"].get("custom"), None);

    let many = "/api/v2/chat/channels/messaging/general/messages?ids=m1";
    let read = setup.get(&format!("{many}&member_custom_include=title,mood")).await;
    assert_eq!(read["messages"][0]["member"]["custom"], json!({"title": "chief"}));
    let query = json!({"filter_conditions": {}, "member_custom_include": ["age"]});
    let found = setup.post("/api/v2/chat/channels", query).await;
    let of_first = &found["channels"][0]["messages"][0]["member"];
    assert_eq!(of_first["custom"], json!({"age": 40}));
    let nine = format!("{many}&member_custom_include=1,2,3,4,5,6,7,8,9");
    setup.fail(Method::GET, &nine, None, 400, 4).await;
}

#[tokio::test]
async fn messages_that_violate_the_rules_are_refused() {
    let setup = setup().await;
    let cases = [
        (json!({"text": "hi"}), 400, 4, "message.user"),
        (json!({"text": "hi", "user_id": "zoe"}), 400, 4, "the user zoe does not exist"),
        (json!({"text": "hi", "user_id": "jane", "user": {"id": "jane"}}), 400, 4, "both"),
        (
            json!({"text": "hi", "user_id": "jane", "mentioned_users": ["zoe"]}),
            400,
            4,
            "the user zoe does not exist",
        ),
        (json!({"text": " ", "user_id": "jane"}), 400, 4, "text or attachments"),
        (json!({"text": "hi", "user_id": "jane", "parent_id": "none"}), 400, 4, "none"),
        (json!({"text": "hi", "user_id": "jane", "type": "loud"}), 400, 4, "loud"),
        (json!({"text": 7, "user_id": "jane"}), 400, 4, "string"),
    ];
    for (message, status, code, part) in cases {
        let body = Some(json!({"message": message}));
        let text = setup.fail(Method::POST, MESSAGE, body, status, code).await;
        assert!(text.contains(part), "{text}");
    }
    setup.fail(Method::POST, MESSAGE, Some(json!({})), 400, 4).await;
    let nowhere = "/api/v2/chat/channels/messaging/nowhere/message";
    let body = json!({"message": {"text": "hi", "user_id": "jane"}});
    setup.fail(Method::POST, nowhere, Some(body), 404, 16).await;
    let state = setup.get("/api/v2/chat/channels/messaging/general").await;
    assert_eq!(state["messages"], json!([]));
}

#[tokio::test]
async fn a_long_text_is_returned_as_an_error_message_and_refused_in_an_edit() {
    let setup = setup().await;
    let long = json!({"text": "x".repeat(5001), "user_id": "jane"});
    let refused = setup.post(MESSAGE, json!({"message": long})).await["message"].clone();
    assert_eq!(refused["type"], "error");
    assert!(refused["text"].as_str().unwrap().contains("5000"), "{refused}");
    let sent = setup.send_text("jane", "short").await;
    let path = format!("/api/v2/chat/messages/{}", sent["id"].as_str().unwrap());
    setup.fail(Method::POST, &path, Some(json!({"message": long})), 400, 20).await;
    let general = "/api/v2/chat/channels/messaging/general";
    assert_eq!(setup.get(general).await["messages"].as_array().unwrap().len(), 1);
    // The limit may be shorter than the reason.
    let short = json!({"set": {"config_overrides": {"max_message_length": 3}}});
    setup.patch(general, short).await;
    assert_eq!(setup.send_text("jane", "four").await["type"], "error");
}

#[tokio::test]
async fn a_pin_without_expiration_replaces_one_with() {
    let setup = setup().await;
    let sent = setup.send_text("jane", "pinned").await;
    let path = format!("/messages/{}", sent["id"].as_str().unwrap());
    let pin =
        |expires: Value| json!({"set": {"pinned": true, "pin_expires": expires}, "user_id": "bob"});
    assert!(setup.put(&path, pin(json!(60))).await["message"]["pin_expires"].is_string());
    let pinned = setup.put(&path, pin(Value::Null)).await["message"].clone();
    assert_eq!((&pinned["pinned"], &pinned["pin_expires"]), (&json!(true), &Value::Null));
}

#[tokio::test]
async fn members_delete_for_themselves_and_only_backends_restrict_visibility() {
    let setup = setup().await;
    let sent = setup.send_text("jane", "hello").await;
    let path = format!("/api/v2/chat/messages/{}", sent["id"].as_str().unwrap());
    let bob = setup.user_token("bob");
    setup.call_as(&bob, Method::DELETE, &path, None).await.assert_error(403, 17);
    let for_me = format!("{path}?delete_for_me=true");
    let deleted = setup.call_as(&bob, Method::DELETE, &for_me, None).await;
    assert_eq!(deleted.body["message"]["type"], "deleted");
    assert_eq!(setup.get(&path).await["message"]["type"], "regular");
    let body = json!({"message": {"text": "psst", "restricted_visibility": ["jane"]}});
    let reply = setup.call_as(&bob, Method::POST, MESSAGE, Some(body)).await;
    reply.assert_error(403, 17);
}

#[tokio::test]
async fn frozen_and_slow_channels_hold_users_back() {
    let setup = setup().await;
    let general = "/api/v2/chat/channels/messaging/general";
    let bob = setup.user_token("bob");
    let body = || Some(json!({"message": {"text": "hi"}}));
    // Messages from before slow mode do not count.
    setup.send_text("bob", "before").await;
    setup.fail(Method::PATCH, general, Some(json!({"set": {"cooldown": 121}})), 400, 4).await;
    setup.patch(general, json!({"set": {"cooldown": 60}})).await;
    let first = setup.call_as(&bob, Method::POST, MESSAGE, body()).await;
    assert!(first.status.is_success());
    let second = setup.call_as(&bob, Method::POST, MESSAGE, body()).await;
    second.assert_error(403, 60);
    setup.patch(general, json!({"set": {"frozen": true}})).await;
    let frozen = setup.call_as(&bob, Method::POST, MESSAGE, body()).await;
    frozen.assert_error(403, 60);
    setup.patch(general, json!({"set": {"frozen": true, "cooldown": 0}})).await;
    let frozen = setup.call_as(&bob, Method::POST, MESSAGE, body()).await;
    assert_eq!(frozen.body["message"]["type"], "error");
    assert!(frozen.body["message"]["text"].as_str().unwrap().contains("frozen"));
    assert_eq!(setup.get(general).await["messages"].as_array().unwrap().len(), 2);
    setup.send_text("bob", "the backend may").await;
}

#[tokio::test]
async fn an_update_replaces_and_a_partial_update_changes() {
    let setup = setup().await;
    let body =
        json!({"message": {"id": "m", "text": "one", "user_id": "jane", "custom": {"a": 1}}});
    setup.post(MESSAGE, body).await;
    let body =
        json!({"message": {"text": "two", "user_id": "jane", "custom": {"b": 2}, "pinned": true}});
    let updated = setup.post(&path("m"), body).await;
    let message = &updated["message"];
    assert_eq!(message["text"], "two");
    assert_eq!(message["custom"], json!({"b": 2}));
    assert_eq!(message["pinned_by"]["id"], "jane");
    assert!(message["message_text_updated_at"].is_i64());

    let change = json!({
        "set": {"text": "three", "color": "red", "mentioned_users": ["bob"]},
        "unset": ["b", "pinned"],
        "user_id": "jane",
    });
    let updated = setup.put(&path("m"), change).await;
    let message = &updated["message"];
    assert_eq!(message["text"], "three");
    assert_eq!(message["custom"], json!({"color": "red"}));
    assert_eq!(message["pinned"], false);
    assert_eq!(message["mentioned_users"][0]["id"], "bob");

    let large = json!({"set": {"note": "x".repeat(5200)}, "user_id": "jane"});
    setup.fail(Method::PUT, &path("m"), Some(large), 413, 22).await;
    let anonymous = json!({"set": {"text": "four"}});
    setup.fail(Method::PUT, &path("m"), Some(anonymous), 400, 4).await;
    let anonymous = json!({"message": {"text": "four"}});
    setup.fail(Method::POST, &path("m"), Some(anonymous), 400, 4).await;
    let body = json!({"message": {"text": "four", "user_id": "jane"}});
    setup.fail(Method::POST, &path("none"), Some(body), 404, 16).await;
    let bob = setup.user_token("bob");
    let body = json!({"message": {"text": "five"}});
    let foreign = setup.call_as(&bob, Method::POST, &path("m"), Some(body)).await;
    foreign.assert_error(403, 17);
}

#[tokio::test]
async fn whether_a_message_is_silent_stays_as_it_was_sent() {
    let setup = setup().await;
    for silent in [true, false] {
        let body = json!({"message": {"text": "one", "user_id": "jane", "silent": silent}});
        let sent = setup.post(MESSAGE, body).await;
        let path = path(sent["message"]["id"].as_str().unwrap());
        let body = json!({"message": {"text": "two", "user_id": "jane", "silent": !silent}});
        assert_eq!(setup.post(&path, body).await["message"]["silent"], silent);
        let set = json!({"set": {"text": "three", "silent": !silent}, "user_id": "jane"});
        assert_eq!(setup.put(&path, set).await["message"]["silent"], silent);
        let unset = json!({"unset": ["silent"], "user_id": "jane"});
        assert_eq!(setup.put(&path, unset).await["message"]["silent"], silent);
    }
}

#[tokio::test]
async fn a_deleted_message_shows_nothing_and_a_hard_deleted_one_is_gone() {
    let setup = setup().await;
    let message = setup.send_text("jane", "secret").await;
    let message = path(message["id"].as_str().unwrap());
    let deleted = setup.delete(&message).await;
    assert_eq!(deleted["message"]["type"], "deleted");
    assert_eq!(setup.get(&message).await["message"]["text"], "");
    let shown = setup.get(&format!("{message}?show_deleted_message=true")).await;
    assert_eq!(shown["message"]["text"], "secret");
    let undelete = format!("{message}/undelete");
    let back = setup.post(&undelete, json!({"undeleted_by": "jane"})).await;
    assert_eq!(back["message"]["text"], "secret");
    let whole = Some(json!({"undeleted_by": "jane"}));
    setup.fail(Method::POST, &undelete, whole, 400, 4).await;
    setup.delete(&format!("{message}?hard=true")).await;
    setup.fail(Method::GET, &message, None, 404, 16).await;
    setup.fail(Method::DELETE, &message, None, 404, 16).await;
}

#[tokio::test]
async fn several_messages_are_read_in_one_request() {
    let setup = setup().await;
    for id in ["m1", "m2", "m3"] {
        let body = json!({"message": {"id": id, "text": id, "user_id": "jane"}});
        setup.post(MESSAGE, body).await;
    }
    let many = "/api/v2/chat/channels/messaging/general/messages";
    let found = setup.get(&format!("{many}?ids=m3%2Cm1%2Cnone")).await;
    let ids: Vec<&Value> =
        found["messages"].as_array().unwrap().iter().map(|message| &message["id"]).collect();
    assert_eq!(ids, ["m3", "m1"]);
    setup.fail(Method::GET, many, None, 400, 4).await;
    let ids: Vec<String> = (0..51).map(|n| format!("m{n}")).collect();
    let too_many = format!("{many}?ids={}", ids.join("%2C"));
    setup.fail(Method::GET, &too_many, None, 400, 4).await;
}

#[tokio::test]
async fn messages_come_in_pages() {
    let setup = setup().await;
    for n in 0..30 {
        let id = format!("m{n:02}");
        let body = json!({"message": {"id": id, "text": id, "user_id": "jane"}});
        setup.post(MESSAGE, body).await;
    }
    let page = async |query: &str| -> Vec<String> {
        let path = format!("/api/v2/chat/channels/messaging/general?{query}");
        let state = setup.get(&path).await;
        let messages = state["messages"].as_array().unwrap();
        messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(page("state=true").await.len(), 25);
    assert_eq!(page("messages_limit=2").await, ["m28", "m29"]);
    assert_eq!(page("messages_limit=2&messages_id_lt=m10").await, ["m08", "m09"]);
    assert_eq!(page("messages_limit=2&messages_id_gte=m10").await, ["m10", "m11"]);
    assert_eq!(page("messages_limit=3&messages_id_around=m10").await, ["m09", "m10", "m11"]);
    assert_eq!(page("state=false").await.len(), 0);
    for (given, expected) in [
        (json!({"limit": 2, "offset": 2}), json!(["m26", "m27"])),
        (json!({"limit": 2, "offset": 29}), json!(["m00"])),
        (json!({"limit": 2, "offset": 30}), json!([])),
        (json!({"limit": 2, "offset": 1, "id_gt": "m10"}), json!(["m12", "m13"])),
    ] {
        let body = json!({"state": true, "messages": given});
        let state = setup.post("/api/v2/chat/channels/messaging/general/query", body).await;
        let messages = state["messages"].as_array().unwrap();
        let ids: Value = messages.iter().map(|message| message["id"].clone()).collect();
        assert_eq!(ids, expected, "{given}");
    }
    setup
        .fail(
            Method::GET,
            "/api/v2/chat/channels/messaging/general?messages_limit=many",
            None,
            400,
            4,
        )
        .await;
}

#[tokio::test]
async fn threads_have_one_level() {
    let setup = setup().await;
    let parent = setup.send_text("jane", "parent").await;
    let id = parent["id"].as_str().unwrap();
    let reply =
        json!({"message": {"id": "r1", "text": "reply", "user_id": "bob", "parent_id": id}});
    let sent = setup.post(MESSAGE, reply).await;
    assert_eq!(sent["message"]["type"], "reply");
    let got = setup.get(&path(id)).await;
    assert_eq!(got["message"]["reply_count"], 1);
    assert_eq!(got["message"]["thread_participants"][0]["id"], "bob");
    let replies = setup.get(&format!("{}/replies", path(id))).await;
    assert_eq!(replies["messages"][0]["id"], "r1");
    let state = setup.get("/api/v2/chat/channels/messaging/general").await;
    assert_eq!(state["messages"].as_array().unwrap().len(), 1);
    let deeper = json!({"message": {"text": "no", "user_id": "bob", "parent_id": "r1"}});
    setup.fail(Method::POST, MESSAGE, Some(deeper), 400, 21).await;
}

#[tokio::test]
async fn quotes_show_what_they_quote() {
    let setup = setup().await;
    let first = setup.send_text("jane", "first").await;
    let quote = |id: &str, of: &Value| json!({"message": {"id": id, "text": id, "user_id": "bob", "quoted_message_id": of}});
    let second = setup.post(MESSAGE, quote("q1", &first["id"])).await;
    assert_eq!(second["message"]["quoted_message"]["text"], "first");
    let third = setup.post(MESSAGE, quote("q2", &json!("q1"))).await;
    assert_eq!(third["message"]["quoted_message"].get("quoted_message"), None);
    let nothing = quote("q3", &json!("none"));
    setup.fail(Method::POST, MESSAGE, Some(nothing), 404, 16).await;
    let secret =
        json!({"id": "s", "text": "secret", "user_id": "jane", "restricted_visibility": ["jane"]});
    setup.post(MESSAGE, json!({"message": secret})).await;
    setup.post(MESSAGE, quote("q4", &json!("s"))).await;
    let shown = setup.get(&path("q4")).await["message"].clone();
    assert_eq!((&shown["quoted_message_id"], shown.get("quoted_message")), (&json!("s"), None));
}

#[tokio::test]
async fn messages_of_other_channels_cannot_be_quoted() {
    let setup = setup().await;
    setup.upsert(&["eve"]).await;
    let secret = setup.send_text("jane", "secret").await["id"].clone();
    let own = "/api/v2/chat/channels/messaging/own";
    let data = json!({"data": {"created_by_id": "eve", "members": [{"user_id": "eve"}]}});
    setup.post(&format!("{own}/query"), data).await;
    let eve = setup.user_token("eve");
    let message = json!({"message": {"text": "look", "quoted_message_id": secret}});
    for path in ["message", "draft"] {
        let path = format!("{own}/{path}");
        let reply = setup.call_as(&eve, Method::POST, &path, Some(message.clone())).await;
        reply.assert_error(404, 16);
    }
    let in_thread = json!({"message": {"text": "look", "parent_id": secret}});
    let draft = format!("{own}/draft");
    setup.call_as(&eve, Method::POST, &draft, Some(in_thread)).await.assert_error(404, 16);
    let sent = json!({"message": {"id": "e", "text": "look"}});
    setup.call_as(&eve, Method::POST, &format!("{own}/message"), Some(sent)).await;
    let set = json!({"set": {"quoted_message_id": secret}});
    setup.call_as(&eve, Method::PUT, &path("e"), Some(set)).await.assert_error(404, 16);
}

#[tokio::test]
async fn reactions_are_counted_and_scored() {
    let setup = setup().await;
    let message = setup.send_text("jane", "hi").await;
    let message = path(message["id"].as_str().unwrap());
    let react = |kind: &str, user: &str, score: i32, unique: bool| json!({"reaction": {"type": kind, "user_id": user, "score": score}, "enforce_unique": unique});
    let reaction = format!("{message}/reaction");
    setup.post(&reaction, react("like", "jane", 1, false)).await;
    setup.post(&reaction, react("like", "bob", 4, false)).await;
    let sent = setup.post(&reaction, react("love", "bob", 1, false)).await;
    assert_eq!(sent["message"]["reaction_counts"], json!({"like": 2, "love": 1}));
    assert_eq!(sent["message"]["reaction_scores"], json!({"like": 5, "love": 1}));
    assert_eq!(sent["message"]["reaction_groups"]["like"]["sum_scores"], 5);
    let listed = setup.get(&format!("{message}/reactions?limit=2")).await;
    assert_eq!(listed["reactions"].as_array().unwrap().len(), 2);

    let only = setup.post(&reaction, react("wow", "bob", 1, true)).await;
    assert_eq!(only["message"]["reaction_counts"], json!({"like": 1, "wow": 1}));
    let gone = setup.delete(&format!("{reaction}/wow?user_id=bob")).await;
    assert_eq!(gone["reaction"]["type"], "wow");
    assert_eq!(gone["message"]["reaction_counts"], json!({"like": 1}));
    let again = format!("{reaction}/wow?user_id=bob");
    setup.fail(Method::DELETE, &again, None, 404, 16).await;
    let nobody = json!({"reaction": {"type": "like"}});
    setup.fail(Method::POST, &reaction, Some(nobody), 400, 4).await;
    setup.fail(Method::DELETE, &format!("{reaction}/like"), None, 400, 4).await;
}

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";

#[tokio::test]
async fn pins_expire() {
    let setup = setup().await;
    let send = |id: &str, expires: Value| json!({"message": {"id": id, "text": id, "user_id": "jane", "pinned": true, "pin_expires": expires}});
    setup.post(MESSAGE, send("m1", json!(60))).await;
    setup.post(MESSAGE, send("m2", json!(null))).await;
    let past = send("m3", json!("2020-01-01T00:00:00Z"));
    setup.fail(Method::POST, MESSAGE, Some(past), 400, 4).await;
    let pinned = async |query: &str| -> Vec<Value> {
        let found = setup.get(&format!("{GENERAL}/pinned_messages?{query}")).await;
        found["messages"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
    };
    assert_eq!(pinned("limit=10").await, ["m2", "m1"]);
    assert_eq!(pinned("limit=10&id_lt=m2").await, ["m1"]);
    assert_eq!(pinned("limit=1&offset=1").await, ["m1"]);
    let ascending = "sort=%5B%7B%22field%22%3A%22pinned_at%22%2C%22direction%22%3A1%7D%5D";
    assert_eq!(pinned(ascending).await, ["m1", "m2"]);
    let state = setup.get(GENERAL).await;
    assert_eq!(state["pinned_messages"].as_array().unwrap().len(), 2);
    setup.post("/emulator/clock", json!({"advance_ms": 61_000})).await;
    assert_eq!(pinned("limit=10").await, ["m2"]);
    assert_eq!(setup.get(&path("m1")).await["message"]["pinned"], false);
}

#[tokio::test]
async fn a_pending_message_waits_for_its_commit() {
    let setup = setup().await;
    let body = json!({
        "message": {"id": "m", "text": "wait", "user_id": "jane"},
        "pending": true,
        "pending_message_metadata": {"why": "review"},
    });
    let sent = setup.post(MESSAGE, body).await;
    assert_eq!(sent["pending_message_metadata"], json!({"why": "review"}));
    let state = setup.get(GENERAL).await;
    assert_eq!(state["messages"], json!([]));
    assert_eq!(state["pending_messages"][0]["message"]["id"], "m");
    let got = setup.get(&path("m")).await;
    assert_eq!(got["pending_message_metadata"], json!({"why": "review"}));
    let of_bob = json!({"filter_conditions": {}, "user_id": "bob"});
    let seen = setup.post("/api/v2/chat/channels", of_bob).await;
    assert_eq!(seen["channels"][0]["pending_messages"], json!([]));
    let committed = setup.post(&format!("{}/commit", path("m")), json!({})).await;
    assert_eq!(committed["message"]["text"], "wait");
    let state = setup.get(GENERAL).await;
    assert_eq!(state["messages"][0]["id"], "m");
    assert_eq!(state.get("pending_messages"), None);
    let again = format!("{}/commit", path("m"));
    setup.fail(Method::POST, &again, Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn commands_run_or_are_refused() {
    let setup = setup().await;
    let say = |text: &str| json!({"message": {"text": text, "user_id": "jane"}});
    let refused = setup.post(MESSAGE, say("/nosuchthing")).await["message"].clone();
    assert_eq!(refused["type"], "error");
    assert!(refused["text"].as_str().unwrap().contains("nosuchthing doesn't exist"));
    let preview = setup.post(MESSAGE, say("/giphy hello")).await["message"].clone();
    assert_eq!((&preview["type"], &preview["command"]), (&json!("ephemeral"), &json!("giphy")));
    assert_eq!(preview["attachments"][0]["actions"].as_array().unwrap().len(), 3);
    assert_eq!(setup.get(GENERAL).await["messages"], json!([]));
    let action = format!("{}/action", path(preview["id"].as_str().unwrap()));
    let act = |what: &str, who: &str| json!({"form_data": {"image_action": what}, "user_id": who});
    setup.fail(Method::POST, &action, Some(act("send", "bob")), 400, 4).await;
    let shuffled = setup.post(&action, act("shuffle", "jane")).await["message"].clone();
    assert_ne!(shuffled["attachments"][0]["thumb_url"], preview["attachments"][0]["thumb_url"]);
    let sent = setup.post(&action, act("send", "jane")).await["message"].clone();
    assert_eq!(sent["type"], "regular");
    assert_eq!(setup.get(GENERAL).await["messages"].as_array().unwrap().len(), 1);
    let other = setup.post(MESSAGE, say("/giphy bye")).await["message"].clone();
    let action = format!("{}/action", path(other["id"].as_str().unwrap()));
    assert_eq!(setup.post(&action, act("cancel", "jane")).await.get("message"), None);
    setup.fail(Method::POST, &action, Some(act("send", "jane")), 404, 16).await;
    // A path is not a command.
    assert_eq!(setup.post(MESSAGE, say("/usr/bin")).await["message"]["type"], "regular");
}

#[tokio::test]
async fn the_apps_server_runs_commands_of_its_own() {
    let setup = setup().await;
    let command = json!({"name": "ticket", "description": "Open one"});
    setup.post("/api/v2/chat/commands", command).await;
    let set = json!({"set": {"config_overrides": {"commands": ["ticket"]}}});
    setup.patch(GENERAL, set).await;
    let say = json!({"message": {"text": "/ticket now", "user_id": "jane"}});
    setup.fail(Method::POST, MESSAGE, Some(say.clone()), 400, 44).await;
    // No server listens on port 9.
    let url = json!({"custom_action_handler_url": "http://127.0.0.1:9/{type}"});
    setup.patch("/api/v2/app", url).await;
    setup.fail(Method::POST, MESSAGE, Some(say.clone()), 400, 45).await;
    // A server that accepts a connection and never responds is given up, and is not asked again.
    let slow = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/{{type}}", slow.local_addr().unwrap());
    setup.patch("/api/v2/app", json!({"custom_action_handler_url": url})).await;
    let accepted = tokio::spawn(async move {
        let (one, _) = slow.accept().await.unwrap();
        let other = slow.accept().await;
        (one, other)
    });
    let text = setup.fail(Method::POST, MESSAGE, Some(say), 400, 45).await;
    assert!(text.contains("did not run the command ticket"), "{text}");
    assert!(!accepted.is_finished(), "it was asked twice");
    accepted.abort();
    let channel = setup.get(GENERAL).await;
    assert_eq!(channel["messages"], json!([]), "a command that failed leaves no message");
}

#[tokio::test]
async fn one_user_deletes_for_themselves() {
    let setup = setup().await;
    let message = setup.send_text("jane", "still there").await;
    let one = path(message["id"].as_str().unwrap());
    let deleted = setup.delete(&format!("{one}?delete_for_me=true&deleted_by=bob")).await;
    assert_eq!(deleted["message"]["type"], "deleted");
    assert_eq!(deleted["message"]["deleted_for_me"], true);
    assert_eq!(setup.get(&one).await["message"]["text"], "still there");
    let as_bob = setup.call_as(&setup.user_token("bob"), Method::GET, &one, None).await;
    assert_eq!(as_bob.body["message"]["text"], "");
    setup.fail(Method::DELETE, &format!("{one}?delete_for_me=true"), None, 400, 4).await;
}

#[tokio::test]
async fn versions_are_kept_from_the_newest_to_the_oldest() {
    let setup = setup().await;
    let body = json!({"message": {"id": "m", "text": "one", "user_id": "jane"}});
    setup.post(MESSAGE, body).await;
    for text in ["two", "three"] {
        let change = json!({"set": {"text": text}, "user_id": "bob"});
        setup.put(&path("m"), change).await;
    }
    let history = "/api/v2/chat/messages/history";
    let query = json!({"filter": {"message_id": "m"}, "limit": 1});
    let found = setup.post(history, query).await;
    assert_eq!(found["message_history"][0]["text"], "two");
    assert_eq!(found["message_history"][0]["message_updated_by_id"], "bob");
    let next = json!({"filter": {"message_id": "m"}, "next": found["next"]});
    let found = setup.post(history, next).await;
    assert_eq!(found["message_history"][0]["text"], "one");
    assert_eq!(found.get("next"), None);
    let bad = json!({"filter": {"message_id": {"$gt": "m"}}});
    setup.fail(Method::POST, history, Some(bad), 400, 4).await;
}

#[tokio::test]
async fn a_translation_is_marked_as_one() {
    let setup = setup().await;
    let message = setup.send_text("jane", "hello").await;
    let translate = format!("{}/translate", path(message["id"].as_str().unwrap()));
    let translated = setup.post(&translate, json!({"language": "fr"})).await;
    assert_eq!(translated["message"]["i18n"]["fr_text"], "[fr] hello");
    assert_eq!(translated["message"]["i18n"]["en_text"], "hello");
    let text = setup.fail(Method::POST, &translate, Some(json!({"language": "xx"})), 400, 4).await;
    assert!(text.contains("es-MX"), "{text}");
}

#[tokio::test]
async fn a_passing_change_is_not_kept() {
    let setup = setup().await;
    let message = setup.send_text("jane", "kept").await;
    let one = path(message["id"].as_str().unwrap());
    let change = json!({"set": {"text": "passing"}, "user_id": "jane"});
    let shown = setup.patch(&format!("{one}/ephemeral"), change).await;
    assert_eq!(shown["message"]["text"], "passing");
    assert_eq!(setup.get(&one).await["message"]["text"], "kept");
}

#[tokio::test]
async fn links_have_previews_and_authors_a_place() {
    let setup = setup().await;
    let sent = setup.send_text("jane", "see https://getstream.io/chat/").await;
    assert_eq!(sent["attachments"][0]["og_scrape_url"], "https://getstream.io/chat/");
    assert_eq!(sent["member"]["channel_role"], "channel_member");
    let skipped = json!({"message": {"text": "https://getstream.io", "user_id": "jane"}, "skip_enrich_url": true});
    assert_eq!(setup.post(MESSAGE, skipped).await["message"]["attachments"], json!([]));
    let reserved =
        json!({"message": {"text": "x", "user_id": "jane", "created_at": "2020-01-01T00:00:00Z"}});
    let text = setup.fail(Method::POST, MESSAGE, Some(reserved), 400, 4).await;
    assert!(text.contains("message.created_at is a reserved field"), "{text}");
    let html = json!({"message": {"text": "x", "html": "<b>x</b>"}});
    let reply = setup.call_as(&setup.user_token("john"), Method::POST, MESSAGE, Some(html)).await;
    let text = reply.assert_error(400, 4);
    assert!(text.contains("message.html is a reserved field"), "{text}");
    let comma = json!({"message": {"id": "a,b", "text": "x", "user_id": "jane"}});
    setup.fail(Method::POST, MESSAGE, Some(comma), 400, 4).await;
}

#[tokio::test]
async fn replies_come_in_either_order() {
    let setup = setup().await;
    let parent = setup.send_text("jane", "parent").await["id"].as_str().unwrap().to_owned();
    for id in ["r1", "r2"] {
        let reply =
            json!({"message": {"id": id, "text": id, "user_id": "bob", "parent_id": parent}});
        setup.post(MESSAGE, reply).await;
    }
    let sort = "%5B%7B%22field%22%3A%22created_at%22%2C%22direction%22%3A-1%7D%5D";
    let found = setup.get(&format!("{}/replies?sort={sort}", path(&parent))).await;
    assert_eq!(found["messages"][0]["id"], "r2");
    let bad = format!("{}/replies?sort=x", path(&parent));
    setup.fail(Method::GET, &bad, None, 400, 4).await;
}

#[tokio::test]
async fn flags_of_queries_have_the_forms_that_go_accepts() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    for (form, is_gone) in [("True", true), ("1", true), ("False", false), ("f", false)] {
        let message = setup.send_text("john", form).await;
        let path = path(message["id"].as_str().unwrap());
        setup.delete(&format!("{path}?hard={form}")).await;
        let reply = setup.call(Method::GET, &path, None).await;
        assert_eq!(reply.status == 404, is_gone, "{form}");
    }
    let message = setup.send_text("john", "kept").await;
    let path = path(message["id"].as_str().unwrap());
    setup.fail(Method::DELETE, &format!("{path}?hard=yes"), None, 400, 4).await;
}

#[tokio::test]
async fn a_hard_delete_moves_the_last_message_back() {
    let setup = setup().await;
    let first = setup.send_text("jane", "first").await;
    let last = setup.send_text("jane", "last").await;
    setup.delete(&format!("{}?hard=true", path(last["id"].as_str().unwrap()))).await;
    let state = setup.get(GENERAL).await;
    assert_eq!(state["channel"]["last_message_at"], first["created_at"]);
}

#[tokio::test]
async fn moderators_ban_and_mute_by_command() {
    let setup = setup().await;
    let users = json!({"users": {"zoe": {"id": "zoe", "name": "Zoe Doe"}}});
    setup.post("/api/v2/users", users).await;
    setup
        .post(GENERAL, json!({"add_members": [{"user_id": "zoe"}], "add_moderators": ["jane"]}))
        .await;
    let (jane, bob) = (setup.user_token("jane"), setup.user_token("bob"));
    let say = async |token: &str, text: &str| {
        let body = Some(json!({"message": {"text": text}}));
        setup.call_as(token, Method::POST, MESSAGE, body).await.body["message"].clone()
    };
    let is_banned = async || {
        let query =
            "/api/v2/chat/query_banned_users?payload=%7B%22filter_conditions%22%3A%7B%7D%7D";
        let bans = setup.get(query).await["bans"].clone();
        bans.as_array()
            .unwrap()
            .first()
            .map(|ban| (ban["user"]["id"].clone(), ban["reason"].clone()))
    };
    let done = say(&jane, "/ban @Zoe Doe for spam").await;
    assert_eq!((&done["type"], &done["command"]), (&json!("ephemeral"), &json!("ban")));
    assert_eq!(is_banned().await, Some((json!("zoe"), json!("for spam"))));
    for text in ["/unban @zoe", "/mute zoe", "/unmute @zoe"] {
        assert_eq!(say(&jane, text).await["type"], "ephemeral", "{text}");
    }
    assert_eq!(is_banned().await, None);
    for (token, text) in
        [(&bob, "/ban @zoe"), (&bob, "/mute @bob"), (&jane, "/ban"), (&jane, "/ban @x")]
    {
        assert_eq!(say(token, text).await["type"], "error", "{text}");
    }
    assert_eq!(is_banned().await, None);
    assert_eq!(setup.get(GENERAL).await["messages"], json!([]), "nobody else sees it");
}

#[tokio::test]
async fn a_page_of_this_machine_is_previewed() {
    let setup = setup().await;
    let page = "<title>Plain</title><meta property=\"og:title\" content=\"A fine page\">";
    let url = crate::uploads::served(&setup, "page.html", page).await;
    let text = format!("see {url}");
    let say = json!({"message": {"id": "p", "text": text, "user_id": "jane"}});
    let sent = setup.post(MESSAGE, say).await["message"].clone();
    assert_eq!(sent["attachments"][0]["title"], "A fine page");
    assert_eq!(setup.get(&path("p")).await["message"]["attachments"][0]["og_scrape_url"], url);
    let encoded = url.replace(':', "%3A").replace('/', "%2F");
    let preview = setup.get(&format!("/api/v2/og?url={encoded}")).await;
    assert_eq!(preview["title"], "A fine page");
    let plain = json!({"message": {"text": text, "user_id": "jane"}, "skip_enrich_url": true});
    assert_eq!(setup.post(MESSAGE, plain).await["message"]["attachments"], json!([]));
    // A page that cannot be read does not delay the message.
    let text = "see http://127.0.0.1:9/page";
    let say = json!({"message": {"text": text, "user_id": "jane"}});
    assert_eq!(setup.post(MESSAGE, say).await["message"]["attachments"], json!([]));
}

#[tokio::test]
async fn a_type_without_polls_takes_none() {
    let setup = setup().await;
    let poll = json!({"name": "Lunch?", "user_id": "jane"});
    let poll = setup.post("/api/v2/polls", poll).await["poll"]["id"].clone();
    let kind = "/api/v2/chat/channeltypes/messaging";
    setup.put(kind, json!({"polls": false})).await;
    let say = json!({"message": {"text": "vote", "user_id": "jane", "poll_id": poll}});
    setup.fail(Method::POST, MESSAGE, Some(say.clone()), 400, 19).await;
    setup.put(kind, json!({"polls": true})).await;
    setup.post(MESSAGE, say).await;
}
