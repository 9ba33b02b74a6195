//! Each event reaches the right receivers, with the right content.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;
use crate::support::socket::Connection;

/// Creates `messaging:general` with Jane and Bob. Jane watches it, and Bob is only connected.
async fn two() -> (Setup, Connection, Connection) {
    let setup = Setup::with_users(&["jane", "bob", "kim"]).await;
    setup.channel(&["jane", "bob"]).await;
    let mut jane = setup.connect("jane").await;
    let bob = setup.connect("bob").await;
    setup.watch(&jane).await;
    assert_eq!(jane.kinds().await, ["user.watching.start"]);
    (setup, jane, bob)
}

async fn fail(setup: &Setup, by: &Connection, path: &str, body: Value, status: u16, code: i64) {
    let reply = setup.call_as(&by.token, Method::POST, path, Some(body)).await;
    reply.assert_error(status, code);
}

#[tokio::test]
async fn a_new_member_is_announced_with_the_list_of_members() {
    let (setup, mut jane, _bob) = two().await;
    let sent = setup.send_text("bob", "hello").await;
    jane.events().await;
    let body = json!({"add_members": [{"user_id": "kim"}]});
    setup.post("/api/v2/chat/channels/messaging/general", body).await;
    let events = jane.events().await;
    assert_eq!(
        (&events[0]["type"], &events[1]["type"]),
        (&json!("member.added"), &json!("channel.updated"))
    );
    assert!(events[0]["channel_last_message_at"].is_string(), "{sent} {}", events[0]);
    assert_eq!(events[1]["channel"]["members"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn watchers_get_the_message_and_other_members_a_notification() {
    let (setup, mut jane, mut bob) = two().await;
    let mut tab = setup.connect("bob").await;
    setup.watch(&tab).await;
    jane.events().await;
    tab.events().await;
    let body = json!({"message": {"id": "hello", "text": "hello", "color": "green"}});
    setup.by(&jane, Method::POST, "/channels/messaging/general/message", body).await;
    let of_jane = jane.events().await;
    let of_tab = tab.events().await;
    let of_bob = bob.events().await;
    let kinds =
        |events: &[Value]| events.iter().map(|event| event["type"].clone()).collect::<Vec<_>>();
    assert_eq!(kinds(&of_jane), ["message.new"]);
    assert_eq!(kinds(&of_tab), ["message.new"]);
    assert_eq!(kinds(&of_bob), ["notification.message_new"]);
    for (event, unread) in [(&of_jane[0], 0), (&of_tab[0], 1), (&of_bob[0], 1)] {
        assert_eq!(event["message"]["text"], "hello");
        assert_eq!(event["message"]["color"], "green", "custom data stands beside the fields");
        assert_eq!(event["cid"], "messaging:general");
        assert_eq!(event["channel_type"], "messaging");
        assert_eq!(event["channel"]["id"], "general");
        assert_eq!(event["user"]["id"], "jane");
        assert_eq!(event["watcher_count"], 2);
        assert!(event["created_at"].as_str().unwrap().ends_with('Z'));
        for count in ["unread_count", "total_unread_count", "unread_channels"] {
            assert_eq!(event[count], unread, "{count} {event}");
        }
    }
    // A backend's message reaches the same receivers.
    setup.send_text("jane", "from the backend").await;
    assert_eq!(tab.until("message.new").await["unread_count"], 2);
    assert_eq!(bob.until("notification.message_new").await["unread_channels"], 1);
}

#[tokio::test]
async fn reading_reaches_watchers_and_the_users_own_connections() {
    let (setup, mut jane, mut bob) = two().await;
    let message = setup.send_text("jane", "hello").await;
    bob.until("notification.message_new").await;
    jane.events().await;
    setup.by(&bob, Method::POST, "/channels/messaging/general/read", json!({})).await;
    let own = bob.events().await;
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!(own[0]["type"], "notification.mark_read");
    assert_eq!((&own[0]["unread_count"], &own[0]["unread_channels"]), (&json!(0), &json!(0)));
    let read = jane.until("message.read").await;
    assert_eq!(read["user"]["id"], "bob");
    assert_eq!(read["last_read_message_id"], message["id"]);
    let body = json!({"message_id": message["id"]});
    setup.by(&bob, Method::POST, "/channels/messaging/general/unread", body).await;
    let unread = bob.until("notification.mark_unread").await;
    assert_eq!(
        (&unread["unread_messages"], &unread["first_unread_message_id"]),
        (&json!(1), &message["id"])
    );
    assert!(jane.events().await.is_empty());
}

#[tokio::test]
async fn typing_reactions_edits_and_deletions_reach_watchers() {
    let (setup, mut jane, mut bob) = two().await;
    setup.watch(&bob).await;
    jane.events().await;
    bob.events().await;
    let call = |method, path: &'static str, body| setup.by(&bob, method, path, body);
    let general = "/channels/messaging/general/event";
    call(Method::POST, general, json!({"event": {"type": "typing.start", "parent_id": "m"}})).await;
    call(Method::POST, general, json!({"event": {"type": "typing.stop"}})).await;
    call(Method::POST, general, json!({"event": {"type": "order.shipped", "order": 7}})).await;
    let body = json!({"message": {"id": "m", "text": "hello"}});
    call(Method::POST, "/channels/messaging/general/message", body).await;
    let body = json!({"reaction": {"type": "love", "score": 2}});
    call(Method::POST, "/messages/m/reaction", body.clone()).await;
    call(Method::POST, "/messages/m/reaction", body).await;
    // A reaction that replaces the others of its user is an update, too.
    let body = json!({"reaction": {"type": "wow"}, "enforce_unique": true});
    call(Method::POST, "/messages/m/reaction", body).await;
    call(Method::DELETE, "/messages/m/reaction/wow", Value::Null).await;
    call(Method::POST, "/messages/m", json!({"message": {"text": "changed"}})).await;
    let body = json!({"message": {"id": "r", "text": "reply", "parent_id": "m"}});
    call(Method::POST, "/channels/messaging/general/message", body).await;
    call(Method::DELETE, "/messages/r", Value::Null).await;
    let events = jane.events().await;
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "typing.start",
            "typing.stop",
            "order.shipped",
            "message.new",
            "reaction.new",
            "reaction.updated",
            "reaction.updated",
            "reaction.deleted",
            "message.updated",
            "message.new",
            "message.updated",
            "message.deleted",
        ]
    );
    assert_eq!((&events[0]["user"]["id"], &events[0]["parent_id"]), (&json!("bob"), &json!("m")));
    assert_eq!(events[2]["order"], 7);
    assert_eq!(events[4]["message"]["reaction_counts"], json!({"love": 1}));
    assert_eq!(events[4]["message"]["own_reactions"], json!([]), "what is one's own is not told");
    assert_eq!(events[6]["message"]["reaction_counts"], json!({"wow": 1}));
    assert_eq!(events[8]["message"]["text"], "changed");
    assert_eq!(events[9]["message"]["parent_id"], "m");
    let parent = &events[10]["message"];
    assert_eq!((&parent["id"], &parent["reply_count"]), (&json!("m"), &json!(1)));
    assert_eq!(events[11]["message"]["type"], "deleted");
}

#[tokio::test]
async fn replies_notify_those_who_take_part() {
    let (setup, mut jane, mut bob) = two().await;
    let body = json!({"message": {"id": "m", "text": "hello", "user_id": "bob"}});
    setup.post("/api/v2/chat/channels/messaging/general/message", body).await;
    jane.events().await;
    bob.events().await;
    let body = json!({"message": {"id": "r", "text": "reply", "parent_id": "m"}});
    setup.by(&jane, Method::POST, "/channels/messaging/general/message", body).await;
    let events = bob.events().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["type"], "notification.thread_message_new");
    assert_eq!((&events[0]["thread_id"], &events[0]["unread_threads"]), (&json!("m"), &json!(1)));
    let body = json!({"thread_id": "m"});
    setup.by(&bob, Method::POST, "/channels/messaging/general/read", body).await;
    let read = bob.until("notification.mark_read").await;
    assert_eq!((&read["thread_id"], &read["unread_threads"]), (&json!("m"), &json!(0)));
}

