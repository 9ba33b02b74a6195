//! Roles, permissions and channel types follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

fn names(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn roles_come_and_go() {
    let setup = Setup::with_users(&["john"]).await;
    let roles = "/api/v2/roles";
    let made = setup.post(roles, json!({"name": "cook"})).await["role"].clone();
    assert_eq!(made["custom"], true);
    let all = setup.get(roles).await["roles"].clone();
    for name in ["cook", "user", "admin", "guest", "channel_member", "channel_moderator"] {
        assert!(names(&all, "name").iter().any(|other| other == name), "{name}");
    }
    let found = setup.get(&format!("{roles}/search?query=coo")).await["roles"].clone();
    assert_eq!(names(&found, "name"), ["cook"]);
    let found = setup.get(&format!("{roles}/search?query=chan&role_type=user")).await;
    assert_eq!(found["roles"], json!([]));
    for taken in ["cook", "admin"] {
        let text = setup.fail(Method::POST, roles, Some(json!({"name": taken})), 400, 4).await;
        assert!(text.contains(&format!("role \"{taken}\" already exists")), "{text}");
    }
    let text = setup.fail(Method::DELETE, &format!("{roles}/admin"), None, 400, 4).await;
    assert!(text.contains("built-in role and cannot be deleted"), "{text}");
    let user = |role: &str| json!({"users": {"john": {"id": "john", "role": role}}});
    setup.post("/api/v2/users", user("cook")).await;
    let text = setup.fail(Method::DELETE, &format!("{roles}/cook"), None, 400, 4).await;
    assert!(text.contains("at least one user is using this role"), "{text}");
    setup.post("/api/v2/users", user("user")).await;
    setup.delete(&format!("{roles}/cook")).await;
    setup.fail(Method::POST, "/api/v2/users", Some(user("cook")), 400, 4).await;
}

#[tokio::test]
async fn permissions_are_built_in_or_the_apps_own() {
    let setup = Setup::new().await;
    let all = "/api/v2/permissions";
    let found = setup.get(&format!("{all}/create-channel")).await["permission"].clone();
    assert_eq!((&found["action"], &found["custom"]), (&json!("CreateChannel"), &json!(false)));
    let condition = json!({"$subject.magic": {"$eq": "true"}});
    let own = |action: &str| json!({"id": "mine", "name": "Mine", "action": action, "condition": condition});
    setup.post(all, own("DeleteChannel")).await;
    setup.put(&format!("{all}/mine"), own("ReadChannel")).await;
    let found = setup.get(&format!("{all}/mine")).await["permission"].clone();
    assert_eq!((&found["action"], &found["condition"]), (&json!("ReadChannel"), &condition));
    assert!(names(&setup.get(all).await["permissions"], "id").contains(&"mine".to_owned()));
    setup.fail(Method::POST, all, Some(own("X")), 400, 4).await;
    setup.fail(Method::DELETE, &format!("{all}/create-channel"), None, 400, 4).await;
    setup.delete(&format!("{all}/mine")).await;
    setup.fail(Method::GET, &format!("{all}/mine"), None, 404, 16).await;
    setup.fail(Method::PUT, &format!("{all}/mine"), Some(own("X")), 404, 16).await;
}

#[tokio::test]
async fn channel_types_are_created_changed_and_deleted() {
    let setup = Setup::with_users(&["john"]).await;
    let types = "/api/v2/chat/channeltypes";
    let required =
        json!({"automod": "disabled", "automod_behavior": "flag", "max_message_length": 500});
    let with = |fields: Value| {
        let mut all = required.clone();
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        all
    };
    let command = json!({"name": "ticket", "description": "Open one"});
    setup.post("/api/v2/chat/commands", command).await;
    let new = with(json!({"name": "own", "reactions": false, "commands": ["giphy", "ticket"]}));
    let made = setup.post(types, new.clone()).await;
    assert_eq!(made["commands"], json!(["giphy", "ticket"]));
    let one = format!("{types}/own");
    let read = setup.get(&one).await;
    assert_eq!((&read["reactions"], &read["max_message_length"]), (&json!(false), &json!(500)));
    assert_eq!(names(&read["commands"], "name"), ["giphy", "ticket"]);
    let has = |read: &Value, role: &str, id: &str| {
        read["grants"][role].as_array().is_some_and(|ids| ids.contains(&json!(id)))
    };
    assert!(has(&read, "channel_member", "create-message"));
    setup.fail(Method::DELETE, "/api/v2/chat/commands/ticket", None, 400, 4).await;
    let change = with(json!({
        "max_message_length": 300, "commands": ["all"], "grants": {"guest": ["read-channel"]},
    }));
    let changed = setup.put(&one, change).await;
    assert_eq!(
        (&changed["max_message_length"], &changed["reactions"]),
        (&json!(300), &json!(false))
    );
    assert!(changed["commands"].as_array().unwrap().contains(&json!("ban")));
    assert_eq!(changed["grants"]["guest"], json!(["read-channel"]));
    let reset = setup.put(&one, with(json!({"grants": null}))).await;
    assert!(reset["grants"].get("guest").is_none());
    for bad in [
        new,
        with(json!({"name": "messaging"})),
        with(json!({"name": "a b"})),
        with(json!({"name": "x", "commands": ["no-such"]})),
        with(json!({"name": "x", "max_message_length": 20_001})),
        with(json!({"name": "x", "automod": "sometimes"})),
        with(json!({"name": "x", "blocklist": "missing"})),
        with(json!({"name": "x", "grants": {"nobody": []}})),
        with(json!({"name": "x", "grants": {"user": ["fly"]}})),
    ] {
        setup.fail(Method::POST, types, Some(bad), 400, 4).await;
    }
    let room = "/api/v2/chat/channels/own/room";
    setup.post(&format!("{room}/query"), json!({"data": {"created_by_id": "john"}})).await;
    setup.fail(Method::DELETE, &one, None, 400, 4).await;
    setup.delete(&format!("{room}?hard_delete=true")).await;
    setup.delete(&one).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
    setup.fail(Method::DELETE, &format!("{types}/messaging"), None, 400, 4).await;
    setup.put(&format!("{types}/team"), required.clone()).await;
}

#[tokio::test]
async fn users_do_what_their_roles_are_granted() {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    setup.post("/api/v2/users", json!({"users": {"adam": {"id": "adam", "role": "admin"}}})).await;
    setup.channel(&["john", "jane"]).await;
    let message = setup.send_text("john", "hello").await["id"].as_str().unwrap().to_owned();
    let room = "/api/v2/chat/channels/messaging/general";
    let send = json!({"message": {"text": "x"}});
    let forbidden = [
        ("kate", Method::POST, format!("{room}/query"), Some(json!({"state": true}))),
        ("kate", Method::POST, format!("{room}/message"), Some(send.clone())),
        ("kate", Method::GET, format!("/api/v2/chat/messages/{message}"), None),
        ("jane", Method::PATCH, room.to_owned(), Some(json!({"set": {"color": "red"}}))),
        ("jane", Method::POST, room.to_owned(), Some(json!({"data": {"custom": {"a": 1}}}))),
        ("jane", Method::POST, room.to_owned(), Some(json!({"cooldown": 5}))),
        ("jane", Method::POST, format!("{room}/truncate"), Some(json!({}))),
        ("jane", Method::DELETE, room.to_owned(), None),
        ("jane", Method::DELETE, format!("/api/v2/chat/messages/{message}"), None),
        ("john", Method::POST, room.to_owned(), Some(json!({"add_moderators": ["john"]}))),
    ];
    for (user, method, path, body) in forbidden {
        let reply = setup.call_as(&setup.user_token(user), method, &path, body).await;
        reply.assert_error(403, 17);
    }
    let allowed = [
        ("jane", Method::POST, format!("{room}/query"), Some(json!({"state": true}))),
        ("jane", Method::POST, format!("{room}/message"), Some(send.clone())),
        ("john", Method::PATCH, room.to_owned(), Some(json!({"set": {"color": "red"}}))),
        ("adam", Method::DELETE, format!("/api/v2/chat/messages/{message}"), None),
        ("jane", Method::POST, room.to_owned(), Some(json!({"remove_members": ["jane"]}))),
    ];
    for (user, method, path, body) in allowed {
        let reply = setup.call_as(&setup.user_token(user), method, &path, body).await;
        assert!(reply.status.is_success(), "{user} {path}: {}", reply.body);
    }
    let grants = json!({"grants": {"user": ["read-channel", "create-message"]}});
    setup.put("/api/v2/chat/channeltypes/messaging", grants).await;
    let kate = setup.user_token("kate");
    let path = format!("{room}/message");
    let reply = setup.call_as(&kate, Method::POST, &path, Some(send.clone())).await;
    assert_eq!(reply.status, 201);
    let overrides = json!({"config_overrides": {"grants": {"user": ["!create-message"]}}});
    setup.patch(room, json!({"set": overrides})).await;
    setup.call_as(&kate, Method::POST, &path, Some(send.clone())).await.assert_error(403, 17);
    setup.patch("/api/v2/app", json!({"disable_permissions_checks": true})).await;
    let reply = setup.call_as(&kate, Method::POST, &path, Some(send)).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn strangers_stay_out_of_all_that_a_channel_has() {
    let setup = Setup::with_users(&["john", "kate"]).await;
    setup.channel(&["john"]).await;
    let kind = "/api/v2/chat/channeltypes/messaging";
    setup.put(kind, json!({"user_message_reminders": true})).await;
    let poll = json!({"name": "Lunch?", "user_id": "john", "options": [{"text": "Soup"}]});
    let poll = setup.post("/api/v2/polls", poll).await["poll"].clone();
    let room = "/api/v2/chat/channels/messaging/general";
    let say =
        json!({"message": {"id": "m", "text": "vote", "user_id": "john", "poll_id": poll["id"]}});
    setup.post(&format!("{room}/message"), say).await;
    let reply = json!({"message": {"text": "soup", "user_id": "john", "parent_id": "m"}});
    setup.post(&format!("{room}/message"), reply).await;
    let message = "/api/v2/chat/messages/m";
    let (poll_id, option) = (poll["id"].as_str().unwrap(), &poll["options"][0]["id"]);
    let one_poll = format!("/api/v2/polls/{poll_id}");
    let (empty, text) = (json!({}), json!({"message": {"text": "x"}}));
    let forbidden = [
        (Method::GET, "/api/v2/chat/threads/m".to_owned(), None),
        (Method::PATCH, "/api/v2/chat/threads/m".to_owned(), Some(json!({"set": {"title": "x"}}))),
        (Method::POST, format!("{message}/reminders"), Some(empty.clone())),
        (Method::POST, format!("{message}/reactions"), Some(empty.clone())),
        (Method::POST, format!("{room}/draft"), Some(text)),
        (Method::GET, format!("{room}/draft"), None),
        (Method::GET, format!("{room}/pinned_messages"), None),
        (Method::POST, format!("{room}/unread"), Some(json!({"message_id": "m"}))),
        (
            Method::POST,
            format!("{message}/polls/{poll_id}/vote"),
            Some(json!({"vote": {"option_id": option}})),
        ),
        (Method::PATCH, one_poll.clone(), Some(json!({"set": {"name": "Dinner?"}}))),
        (Method::POST, format!("{one_poll}/options"), Some(json!({"text": "Salad"}))),
        (Method::DELETE, one_poll.clone(), None),
        (
            Method::GET,
            "/api/v2/chat/members?payload=%7B%22type%22%3A%22messaging%22%2C%22id%22%3A%22general%22%2C\
             %22filter_conditions%22%3A%7B%7D%7D"
                .to_owned(),
            None,
        ),
    ];
    let (john, kate) = (setup.user_token("john"), setup.user_token("kate"));
    for (method, path, body) in forbidden {
        let reply = setup.call_as(&kate, method.clone(), &path, body.clone()).await;
        assert_eq!(reply.status, 403, "{method} {path}: {}", reply.body);
        reply.assert_error(403, 17);
        // Any member of the channel may; the poll is deleted in the end.
        let reply = setup.call_as(&john, method.clone(), &path, body).await;
        let is_there = reply.status.is_success() || reply.status == 404;
        assert!(is_there, "{method} {path}: {}", reply.body);
    }
    let all = json!({"filter_conditions": {}});
    let found =
        setup.call_as(&kate, Method::POST, "/api/v2/chat/channels", Some(all.clone())).await;
    assert_eq!(found.body["channels"], json!([]));
    let found = setup.call_as(&john, Method::POST, "/api/v2/chat/channels", Some(all)).await;
    assert_eq!(found.body["channels"].as_array().unwrap().len(), 1);
    let named = json!({"filter_conditions": {"cid": "messaging:general"}});
    let refused = setup.call_as(&kate, Method::POST, "/api/v2/chat/channels", Some(named)).await;
    refused.assert_error(403, 70);
    let promote = Some(json!({"set": {"channel_role": "channel_moderator"}}));
    let member = format!("{room}/member?user_id=john");
    setup.call_as(&john, Method::PATCH, &member, promote).await.assert_error(403, 17);
}

#[tokio::test]
async fn each_kind_of_change_takes_a_permission_of_its_own() {
    let setup = Setup::with_users(&["john", "jane", "mod", "kate"]).await;
    setup.channel(&["john", "jane"]).await;
    let room = "/api/v2/chat/channels/messaging/general";
    setup.post(room, json!({"add_moderators": ["mod"]})).await;
    let message = setup.send_text("john", "hello").await["id"].as_str().unwrap().to_owned();
    let one = format!("/api/v2/chat/messages/{message}");
    let send =
        |message: Value| (Method::POST, format!("{room}/message"), json!({"message": message}));
    let set = |set: Value| (Method::PATCH, room.to_owned(), json!({"set": set}));
    let pin = || (Method::PUT, one.clone(), json!({"set": {"pinned": true}}));
    let text = || (Method::PUT, one.clone(), json!({"set": {"text": "mine now"}}));
    let cids = || {
        let body = json!({"cids": ["messaging:general"]});
        (Method::POST, "/api/v2/chat/channels/delete".to_owned(), body)
    };
    let make = |kind: &str| {
        (Method::POST, format!("/api/v2/chat/channels/{kind}/new/query"), json!({"data": {}}))
    };
    let distinct = |members: [&str; 2]| {
        let body = json!({"data": {"members": members.map(|id| json!({"user_id": id}))}});
        (Method::POST, "/api/v2/chat/channels/messaging/query".to_owned(), body)
    };
    for (user, (method, path, body), is_allowed) in [
        ("john", send(json!({"text": "x", "type": "system"})), false),
        ("mod", send(json!({"text": "x", "type": "system"})), true),
        ("jane", send(json!({"text": "see https://a.example"})), true),
        ("john", set(json!({"frozen": true})), false),
        ("john", set(json!({"cooldown": 5})), false),
        ("john", set(json!({"color": "red"})), true),
        ("mod", set(json!({"frozen": true, "cooldown": 5})), true),
        ("mod", set(json!({"frozen": false, "cooldown": 0})), true),
        ("jane", pin(), true),
        ("jane", text(), false),
        ("kate", pin(), false),
        ("jane", cids(), false),
        ("jane", make("gaming"), false),
        ("jane", make("messaging"), true),
        ("jane", distinct(["john", "kate"]), false),
        ("jane", distinct(["john", "jane"]), true),
    ] {
        let token = setup.user_token(user);
        let reply = setup.call_as(&token, method.clone(), &path, Some(body.clone())).await;
        match is_allowed {
            true => assert!(reply.status.is_success(), "{user} {path} {body}: {}", reply.body),
            false => assert_eq!(reply.status, 403, "{user} {path} {body}: {}", reply.body),
        }
    }
    let john = setup.user_token("john");
    let (method, path, body) = cids();
    let reply = setup.call_as(&john, method, &path, Some(body)).await;
    assert!(reply.status.is_success(), "{}", reply.body);
}

#[tokio::test]
async fn who_may_delete_any_message_may_do_so_for_good() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    let id = setup.send_text("jane", "hello").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/chat/messages/{id}?hard=true");
    let by = async |user: &str| {
        setup.call_as(&setup.user_token(user), Method::DELETE, &path, None).await
    };
    by("jane").await.assert_error(403, 17);
    let role = json!({"add_moderators": ["john"]});
    setup.post("/api/v2/chat/channels/messaging/general", role).await;
    assert_eq!(by("john").await.status, 200);
    setup.fail(Method::GET, &path, None, 404, 16).await;
}

#[tokio::test]
async fn channels_say_what_their_viewer_may_do() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    let room = "/api/v2/chat/channels/messaging/general";
    let of = async |user: &str| -> Vec<String> {
        let token = setup.user_token(user);
        let state = setup.call_as(&token, Method::GET, room, None).await.body;
        let capabilities = state["channel"]["own_capabilities"].as_array().unwrap().clone();
        capabilities.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let has = |list: &[String], name: &str| list.iter().any(|other| other == name);
    let (owner, member) = (of("john").await, of("jane").await);
    for name in
        ["send-message", "send-reaction", "read-events", "update-own-message", "leave-channel"]
    {
        assert!(has(&owner, name) && has(&member, name), "{name}");
    }
    for name in ["update-channel", "delete-channel", "update-channel-members"] {
        assert!(has(&owner, name) && !has(&member, name), "{name}");
    }
    assert!(!has(&owner, "ban-channel-members") && !has(&owner, "slow-mode"));
    // The owner of the channel does not own the messages of others.
    assert!(!has(&owner, "update-any-message") && !has(&owner, "delete-any-message"));
    setup.patch(room, json!({"set": {"cooldown": 5, "frozen": true}})).await;
    let member = of("jane").await;
    assert!(has(&member, "slow-mode") && !has(&member, "send-message"));
    setup.put("/api/v2/chat/channeltypes/messaging", json!({"reactions": false})).await;
    assert!(!has(&of("john").await, "send-reaction"));
    assert!(setup.get(room).await["channel"].get("own_capabilities").is_none());
}

/// Gives a role further permissions in channels of the type `messaging`.
async fn grant(setup: &Setup, role: &str, permissions: &[&str]) {
    let path = "/api/v2/chat/channeltypes/messaging";
    let mut kind = setup.get(path).await;
    let granted = kind["grants"][role].as_array_mut().unwrap();
    granted.extend(permissions.iter().map(|permission| json!(permission)));
    let granted = granted.clone();
    setup.put(path, json!({"automod": "disabled", "automod_behavior": "flag", "max_message_length": 5000, "grants": {role: granted}})).await;
}

#[tokio::test]
async fn permissions_that_no_role_has_at_first_can_be_granted() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane"]).await;
    let general = "/api/v2/chat/channels/messaging/general";
    let (jane, bob) = (setup.user_token("jane"), setup.user_token("bob"));
    let message = || Some(json!({"message": {"text": "hi"}}));
    let send = format!("{general}/message");

    let joins = Some(json!({"add_members": [{"user_id": "bob"}]}));
    setup.call_as(&bob, Method::POST, general, joins.clone()).await.assert_error(403, 17);
    grant(&setup, "user", &["add-own-channel-membership"]).await;
    let brings = Some(json!({"add_members": [{"user_id": "bob"}, {"user_id": "jane"}]}));
    setup.call_as(&bob, Method::POST, general, brings).await.assert_error(403, 17);
    assert_eq!(setup.call_as(&bob, Method::POST, general, joins).await.status, 201);

    setup.patch(general, json!({"set": {"frozen": true}})).await;
    let refused = setup.call_as(&jane, Method::POST, &send, message()).await;
    assert_eq!(refused.body["message"]["type"], "error");
    grant(&setup, "channel_member", &["use-frozen-channel"]).await;
    let sent = setup.call_as(&jane, Method::POST, &send, message()).await;
    assert_eq!(sent.body["message"]["type"], "regular");

    setup.patch(general, json!({"set": {"disabled": true}})).await;
    setup.call_as(&jane, Method::GET, general, None).await.assert_error(403, 17);
    grant(&setup, "channel_member", &["read-disabled-channel"]).await;
    assert_eq!(setup.call_as(&jane, Method::GET, general, None).await.status, 200);
}

