//! Channels and members follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";

fn members(body: &Value) -> Vec<&str> {
    body["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["user_id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_channel_is_made_once() {
    let setup = Setup::with_users(&["a", "b"]).await;
    let made = setup.channel(&["a", "b"]).await;
    let other = json!({"data": {"created_by_id": "b", "custom": {"late": true}}});
    let found = setup.post(&format!("{GENERAL}/query"), other).await;
    assert_eq!(found["channel"]["created_by"]["id"], "a");
    assert_eq!(found["channel"]["custom"], json!({}));
    assert_eq!(found["channel"]["created_at"], made["channel"]["created_at"]);
    assert_eq!(members(&found), ["a", "b"]);
    // An existing channel needs no creator.
    setup.post(&format!("{GENERAL}/query"), json!({})).await;
}

#[tokio::test]
async fn invalid_channels_are_refused() {
    let setup = Setup::with_users(&["a"]).await;
    let query = format!("{GENERAL}/query");
    let text = setup.fail(Method::POST, &query, Some(json!({})), 400, 4).await;
    assert!(text.contains("created_by"), "{text}");
    let body = json!({"data": {"created_by_id": "a", "members": [{"user_id": "a"}, {"user_id": "x"}, {"user_id": "y"}]}});
    let text = setup.fail(Method::POST, &query, Some(body), 400, 4).await;
    assert!(text.contains("[x y]"), "{text}");
    let body = json!({"data": {"created_by_id": "no good"}});
    setup.fail(Method::POST, &query, Some(body), 400, 4).await;
    let body = json!({"data": {"created_by_id": "a", "created_by": {"id": "a"}}});
    let text = setup.fail(Method::POST, &query, Some(body), 400, 4).await;
    assert!(text.contains("cannot set both"), "{text}");
    setup.fail(Method::GET, GENERAL, None, 404, 16).await;

    let body = json!({"data": {"created_by_id": "a"}});
    let strange = "/api/v2/chat/channels/strange/general/query";
    let text = setup.fail(Method::POST, strange, Some(body.clone()), 404, 16).await;
    assert!(text.contains("strange"), "{text}");
    let spaced = "/api/v2/chat/channels/messaging/kung%20fu%2F%C3%A9/query";
    setup.fail(Method::POST, spaced, Some(body.clone()), 400, 4).await;
    let long = format!("/api/v2/chat/channels/messaging/{}/query", "x".repeat(65));
    setup.fail(Method::POST, &long, Some(body), 400, 4).await;
}

#[tokio::test]
async fn a_user_in_full_is_made_by_the_way() {
    let setup = Setup::new().await;
    let body = json!({"data": {"created_by": {"id": "new", "name": "New"}}});
    let made = setup.post(&format!("{GENERAL}/query"), body).await;
    assert_eq!(made["channel"]["created_by"]["name"], "New");
}

#[tokio::test]
async fn the_channel_of_a_set_of_members_is_one() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    let path = "/api/v2/chat/channels/messaging/query";
    let of = |ids: &[&str]| {
        let members: Vec<Value> = ids.iter().map(|id| json!({"user_id": id})).collect();
        json!({"data": {"created_by_id": "a", "members": members}})
    };
    let one = setup.post(path, of(&["a", "b"])).await;
    let same = setup.post(path, of(&["b", "a"])).await;
    let other = setup.post(path, of(&["a", "c"])).await;
    assert_eq!(one["channel"]["cid"], same["channel"]["cid"]);
    assert_ne!(one["channel"]["cid"], other["channel"]["cid"]);
    let empty = json!({"data": {"created_by_id": "a"}});
    setup.fail(Method::POST, path, Some(empty), 400, 4).await;
}

#[tokio::test]
async fn an_update_replaces_and_a_partial_update_changes() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    setup.post(GENERAL, json!({"data": {"custom": {"color": "green", "n": 1}}})).await;
    let replaced =
        setup.post(GENERAL, json!({"data": {"custom": {"name": "General"}, "frozen": true}})).await;
    assert_eq!(replaced["channel"]["custom"], json!({"name": "General"}));
    assert_eq!(replaced["channel"]["frozen"], true);
    let patched = setup
        .patch(
            GENERAL,
            json!({"set": {"color": "red", "deep.er": 1, "cooldown": 5, "frozen": false}, "unset": ["name"]}),
        )
        .await;
    let channel = &patched["channel"];
    assert_eq!(channel["custom"], json!({"color": "red", "deep": {"er": 1}}));
    assert_eq!(channel["cooldown"], 5);
    assert_eq!(channel["frozen"], false);
    let reserved = json!({"set": {"cid": "x:y"}});
    let text = setup.fail(Method::PATCH, GENERAL, Some(reserved), 403, 17).await;
    assert!(text.contains("`cid`"), "{text}");
    let wrong = json!({"set": {"frozen": "yes"}});
    setup.fail(Method::PATCH, GENERAL, Some(wrong), 400, 4).await;
    let large = json!({"set": {"frozen": true, "note": "x".repeat(5200)}});
    setup.fail(Method::PATCH, GENERAL, Some(large), 413, 22).await;
    assert_eq!(setup.get(GENERAL).await["channel"]["frozen"], false);
    assert_eq!(setup.get(GENERAL).await["channel"]["custom"], channel["custom"]);
}