#[tokio::test]
async fn watching_belongs_to_a_connection_and_counts_users() {
    let (setup, mut jane, mut bob) = two().await;
    let state = setup.watch(&bob).await;
    assert_eq!(state["watcher_count"], 2);
    let start = jane.until("user.watching.start").await;
    assert_eq!((&start["user"]["id"], &start["watcher_count"]), (&json!("bob"), &json!(2)));
    let tab = setup.connect("bob").await;
    setup.watch(&tab).await;
    assert!(jane.events().await.is_empty(), "two tabs are one user");
    tab.close().await;
    assert!(jane.events().await.is_empty());
    let body = json!({"watchers": {"limit": 10}, "state": true});
    let state = setup.by(&jane, Method::POST, "/channels/messaging/general/query", body).await;
    let watchers: Vec<_> =
        state["watchers"].as_array().unwrap().iter().map(|user| &user["id"]).collect();
    assert_eq!(watchers, ["bob", "jane"]);

    setup.by(&bob, Method::POST, "/channels/messaging/general/stop-watching", json!({})).await;
    let stop = jane.until("user.watching.stop").await;
    assert_eq!((&stop["user"]["id"], &stop["watcher_count"]), (&json!("bob"), &json!(1)));
    bob.events().await;
    setup.send_text("jane", "hello").await;
    assert_eq!(bob.kinds().await, ["notification.message_new"]);

    setup.watch(&bob).await;
    jane.until("user.watching.start").await;
    bob.close().await;
    assert_eq!(jane.until("user.watching.stop").await["watcher_count"], 1);
}