#[tokio::test]
async fn strangers_mute_no_channels_and_revive_none_of_others() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane"]).await;
    let bob = setup.user_token("bob");
    let mute = Some(json!({"channel_cids": ["messaging:general"]}));
    let path = "/api/v2/chat/moderation/mute/channel";
    setup.call_as(&bob, Method::POST, path, mute).await.assert_error(403, 17);
    setup.delete("/api/v2/chat/channels/messaging/general").await;
    let query = "/api/v2/chat/channels/messaging/general/query";
    setup.call_as(&bob, Method::POST, query, Some(json!({}))).await.assert_error(403, 17);
    let jane = setup.user_token("jane");
    assert_eq!(setup.call_as(&jane, Method::POST, query, Some(json!({}))).await.status, 201);
}

#[tokio::test]
async fn strangers_learn_nothing_about_a_channel() {
    let setup = Setup::with_users(&["jane", "bob", "eve"]).await;
    setup.channel(&["jane", "bob"]).await;
    let poll = json!({"name": "Secret", "options": [{"text": "a"}], "user_id": "jane"});
    let poll = setup.post("/api/v2/polls", poll).await["poll"]["id"].clone();
    let poll = poll.as_str().unwrap();
    let say = "/api/v2/chat/channels/messaging/general/message";
    setup.post(say, json!({"message": {"poll_id": poll, "user_id": "jane"}})).await;
    let ban = json!({"target_user_id": "bob", "channel_cid": "messaging:general", "banned_by_id": "jane"});
    setup.post("/api/v2/moderation/ban", ban).await;
    let all = async |user_id: &str, method: Method, path: &str, name: &str, body: Option<Value>| {
        let token = setup.user_token(user_id);
        let found = setup.call_as(&token, method, path, body).await.body;
        found[name].as_array().unwrap().len()
    };
    let bans = "/api/v2/chat/query_banned_users?payload=%7B%7D";
    for (user_id, count) in [("jane", 1), ("eve", 0)] {
        let polls = all(user_id, Method::POST, "/api/v2/polls/query", "polls", Some(json!({})));
        assert_eq!(polls.await, count, "{user_id}");
        assert_eq!(all(user_id, Method::GET, bans, "bans", None).await, count, "{user_id}");
    }
    let eve = setup.user_token("eve");
    let one = format!("/api/v2/polls/{poll}");
    setup.call_as(&eve, Method::GET, &one, None).await.assert_error(403, 17);
    let votes = format!("{one}/votes");
    setup.call_as(&eve, Method::POST, &votes, Some(json!({}))).await.assert_error(403, 17);
    let read = Some(json!({"read_by_channel": {"messaging:general": ""}}));
    let path = "/api/v2/chat/channels/read";
    setup.call_as(&eve, Method::POST, path, read).await.assert_error(403, 17);
}