#[tokio::test]
async fn members_come_and_go_and_change_roles() {
    let setup = Setup::with_users(&["a", "b", "c", "d"]).await;
    setup.channel(&["a"]).await;
    let body = setup
        .post(
            GENERAL,
            json!({"add_members": [{"user_id": "b"}, {"user_id": "a"}, {"user_id": "c", "custom": {"x": 1}}]}),
        )
        .await;
    assert_eq!(members(&body), ["a", "b", "c"]);
    assert_eq!(body["members"][0]["role"], "owner");
    assert_eq!(body["members"][2]["custom"], json!({"x": 1}));
    let body = setup.post(GENERAL, json!({"add_moderators": ["b", "d"]})).await;
    assert_eq!(body["members"][1]["is_moderator"], true);
    assert_eq!(body["members"][3]["channel_role"], "channel_moderator");
    setup.post("/api/v2/roles", json!({"name": "vip"})).await;
    let body = setup
        .post(
            GENERAL,
            json!({"assign_roles": [{"user_id": "c", "channel_role": "vip"}], "remove_members": ["d", "nobody"]}),
        )
        .await;
    assert_eq!(members(&body), ["a", "b", "c"]);
    assert_eq!(body["members"][2]["channel_role"], "vip");

    let text = setup
        .fail(Method::POST, GENERAL, Some(json!({"add_members": [{"user_id": "zoe"}]})), 400, 4)
        .await;
    assert!(text.contains("the user zoe does not exist"), "{text}");
    let stranger = json!({"assign_roles": [{"user_id": "d", "channel_role": "vip"}]});
    setup.fail(Method::POST, GENERAL, Some(stranger), 400, 4).await;
    let many: Vec<Value> = (0..101).map(|_| json!({"user_id": "a"})).collect();
    let many = json!({"add_members": many});
    setup.fail(Method::POST, GENERAL, Some(many), 400, 4).await;
    // Plain IDs, as in other APIs, are not members.
    let bare = json!({"add_members": ["d"]});
    setup.fail(Method::POST, GENERAL, Some(bare), 400, 4).await;
}

#[tokio::test]
async fn an_invitation_is_accepted_or_rejected() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    setup.channel(&["a"]).await;
    let body = setup.post(GENERAL, json!({"invites": [{"user_id": "b"}, {"user_id": "c"}]})).await;
    assert_eq!(body["members"][1]["invited"], true);
    assert_eq!(body["members"][1]["status"], "pending");
    let body = setup.post(GENERAL, json!({"accept_invite": true, "user_id": "b"})).await;
    assert!(body["members"][1]["invite_accepted_at"].is_i64());
    let body = setup.post(GENERAL, json!({"reject_invite": true, "user_id": "c"})).await;
    assert_eq!(body["members"][2]["status"], "rejected");
    let uninvited = json!({"accept_invite": true, "user_id": "a"});
    setup.fail(Method::POST, GENERAL, Some(uninvited), 400, 4).await;
}