#[tokio::test]
async fn watching_takes_a_connection_of_ones_own() {
    let (setup, jane, bob) = two().await;
    let path = "/channels/messaging/general/query";
    let watch = json!({"watch": true});
    fail(&setup, &jane, path, watch.clone(), 400, 4).await;
    fail(&setup, &jane, &format!("{path}?connection_id=none"), watch.clone(), 400, 46).await;
    fail(&setup, &jane, &format!("{path}?connection_id={}", bob.id), watch.clone(), 400, 46).await;
    let server = format!("/api/v2/chat{path}?connection_id={}", jane.id);
    let text = setup.fail(Method::POST, &server, Some(watch), 400, 4).await;
    assert!(text.contains("connection_id"), "{text}");
    let body = json!({"filter_conditions": {}, "presence": true});
    fail(&setup, &jane, "/channels", body, 400, 4).await;
    let body = json!({"watch": false, "presence": false});
    let reply = setup.call_as(&jane.token, Method::POST, path, Some(body)).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn members_are_notified_of_joining_and_leaving() {
    let (setup, mut jane, mut bob) = two().await;
    let mut kim = setup.connect("kim").await;
    let general = "/api/v2/chat/channels/messaging/general";
    setup.post(general, json!({"add_members": [{"user_id": "kim"}]})).await;
    let event = kim.until("notification.added_to_channel").await;
    assert_eq!(
        (&event["channel"]["cid"], &event["member"]["user_id"]),
        (&json!("messaging:general"), &json!("kim"))
    );
    assert_eq!(jane.until("member.added").await["member"]["user_id"], "kim");
    assert!(bob.events().await.is_empty());

    setup.watch(&kim).await;
    kim.events().await;
    setup.send_text("jane", "hello").await;
    setup.post(general, json!({"remove_members": ["kim"]})).await;
    let events = kim.events().await;
    let kinds: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "message.new",
            "member.removed",
            "notification.removed_from_channel",
            "notification.mark_read"
        ]
    );
    assert_eq!(events[0]["unread_count"], 1);
    assert_eq!(events[3]["unread_count"], 0);
    setup.send_text("jane", "among ourselves").await;
    assert!(kim.events().await.is_empty(), "who may not read does not watch");

    setup.post(general, json!({"invites": [{"user_id": "kim"}]})).await;
    assert_eq!(kim.kinds().await, ["notification.invited"]);
    setup
        .by(&kim, Method::POST, "/channels/messaging/general", json!({"accept_invite": true}))
        .await;
    assert_eq!(kim.kinds().await, ["notification.invite_accepted"]);
}