#[tokio::test]
async fn messages_for_few_are_hidden_from_the_other_members() {
    let setup = Setup::with_users(&["jane", "bob", "eve"]).await;
    setup.channel(&["jane", "bob", "eve"]).await;
    let general = "/api/v2/chat/channels/messaging/general";
    let send = async |message: Value| {
        setup.post(&format!("{general}/message"), json!({"message": message})).await;
    };
    send(json!({"id": "parent", "text": "parent", "user_id": "eve"})).await;
    send(json!({"id": "secret", "text": "secret", "user_id": "jane", "restricted_visibility": ["bob"], "pinned": true})).await;
    send(json!({"id": "reply", "text": "secret", "user_id": "jane", "restricted_visibility": ["bob"], "parent_id": "parent"})).await;
    send(json!({"id": "shuffle", "text": "/giphy secret", "user_id": "jane"})).await;
    let pending =
        json!({"message": {"id": "pending", "text": "secret", "user_id": "jane"}, "pending": true});
    setup.post(&format!("{general}/message"), pending).await;
    send(json!({"id": "gone", "text": "secret", "user_id": "jane"})).await;
    setup.delete("/api/v2/chat/messages/gone").await;
    let as_user = async |user_id: &str, method: Method, path: &str| {
        let body = (method == Method::POST).then(|| json!({"reaction": {"type": "like"}}));
        setup.call_as(&setup.user_token(user_id), method, path, body).await
    };
    for id in ["secret", "reply", "shuffle", "pending"] {
        let path = format!("/api/v2/chat/messages/{id}");
        as_user("eve", Method::GET, &path).await.assert_error(404, 16);
        as_user("eve", Method::GET, &format!("{path}/reactions")).await.assert_error(404, 16);
        as_user("eve", Method::POST, &format!("{path}/reaction")).await.assert_error(404, 16);
        assert_eq!(as_user("jane", Method::GET, &path).await.status, 200, "{id}");
    }
    for path in [
        format!("{general}/messages?ids=secret,reply,shuffle,pending"),
        "/api/v2/chat/messages/parent/replies".to_owned(),
        "/api/v2/chat/threads/parent".to_owned(),
        general.to_owned(),
        "/api/v2/chat/messages/gone?show_deleted_message=true".to_owned(),
    ] {
        let seen = as_user("eve", Method::GET, &path).await;
        assert!(seen.status.is_success() && !seen.body.to_string().contains("secret"), "{path}");
    }
    let seen = as_user("bob", Method::GET, general).await.body;
    assert_eq!(seen["pinned_messages"][0]["text"], "secret");
    let seen = as_user("bob", Method::GET, "/api/v2/chat/messages/parent/replies").await.body;
    assert_eq!(seen["messages"][0]["text"], "secret");
}