#[tokio::test]
async fn queries_find_channels_and_members() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    for (id, members, color) in [("one", vec!["a", "b"], "red"), ("two", vec!["b", "c"], "blue")] {
        let members: Vec<Value> = members.iter().map(|id| json!({"user_id": id})).collect();
        let data = json!({"created_by_id": "a", "members": members, "custom": {"color": color}});
        setup
            .post(&format!("/api/v2/chat/channels/messaging/{id}/query"), json!({"data": data}))
            .await;
    }
    let find = async |filter: Value| -> Vec<String> {
        let body = json!({"filter_conditions": filter, "sort": [{"field": "id", "direction": 1}]});
        let found = setup.post("/api/v2/chat/channels", body).await;
        let channels = found["channels"].as_array().unwrap();
        channels.iter().map(|state| state["channel"]["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(find(json!({})).await, ["one", "two"]);
    assert_eq!(find(json!({"members": {"$in": ["c"]}})).await, ["two"]);
    assert_eq!(find(json!({"cid": "messaging:one"})).await, ["one"]);
    assert_eq!(find(json!({"color": "blue", "type": "messaging"})).await, ["two"]);
    assert_eq!(find(json!({"member_count": {"$gt": 2}})).await, [""; 0]);
    assert_eq!(find(json!({"created_at": {"$gt": "2020-01-01T00:00:00Z"}})).await.len(), 2);
    let one = json!({"filter_conditions": {"id": "two"}, "member_limit": 1, "user_id": "b"});
    let found = setup.post("/api/v2/chat/channels", one).await["channels"][0].clone();
    assert_eq!(members(&found), ["c"], "the newest member");
    assert_eq!(found["membership"]["user_id"], "b");
    let too_many = json!({"filter_conditions": {}, "limit": 31});
    setup.fail(Method::POST, "/api/v2/chat/channels", Some(too_many), 400, 4).await;
    let uninvited = json!({"filter_conditions": {"invite": "maybe"}, "user_id": "a"});
    let text = setup.fail(Method::POST, "/api/v2/chat/channels", Some(uninvited), 400, 4).await;
    assert!(text.contains("pending"), "{text}");

    let query =
        |payload: &str| format!("/api/v2/chat/members?payload={}", payload.replace('"', "%22"));
    let page = r#"{"type":"messaging","id":"two","filter_conditions":{},"user_id_gt":"b"}"#;
    assert_eq!(members(&setup.get(&query(page)).await), ["c"]);
    let page = r#"{"type":"messaging","id":"two","filter_conditions":{},"created_at_before":"2020-01-01T00:00:00Z"}"#;
    assert_eq!(members(&setup.get(&query(page)).await), [""; 0]);
    let found =
        setup.get(&query(r#"{"type":"messaging","id":"two","filter_conditions":{}}"#)).await;
    assert_eq!(members(&found), ["b", "c"]);
    let found = setup
        .get(&query(r#"{"type":"messaging","id":"two","filter_conditions":{"id":"c"},"limit":1}"#))
        .await;
    assert_eq!(members(&found), ["c"]);
    let unknown = query(r#"{"type":"messaging","id":"three","filter_conditions":{}}"#);
    setup.fail(Method::GET, &unknown, None, 404, 16).await;
}

#[tokio::test]
async fn a_deleted_channel_is_gone_and_can_be_made_anew() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    setup.send_text("a", "before").await;
    let deleted = setup.delete(GENERAL).await;
    assert!(deleted["channel"]["deleted_at"].is_i64());
    setup.fail(Method::GET, GENERAL, None, 404, 16).await;
    setup.fail(Method::DELETE, GENERAL, None, 404, 16).await;
    let anew = setup.channel(&["a"]).await;
    assert_eq!(anew["messages"], json!([]));
    setup.delete(&format!("{GENERAL}?hard_delete=true")).await;
    setup.fail(Method::GET, GENERAL, None, 404, 16).await;
}

#[tokio::test]
async fn messages_of_a_deleted_channel_are_kept_on_request_only() {
    let setup = Setup::with_users(&["a", "b"]).await;
    for (order, kept) in [("", 0), ("?skip_truncate=true", 2), ("?hard_delete=true", 0)] {
        setup.channel(&["a", "b"]).await;
        let parent = setup.send_text("a", "before").await["id"].as_str().unwrap().to_owned();
        let reply = json!({"text": "reply", "user_id": "b", "parent_id": parent});
        setup.post(&format!("{GENERAL}/message"), json!({"message": reply})).await;
        setup.delete(&format!("{GENERAL}{order}")).await;
        let message = format!("/api/v2/chat/messages/{parent}");
        let edit = Some(json!({"message": {"text": "x", "user_id": "a"}}));
        let text = setup.fail(Method::POST, &message, edit, 404, 16).await;
        assert_eq!(text.contains("has been deleted"), order != "?hard_delete=true", "{text}");
        let anew = setup.channel(&["a", "b"]).await;
        assert_eq!(anew["channel"].get("message_count"), Some(&json!(kept)), "{order}");
        assert_eq!(anew["messages"].as_array().unwrap().len(), kept / 2, "{order}");
        let thread = format!("/api/v2/chat/threads/{parent}");
        let found = setup.call(Method::GET, &thread, None).await;
        assert_eq!(found.status.is_success(), kept > 0, "{order}");
        setup.delete(&format!("{GENERAL}?hard_delete=true")).await;
    }
    let order = json!({"cids": ["messaging:general"], "skip_truncate": true});
    setup.channel(&["a"]).await;
    setup.send_text("a", "before").await;
    setup.post("/api/v2/chat/channels/delete", order).await;
    let anew = setup.channel(&["a"]).await;
    assert_eq!(anew["messages"][0]["text"], "before");
    assert_eq!(anew["channel"]["last_message_at"], anew["messages"][0]["created_at"]);
}

#[tokio::test]
async fn many_channels_are_deleted_by_a_task() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let path = "/api/v2/chat/channels/delete";
    let order = json!({"cids": ["messaging:general", "messaging:none"], "hard_delete": true});
    let response = setup.post(path, order).await;
    assert_eq!(response["result"]["messaging:general"]["status"], "ok");
    assert_eq!(response["result"]["messaging:none"]["status"], "error");
    let task = format!("/api/v2/tasks/{}", response["task_id"].as_str().unwrap());
    assert_eq!(setup.get(&task).await["status"], "completed");
    setup.fail(Method::GET, GENERAL, None, 404, 16).await;
    for bad in [json!({"cids": []}), json!({"cids": ["general"]}), json!({})] {
        setup.fail(Method::POST, path, Some(bad), 400, 4).await;
    }
}

#[tokio::test]
async fn a_channel_creates_the_user_whom_a_backend_names_as_its_creator() {
    let setup = Setup::new().await;
    let body = json!({"data": {"created_by_id": "new"}});
    let channel = setup.post(&format!("{GENERAL}/query"), body).await["channel"].clone();
    assert_eq!(channel["created_by"]["id"], "new");
    assert_eq!(channel["created_by"]["role"], "user");
}

#[tokio::test]
async fn channel_roles_must_exist() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a"]).await;
    let one = |id: &str| json!([{"user_id": id, "channel_role": "vip"}]);
    let other = "/api/v2/chat/channels/messaging/other/query";
    let member = format!("{GENERAL}/member?user_id=a");
    let cases = [
        (Method::POST, other, json!({"data": {"created_by_id": "a", "members": one("a")}})),
        (Method::POST, GENERAL, json!({"add_members": one("b")})),
        (Method::POST, GENERAL, json!({"assign_roles": one("a")})),
        (Method::PATCH, &member, json!({"set": {"channel_role": "vip"}})),
    ];
    for (method, path, body) in &cases {
        let text = setup.fail(method.clone(), path, Some(body.clone()), 400, 4).await;
        assert!(text.contains("role \"vip\" does not exist"), "{text}");
    }
    setup.post("/api/v2/roles", json!({"name": "vip"})).await;
    for (method, path, body) in cases {
        let reply = setup.call(method, path, Some(body)).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.body);
    }
}

#[tokio::test]
async fn queries_check_their_limits_and_dates_and_name_the_field() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let channels = "/api/v2/chat/channels";
    let query = |fields: Value| {
        let mut query = json!({"filter_conditions": {}});
        query.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        Some(query)
    };
    for (fields, part) in [
        (json!({"member_limit": 101}), "member_limit must be 100 or less"),
        (json!({"member_limit": -1}), "member_limit must be 0 or greater"),
        (json!({"limit": -1}), "limit: "),
        (json!({"filter_conditions": {"invite": "pending"}}), "invite"),
    ] {
        let text = setup.fail(Method::POST, channels, query(fields), 400, 4).await;
        assert!(text.contains(part), "{text}");
    }
    let found = setup.call(Method::POST, channels, query(json!({"member_limit": 0}))).await;
    assert_eq!(found.body["channels"][0]["members"], json!([]));
    let page = json!({"state": true, "messages": {"created_at_after": "invalid"}});
    let text = setup.fail(Method::POST, &format!("{GENERAL}/query"), Some(page), 400, 4).await;
    let part = "expected date for field \"messages.created_at_after\" but got \"invalid\"";
    assert!(text.contains(part), "{text}");
}

#[tokio::test]
async fn a_member_is_changed_in_part() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a"]).await;
    setup.post("/api/v2/roles", json!({"name": "vip"})).await;
    let path = format!("{GENERAL}/member?user_id=a");
    let change = json!({"set": {"color": "red", "n": 1, "channel_role": "vip"}});
    setup.patch(&path, change).await;
    let changed = setup.patch(&path, json!({"unset": ["n"]})).await;
    let member = &changed["channel_member"];
    assert_eq!(member["custom"], json!({"color": "red"}));
    assert_eq!(member["channel_role"], "vip");
    let stranger = format!("{GENERAL}/member?user_id=b");
    setup.fail(Method::PATCH, &stranger, Some(json!({})), 404, 16).await;
    let nobody = format!("{GENERAL}/member");
    setup.fail(Method::PATCH, &nobody, Some(json!({})), 400, 4).await;
}

#[tokio::test]
async fn a_truncated_channel_is_empty() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let kept = setup.send_text("a", "one").await;
    let path = format!("{GENERAL}/truncate");
    let order = json!({"message": {"text": "cleared", "user_id": "a"}, "user_id": "a"});
    let truncated = setup.post(&path, order).await;
    assert_eq!(truncated["message"]["type"], "system");
    assert_eq!(truncated["channel"]["truncated_by"]["id"], "a");
    let state = setup.get(GENERAL).await;
    assert_eq!(state["messages"].as_array().unwrap().len(), 1);
    let message = format!("/api/v2/chat/messages/{}", kept["id"].as_str().unwrap());
    setup.get(&message).await;
    setup.post(&path, json!({"hard_delete": true})).await;
    assert_eq!(setup.get(GENERAL).await["messages"], json!([]));
}