#[tokio::test]
async fn all_members_are_notified_of_deleted_channels() {
    let (setup, mut jane, mut bob) = two().await;
    setup.send_text("jane", "hello").await;
    jane.events().await;
    bob.events().await;
    setup.post("/api/v2/chat/channels/messaging/general/truncate", json!({})).await;
    assert_eq!(jane.kinds().await, ["channel.truncated"]);
    let event = bob.until("notification.channel_truncated").await;
    assert_eq!(event["unread_count"], 0);
    setup.delete("/api/v2/chat/channels/messaging/general?hard_delete=true").await;
    assert_eq!(jane.kinds().await, ["channel.deleted"]);
    let event = bob.until("notification.channel_deleted").await;
    assert_eq!(
        (&event["channel"]["cid"], &event["unread_channels"]),
        (&json!("messaging:general"), &json!(0))
    );
    // A new channel with the same ID has no watchers.
    setup.channel(&["jane", "bob"]).await;
    setup.send_text("bob", "again").await;
    assert_eq!(jane.kinds().await.last().unwrap(), "notification.message_new");
}

#[tokio::test]
async fn presence_reaches_those_who_asked_for_it() {
    let setup = Setup::with_users(&["jane", "bob", "kim", "shy"]).await;
    setup.channel(&["jane", "bob"]).await;
    let mut jane = setup.connect("jane").await;
    let mut kim = setup.connect("kim").await;
    let query = "payload=%7B%22filter_conditions%22%3A%7B%22id%22%3A%22bob%22%7D%2C%22presence%22%3Atrue%7D";
    setup.by(&kim, Method::GET, &format!("/users?{query}"), Value::Null).await;
    let body = json!({"filter_conditions": {"members": {"$in": ["jane"]}}, "watch": true, "presence": true});
    let found = setup.by(&jane, Method::POST, "/channels", body).await;
    let is_online = |found: &Value, id: &str| {
        let mut members = found["channels"][0]["members"].as_array().unwrap().iter();
        members.find(|member| member["user_id"] == id).unwrap()["user"]["online"] == true
    };
    assert_eq!((is_online(&found, "jane"), is_online(&found, "bob")), (true, false));
    let watchers = &found["channels"][0]["watchers"];
    assert_eq!(watchers.as_array().unwrap().len(), 1, "{watchers}");
    assert_eq!(watchers[0]["id"], "jane");
    jane.events().await;

    let bob = setup.connect("bob").await;
    let tab = setup.connect("bob").await;
    for watcher in [&mut jane, &mut kim] {
        let events = watcher.events().await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0]["type"], "user.presence.changed");
        assert_eq!(
            (&events[0]["user"]["id"], &events[0]["user"]["online"]),
            (&json!("bob"), &json!(true))
        );
    }
    bob.close().await;
    assert!(jane.events().await.is_empty(), "a tab is still open");
    tab.close().await;
    let event = jane.until("user.presence.changed").await;
    assert_eq!(event["user"]["online"], false);
    assert!(event["user"]["last_active"].is_string());
    let users = json!([{"id": "bob", "set": {"name": "Bob"}}]);
    setup.patch("/api/v2/users", json!({"users": users})).await;
    assert_eq!(kim.until("user.updated").await["user"]["name"], "Bob");

    setup
        .post(
            "/api/v2/chat/channels/messaging/general",
            json!({"add_members": [{"user_id": "shy"}]}),
        )
        .await;
    jane.events().await;
    let shy = setup.connect_as(json!({"id": "shy", "invisible": true})).await;
    assert_eq!(shy.hello["me"]["invisible"], true);
    let kinds = jane.kinds().await;
    assert!(!kinds.contains(&"user.presence.changed".to_owned()), "{kinds:?}");
}

#[tokio::test]
async fn private_events_are_not_delivered() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane", "bob"]).await;
    let mut jane = setup.connect("jane").await;
    setup.watch(&jane).await;
    let off = json!({"enabled": false});
    let privacy = json!({"typing_indicators": off, "read_receipts": off});
    let mut bob = setup.connect_as(json!({"id": "bob", "privacy_settings": privacy})).await;
    setup.watch(&bob).await;
    setup.send_text("jane", "hello").await;
    jane.events().await;
    bob.events().await;
    let typing = json!({"event": {"type": "typing.start"}});
    setup.by(&bob, Method::POST, "/channels/messaging/general/event", typing).await;
    setup.by(&bob, Method::POST, "/channels/messaging/general/read", json!({})).await;
    assert!(jane.events().await.is_empty());
    assert_eq!(bob.until("notification.mark_read").await["unread_count"], 0);

    let body =
        json!({"message": {"text": "psst", "user_id": "jane", "restricted_visibility": ["jane"]}});
    setup.post("/api/v2/chat/channels/messaging/general/message", body).await;
    assert_eq!(jane.kinds().await, ["message.new"]);
    assert!(bob.events().await.is_empty());
}

#[tokio::test]
async fn ones_own_settings_reach_ones_own_connections() {
    let (setup, mut jane, mut bob) = two().await;
    setup.by(&bob, Method::POST, "/moderation/mute", json!({"target_id": "jane"})).await;
    let event = bob.until("notification.mutes_updated").await;
    assert_eq!(event["me"]["mutes"][0]["target"]["id"], "jane");
    let cid = json!({"channel_cid": "messaging:general"});
    setup.by(&bob, Method::POST, "/moderation/mute/channel", cid.clone()).await;
    let event = bob.until("notification.channel_mutes_updated").await;
    assert_eq!(event["me"]["channel_mutes"][0]["channel"]["id"], "general");
    setup.by(&bob, Method::POST, "/moderation/unmute/channel", cid).await;
    let event = bob.until("notification.channel_mutes_updated").await;
    assert_eq!(event["me"]["channel_mutes"], json!([]));
    setup.by(&bob, Method::POST, "/channels/messaging/general/hide", json!({})).await;
    bob.until("channel.hidden").await;
    setup.by(&bob, Method::POST, "/channels/messaging/general/show", json!({})).await;
    bob.until("channel.visible").await;
    let body = json!({"message": {"text": "not yet"}});
    setup.by(&bob, Method::POST, "/channels/messaging/general/draft", body).await;
    bob.until("draft.updated").await;
    let body = json!({"event": {"type": "coupon", "custom": {"percent": 10}}});
    setup.post("/api/v2/chat/users/bob/event", body).await;
    assert_eq!(bob.until("coupon").await["percent"], 10);
    assert!(jane.events().await.is_empty());
}

#[tokio::test]
async fn users_see_of_the_app_what_a_front_end_needs() {
    let setup = Setup::with_users(&["jane"]).await;
    let limits = json!({"size_limit": 1000, "blocked_file_extensions": [".exe"]});
    let settings = json!({"file_upload_config": limits, "webhook_url": "http://127.0.0.1:1/hunter2",
        "sqs_secret": "hunter2", "firebase_config": {"credentials_json": "hunter2"}});
    setup.patch("/api/v2/app", settings).await;
    let reply = setup.call_as(&setup.user_token("jane"), Method::GET, "/app", None).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.body["app"]["file_upload_config"]["blocked_file_extensions"], json!([".exe"]));
    assert!(!reply.body.to_string().contains("hunter2"), "{}", reply.body);
}