#[tokio::test]
async fn there_are_five_channel_types() {
    let setup = Setup::new().await;
    let all = setup.get("/api/v2/chat/channeltypes").await;
    assert_eq!(all["channel_types"].as_object().unwrap().len(), 5);
    let one = setup.get("/api/v2/chat/channeltypes/livestream").await;
    assert_eq!(one["name"], "livestream");
    let unknown = "/api/v2/chat/channeltypes/strange";
    setup.fail(Method::GET, unknown, None, 404, 16).await;
}

async fn found(setup: &Setup, query: Value) -> Vec<String> {
    let found = setup.post("/api/v2/chat/channels", query).await;
    let channels = found["channels"].as_array().unwrap();
    channels.iter().map(|state| state["channel"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_member_pins_and_archives_for_themselves() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let member = format!("{GENERAL}/member?user_id=a");
    let set = json!({"set": {"pinned": true, "archived": true, "color": "red"}});
    let changed = setup.patch(&member, set).await["channel_member"].clone();
    assert!(changed["pinned_at"].is_i64() && changed["archived_at"].is_i64());
    assert_eq!(changed["custom"], json!({"color": "red"}));
    let of = |user_id: &str, filter: Value| json!({"filter_conditions": filter, "user_id": user_id, "sort": [{"field": "pinned_at", "direction": -1}]});
    assert_eq!(found(&setup, of("a", json!({"pinned": true}))).await, ["general"]);
    assert!(found(&setup, of("b", json!({"pinned": true}))).await.is_empty());
    assert!(found(&setup, of("a", json!({"archived": false}))).await.is_empty());
    let unset =
        setup.patch(&member, json!({"unset": ["pinned"], "set": {"archived": false}})).await;
    assert_eq!(unset["channel_member"].get("pinned_at"), None);
    assert_eq!(unset["channel_member"].get("archived_at"), None);
}

#[tokio::test]
async fn what_a_channel_is_made_with_is_checked() {
    let setup = Setup::with_users(&["a", "b"]).await;
    let query = format!("{GENERAL}/query");
    let with = |data: Value| {
        let mut data = data;
        data["created_by_id"] = "a".into();
        Some(json!({"data": data}))
    };
    let text = setup.fail(Method::POST, &query, with(json!({"muted": true})), 400, 4).await;
    assert!(text.contains("data.muted is a reserved field"), "{text}");
    let large = json!({"custom": {"x": "x".repeat(6000)}});
    setup.fail(Method::POST, &query, with(large), 413, 22).await;
    let mine = "/api/v2/chat/channels/messaging/!mine/query";
    setup.fail(Method::POST, mine, with(json!({})), 400, 4).await;
    let one = with(json!({"members": [{"user_id": "a"}, {"user_id": "a"}]}));
    let path = "/api/v2/chat/channels/messaging/query";
    let text = setup.fail(Method::POST, path, one, 400, 4).await;
    assert!(text.contains("at least 2 members"), "{text}");
}

#[tokio::test]
async fn a_former_member_of_a_distinct_channel_comes_back() {
    let setup = Setup::with_users(&["a", "b"]).await;
    let path = "/api/v2/chat/channels/messaging/query";
    let members = json!([{"user_id": "a"}, {"user_id": "b"}]);
    let body = |by: &str| json!({"data": {"created_by_id": by, "members": members}});
    let made = setup.post(path, body("a")).await;
    let channel =
        format!("/api/v2/chat/channels/messaging/{}", made["channel"]["id"].as_str().unwrap());
    setup.post(&channel, json!({"remove_members": ["a", "b"]})).await;
    let again = setup.post(path, body("b")).await;
    assert_eq!(members_of(&again), ["b"]);
}

#[tokio::test]
async fn users_bring_nobody_into_a_channel_of_its_members() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    let members = json!({"data": {"members": ["a", "b"]}});
    let query = "/channels/messaging/query";
    let a = setup.user_token("a");
    let made = setup.call_as(&a, Method::POST, query, Some(members)).await.body;
    let path = format!("/channels/messaging/{}", made["channel"]["id"].as_str().unwrap());
    let update = async |by: &str, body: Value| {
        setup.call_as(&setup.user_token(by), Method::POST, &path, Some(body)).await
    };
    update("a", json!({"add_members": ["c"]})).await.assert_error(403, 17);
    update("a", json!({"invites": ["c"]})).await.assert_error(403, 17);
    update("c", json!({"add_members": ["c"]})).await.assert_error(403, 17);
    assert_eq!(update("b", json!({"remove_members": ["b"]})).await.status, 201);
    assert_eq!(update("b", json!({"add_members": ["b"]})).await.status, 201);
}

fn members_of(body: &Value) -> Vec<&str> {
    members(body)
}

#[tokio::test]
async fn invitations_may_hide_the_history() {
    let setup = Setup::with_users(&["a", "b", "c"]).await;
    let query = format!("{GENERAL}/query");
    let data = json!({
        "created_by_id": "a",
        "members": [{"user_id": "a"}, {"user_id": "b"}],
        "invites": [{"user_id": "b"}],
    });
    let made = setup.post(&query, json!({"data": data, "hide_for_creator": true})).await;
    assert_eq!(made["members"][1]["invited"], true);
    assert_eq!(made["members"][1]["status"], "pending");
    let of = |user_id: &str| json!({"filter_conditions": {}, "user_id": user_id});
    assert!(found(&setup, of("a")).await.is_empty());
    let of_v1 = setup.post("/channels/messaging/general/query", json!({})).await;
    assert!(of_v1["members"][1]["invited_at"].is_string(), "{of_v1}");
    let invited = json!({"filter_conditions": {"invite": "pending"}, "user_id": "b"});
    assert_eq!(found(&setup, invited).await, ["general"]);
    setup.send_text("b", "before").await;
    assert_eq!(found(&setup, of("a")).await, ["general"]);

    let add = json!({"add_members": [{"user_id": "c"}], "hide_history": true});
    setup.post(GENERAL, add).await;
    setup.send_text("a", "after").await;
    let seen = setup.post("/api/v2/chat/channels", of("c")).await;
    let texts: Vec<&Value> = seen["channels"][0]["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| &message["text"])
        .collect();
    assert_eq!(texts, ["after"]);
    let both = json!({"add_members": [{"user_id": "b"}], "remove_members": ["b"]});
    setup.fail(Method::POST, GENERAL, Some(both), 400, 4).await;
}

#[tokio::test]
async fn a_truncation_may_concern_some_members() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    setup.send_text("a", "old").await;
    setup.post(&format!("{GENERAL}/truncate"), json!({"member_ids": ["b"]})).await;
    let texts = async |user_id: &str| -> usize {
        let query = json!({"filter_conditions": {}, "user_id": user_id});
        let found = setup.post("/api/v2/chat/channels", query).await;
        found["channels"][0]["messages"].as_array().unwrap().len()
    };
    assert_eq!((texts("a").await, texts("b").await), (1, 0));
    let stranger = Some(json!({"member_ids": ["zoe"]}));
    setup.fail(Method::POST, &format!("{GENERAL}/truncate"), stranger, 400, 4).await;
}

#[tokio::test]
async fn overrides_take_effect() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let message = setup.send_text("a", "hi").await["id"].as_str().unwrap().to_owned();
    let off = json!({"count_messages": false, "replies": false, "quotes": false, "reactions": false, "max_message_length": 5});
    let set = json!({"set": {"config_overrides": off}});
    let changed = setup.patch(GENERAL, set).await;
    assert_eq!(changed["channel"].get("message_count"), None);
    assert_eq!(changed["channel"]["config"]["reactions"], false);
    let path = format!("{GENERAL}/message");
    let send = |message: Value| {
        let mut message = message;
        message["user_id"] = "a".into();
        Some(json!({"message": message}))
    };
    setup
        .fail(Method::POST, &path, send(json!({"text": "r", "parent_id": message})), 400, 19)
        .await;
    let quote = send(json!({"text": "q", "quoted_message_id": message}));
    setup.fail(Method::POST, &path, quote, 400, 19).await;
    let longer = send(json!({"text": "longer"})).unwrap();
    assert_eq!(setup.post(&path, longer).await["message"]["type"], "error");
    let reaction = Some(json!({"reaction": {"type": "like", "user_id": "a"}}));
    let react = format!("/api/v2/chat/messages/{message}/reaction");
    setup.fail(Method::POST, &react, reaction, 400, 19).await;
}