#[tokio::test]
async fn clients_sync_missed_events() {
    let (setup, mut jane, bob) = two().await;
    let before = setup.send_text("jane", "before").await;
    let since = jane.until("message.new").await["created_at"].clone();
    bob.close().await;
    setup.post("/emulator/clock", json!({"advance_ms": 1000})).await;
    let sent = setup.send_text("jane", "sent").await;
    let path = format!("/api/v2/chat/messages/{}", sent["id"].as_str().unwrap());
    setup.put(&path, json!({"set": {"text": "changed"}, "user_id": "jane"})).await;
    let path = format!("/api/v2/chat/messages/{}/reaction", before["id"].as_str().unwrap());
    setup.post(&path, json!({"reaction": {"type": "love", "user_id": "jane"}})).await;
    let bob = setup.connect("bob").await;
    let cids = json!(["messaging:general", "messaging:none"]);
    let body = json!({"channel_cids": cids, "last_sync_at": since, "watch": true, "with_inaccessible_cids": true});
    let response = setup.by(&bob, Method::POST, "/sync", body).await;
    let events = response["events"].as_array().unwrap();
    let told: Vec<_> = events
        .iter()
        .map(|event| (event["type"].as_str().unwrap(), event["message"]["text"].clone()))
        .collect();
    assert_eq!(told, [("message.new", json!("changed")), ("message.updated", json!("before"))]);
    assert_eq!(response["inaccessible_cids"], json!(["messaging:none"]));
    assert_eq!(jane.until("user.watching.start").await["user"]["id"], "bob");

    let removed = json!({"remove_members": ["bob"]});
    setup.post("/api/v2/chat/channels/messaging/general", removed).await;
    let body = json!({"channel_cids": ["messaging:general"], "last_sync_at": since});
    let response = setup.by(&bob, Method::POST, "/sync", body).await;
    let kinds: Vec<_> =
        response["events"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert_eq!(kinds, ["notification.removed_from_channel"]);
    fail(&setup, &bob, "/sync", json!({"last_sync_at": since}), 400, 4).await;
    fail(&setup, &bob, "/sync", json!({"channel_cids": ["a:b"]}), 400, 4).await;
    let body = json!({"channel_cids": ["a:b"], "last_sync_at": "2020-01-01T00:00:00Z"});
    fail(&setup, &bob, "/sync", body, 400, 4).await;
}

#[tokio::test]
async fn only_voters_learn_whose_vote_an_anonymous_one_is() {
    let (setup, mut jane, mut bob) = two().await;
    setup.watch(&bob).await;
    let poll = json!({"name": "p", "voting_visibility": "anonymous", "options": [{"text": "x"}]});
    let poll = setup.by(&jane, Method::POST, "/polls", poll).await["poll"].clone();
    let body = json!({"message": {"id": "m", "poll_id": poll["id"]}});
    setup.by(&jane, Method::POST, "/channels/messaging/general/message", body).await;
    jane.events().await;
    bob.events().await;
    let path = format!("/messages/m/polls/{}/vote", poll["id"].as_str().unwrap());
    let vote = json!({"vote": {"option_id": poll["options"][0]["id"]}});
    setup.by(&bob, Method::POST, &path, vote).await;
    let (of_jane, of_bob) = (jane.events().await, bob.events().await);
    assert_eq!(of_jane[0]["type"], "poll.vote_casted");
    assert_eq!(of_jane[0]["poll_vote"]["user_id"], Value::Null);
    assert_eq!(of_bob[0]["poll_vote"]["user_id"], "bob");
    assert_eq!(of_jane[0]["poll_vote"]["id"], of_bob[0]["poll_vote"]["id"]);
}

#[tokio::test]
async fn becoming_invisible_and_bans_with_deletion_reach_those_who_follow() {
    let (setup, mut jane, bob) = two().await;
    let body = json!({"filter_conditions": {}, "watch": true, "presence": true});
    let path = format!("/channels?connection_id={}", jane.id);
    setup.by(&jane, Method::POST, &path, body).await;
    jane.events().await;
    for (is_invisible, is_online) in [(true, false), (false, true)] {
        let set = json!({"users": [{"id": "bob", "set": {"invisible": is_invisible}}]});
        setup.by(&bob, Method::PATCH, "/users", set).await;
        let events = jane.events().await;
        let changed = &events[0];
        assert_eq!(changed["type"], "user.presence.changed");
        assert_eq!(changed["user"]["online"], is_online);
        assert_eq!(events[1]["type"], "user.updated");
    }
    let ban = json!({"target_user_id": "bob", "banned_by_id": "jane", "delete_messages": "soft"});
    setup.post("/api/v2/moderation/ban", ban).await;
    assert_eq!(jane.kinds().await, ["user.messages.deleted"]);
}