#[tokio::test]
async fn many_channels_are_changed_at_once() {
    let setup = Setup::with_users(&["a", "b"]).await;
    for id in ["one", "two"] {
        let body = json!({"data": {"created_by_id": "a", "members": [{"user_id": "a"}]}});
        setup.post(&format!("/api/v2/chat/channels/messaging/{id}/query"), body).await;
    }
    let batch = "/api/v2/chat/channels/batch";
    let filter = json!({"cids": {"$in": ["messaging:one", "messaging:two"]}});
    let add = json!({"operation": "addMembers", "filter": filter, "members": [{"user_id": "b"}]});
    let task = setup.put(batch, add).await["task_id"].as_str().unwrap().to_owned();
    let done = setup.get(&format!("/api/v2/tasks/{task}")).await;
    assert_eq!(done["result"]["success_channels_count"], 2);
    let of_b = json!({"filter_conditions": {"members": {"$in": ["b"]}}});
    assert_eq!(found(&setup, of_b).await.len(), 2);
    let data = json!({"operation": "updateData", "filter": {"types": "messaging"}, "data": {"frozen": true, "custom": {"x": 1}}});
    setup.put(batch, data).await;
    let one = setup.get("/api/v2/chat/channels/messaging/one").await["channel"].clone();
    assert_eq!((&one["frozen"], &one["custom"]), (&json!(true), &json!({"x": 1})));
    let patch = json!({
        "operation": "updateData", "filter": {"types": "messaging"},
        "custom_set": {"y": 2, "z.deep": 3}, "custom_unset": ["x"],
    });
    setup.put(batch, patch).await;
    let one = setup.get("/api/v2/chat/channels/messaging/one").await["channel"].clone();
    assert_eq!(one["custom"], json!({"y": 2, "z": {"deep": 3}}));
    setup.upsert(&["c"]).await;
    let hides = |before: &str| {
        json!({
            "operation": "addMembersHideHistory", "filter": filter, "members": ["c"],
            "hide_history_before": before,
        })
    };
    setup.put(batch, hides("2020-01-01T00:00:00Z")).await;
    let of_c = json!({"filter_conditions": {"cid": "messaging:one"}, "user_id": "c"});
    let of_c = setup.post("/api/v2/chat/channels", of_c).await["channels"][0].clone();
    assert!(of_c["hide_messages_before"].is_i64(), "{of_c}");
    for bad in [
        hides("2100-01-01T00:00:00Z"),
        json!({"operation": "addMembersHideHistory", "filter": filter, "members": ["b"]}),
        json!({"operation": "hide", "filter": filter, "members": ["b"], "custom_set": {"x": 1}}),
        json!({"operation": "updateData", "filter": filter, "custom_unset": ["a..b"]}),
        json!({"operation": "explode", "filter": filter, "members": [{"user_id": "b"}]}),
        json!({"operation": "addMembers", "filter": {}, "members": [{"user_id": "b"}]}),
        json!({"operation": "addMembers", "filter": {"name": "x"}, "members": [{"user_id": "b"}]}),
        json!({"operation": "addMembers", "filter": filter}),
        json!({"operation": "updateData", "filter": filter}),
    ] {
        setup.fail(Method::PUT, batch, Some(bad), 400, 4).await;
    }
    let grouped = json!({"groups": {"all": {"limit": 1}, "pinned": {}}, "user_id": "a"});
    let groups = setup.post("/api/v2/chat/channels/grouped", grouped).await["groups"].clone();
    assert_eq!(groups["all"]["channels"].as_array().unwrap().len(), 1);
    assert_eq!(groups["all"]["next"], "1");
    assert_eq!(groups["pinned"]["channels"], json!([]));
}

#[tokio::test]
async fn predefined_filters_replace_placeholders() {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a"]).await;
    let filter = json!({"members": {"$in": ["{{user_id}}"]}});
    let sort = json!([{"field": "created_at", "direction": -1}]);
    let kept =
        json!({"name": "mine", "operation": "QueryChannels", "filter": filter, "sort": sort});
    setup.post("/api/v2/chat/predefined_filters", kept).await;
    for sort in [json!([{"direction": 1}]), json!([{"field": ""}]), json!(["name"])] {
        let bad = json!({"name": "odd", "operation": "QueryChannels", "filter": {}, "sort": sort});
        setup.fail(Method::POST, "/api/v2/chat/predefined_filters", Some(bad), 400, 4).await;
    }
    let query = |id: &str| json!({"predefined_filter": "mine", "filter_values": {"user_id": id}});
    assert_eq!(found(&setup, query("a")).await, ["general"]);
    assert!(found(&setup, query("b")).await.is_empty());
    let empty = Some(json!({"predefined_filter": "mine"}));
    setup.fail(Method::POST, "/api/v2/chat/channels", empty, 400, 4).await;
    let unknown = Some(json!({"predefined_filter": "none"}));
    setup.fail(Method::POST, "/api/v2/chat/channels", unknown, 404, 16).await;
}

#[tokio::test]
async fn a_disabled_channel_is_closed_to_users() {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    setup.patch(GENERAL, json!({"set": {"disabled": true}})).await;
    let user = setup.user_token("a");
    setup.call_as(&user, Method::GET, GENERAL, None).await.assert_error(403, 17);
    let message = Some(json!({"message": {"text": "hi"}}));
    let path = format!("{GENERAL}/message");
    setup.call_as(&user, Method::POST, &path, message).await.assert_error(403, 17);
    setup.get(GENERAL).await;
}
