//! Every endpoint that front ends call works under v1 with the token of an ordinary user.

use std::collections::BTreeSet;

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::Setup;
use crate::support::socket::Connection;

/// The endpoints of the API's client-side schema, in an order in which each finds its objects: the
/// call, the body, and the status for Jane, who created `messaging:general`.
///
/// Endpoints that an ordinary user may not call are listed with 403.
const ENDPOINTS: &[(&str, &str, u16)] = &[
    ("GET /app", "", 200),
    ("GET /blocklists", "", 200),
    ("POST /blocklists", r#"{"name": "own", "words": ["x"]}"#, 403),
    ("POST /blocklists/words/import", r#"{"items": ["x"]}"#, 403),
    ("PUT /blocklists/words", r#"{"words": ["x"]}"#, 403),
    ("DELETE /blocklists/words", "", 403),
    ("POST /channels", r#"{"filter_conditions": {}, "watch": true, "presence": true}"#, 201),
    ("POST /channels/grouped", r#"{"groups": {"all": {}}, "watch": true}"#, 201),
    ("POST /channels/messaging/query", r#"{"data": {"members": ["jane", "bob"]}}"#, 201),
    ("POST /channels/messaging/general/query", r#"{"watch": true, "state": true}"#, 201),
    ("GET /channels/messaging/general", "", 200),
    ("PATCH /channels/messaging/general", r#"{"set": {"name": "General"}}"#, 200),
    ("POST /channels/messaging/general", r#"{"add_members": ["kim"]}"#, 201),
    ("POST /channels/messaging/general/event", r#"{"event": {"type": "typing.start"}}"#, 201),
    (
        "POST /channels/messaging/general/message",
        r#"{"message": {"id": "m", "text": "hello"}}"#,
        201,
    ),
    (
        "POST /channels/messaging/general/message",
        r#"{"message": {"id": "r", "text": "a reply", "parent_id": "m"}}"#,
        201,
    ),
    (
        "POST /channels/messaging/general/message",
        r#"{"message": {"id": "g", "text": "/giphy cat"}}"#,
        201,
    ),
    ("POST /messages/g/action", r#"{"form_data": {"image_action": "send"}}"#, 201),
    ("POST /channels/messaging/general/draft", r#"{"message": {"text": "draft"}}"#, 201),
    ("GET /channels/messaging/general/draft", "", 200),
    ("POST /drafts/query", "{}", 201),
    ("DELETE /channels/messaging/general/draft", "", 200),
    ("PATCH /channels/messaging/general/member", r#"{"set": {"pinned": true}}"#, 200),
    ("GET /channels/messaging/general/messages?ids=m,r", "", 200),
    ("GET /channels/messaging/general/pinned_messages", "", 200),
    ("POST /channels/messaging/general/read", "{}", 201),
    ("POST /channels/messaging/general/unread", r#"{"message_id": "m"}"#, 201),
    ("POST /channels/read", "{}", 201),
    (
        "POST /channels/delivered",
        r#"{"latest_delivered_messages": [{"cid": "messaging:general", "id": "m"}]}"#,
        201,
    ),
    ("POST /channels/messaging/general/hide", "{}", 201),
    ("POST /channels/messaging/general/show", "{}", 201),
    ("POST /channels/messaging/general/stop-watching", "{}", 201),
    ("POST /devices", r#"{"id": "phone", "push_provider": "firebase"}"#, 201),
    ("GET /devices", "", 200),
    ("DELETE /devices?id=phone", "", 200),
    ("POST /guest", r#"{"user": {"id": "visitor"}}"#, 201),
    (
        "GET /members?payload=",
        r#"{"type": "messaging", "id": "general", "filter_conditions": {}}"#,
        200,
    ),
    ("GET /messages/m", "", 200),
    ("POST /messages/m", r#"{"message": {"text": "changed"}}"#, 201),
    ("PUT /messages/m", r#"{"set": {"color": "green"}}"#, 201),
    ("POST /messages/m/reaction", r#"{"reaction": {"type": "love"}}"#, 201),
    ("GET /messages/m/reactions", "", 200),
    ("POST /messages/m/reactions", "{}", 201),
    ("DELETE /messages/m/reaction/love", "", 200),
    ("POST /messages/m/translate", r#"{"language": "fr"}"#, 201),
    ("GET /messages/m/replies", "", 200),
    ("POST /messages/m/reminders", "{}", 201),
    ("PATCH /messages/m/reminders", r#"{"remind_at": "2100-01-01T00:00:00Z"}"#, 200),
    ("POST /reminders/query", "{}", 201),
    ("DELETE /messages/m/reminders", "", 200),
    (
        "POST /polls",
        r#"{"id": "p", "name": "When?", "options": [{"text": "now"}], "allow_answers": true}"#,
        201,
    ),
    (
        "PUT /polls",
        r#"{"id": "p", "name": "When then?", "options": [{"text": "now"}], "allow_answers": true}"#,
        201,
    ),
    ("PATCH /polls/p", r#"{"set": {"description": "of the day"}}"#, 200),
    ("GET /polls/p", "", 200),
    ("POST /polls/query", "{}", 201),
    ("POST /polls/p/options", r#"{"text": "later"}"#, 201),
    ("PUT /polls/p/options", r#"{"id": "OPTION", "text": "much later"}"#, 201),
    ("GET /polls/p/options/OPTION", "", 200),
    (
        "POST /channels/messaging/general/message",
        r#"{"message": {"id": "v", "text": "vote", "poll_id": "p"}}"#,
        201,
    ),
    ("POST /messages/v/polls/p/vote", r#"{"vote": {"option_id": "OPTION"}}"#, 201),
    ("POST /polls/p/votes", "{}", 201),
    ("DELETE /messages/v/polls/p/vote/VOTE", "", 200),
    ("DELETE /polls/p/options/OPTION", "", 200),
    ("DELETE /polls/p", "", 200),
    (
        "POST /moderation/ban",
        r#"{"target_user_id": "bob", "channel_cid": "messaging:general"}"#,
        403,
    ),
    ("DELETE /moderation/ban?target_user_id=bob&channel_cid=messaging:general", "", 403),
    ("POST /moderation/flag", r#"{"target_user_id": "bob", "reason": "spam"}"#, 201),
    ("GET /moderation/flags/message?payload=", r#"{"filter_conditions": {}}"#, 403),
    ("POST /moderation/mute", r#"{"target_ids": ["bob"], "timeout": 5}"#, 201),
    ("POST /moderation/unmute", r#"{"target_ids": ["bob"]}"#, 201),
    ("POST /moderation/mute/channel", r#"{"channel_cids": ["messaging:general"]}"#, 201),
    ("POST /moderation/unmute/channel", r#"{"channel_cids": ["messaging:general"]}"#, 201),
    ("GET /og?url=https://getstream.io", "", 200),
    ("POST /push_preferences", r#"{"preferences": [{"chat_level": "all"}]}"#, 201),
    (
        "GET /query_banned_users?payload=",
        r#"{"filter_conditions": {"channel_cid": "messaging:general"}}"#,
        200,
    ),
    ("GET /query_future_channel_bans?payload=", "{}", 200),
    ("GET /roles/search?query=a", "", 200),
    (
        "GET /search?payload=",
        r#"{"filter_conditions": {"members": {"$in": ["jane"]}}, "query": "changed"}"#,
        200,
    ),
    ("POST /sync", r#"{"channel_cids": ["messaging:general"], "last_sync_at": "SINCE"}"#, 201),
    ("POST /threads", r#"{"watch": true}"#, 201),
    ("GET /threads/m?watch=true", "", 200),
    ("PATCH /threads/m", r#"{"set": {"title": "Thread"}}"#, 200),
    ("GET /unread", "", 200),
    ("GET /usergroups", "", 200),
    ("POST /usergroups", r#"{"id": "g", "name": "Group"}"#, 403),
    ("GET /usergroups/search?query=a", "", 200),
    ("GET /usergroups/crew", "", 200),
    ("PUT /usergroups/crew", r#"{"name": "Group"}"#, 403),
    ("POST /usergroups/crew/members", r#"{"member_ids": ["jane"]}"#, 403),
    ("POST /usergroups/crew/members/delete", r#"{"member_ids": ["jane"]}"#, 403),
    ("DELETE /usergroups/crew", "", 403),
    ("GET /users?payload=", r#"{"filter_conditions": {}, "presence": true}"#, 200),
    ("POST /users", r#"{"users": {"jane": {"id": "jane", "name": "Jane"}}}"#, 201),
    ("PATCH /users", r#"{"users": [{"id": "jane", "set": {"color": "green"}}]}"#, 200),
    ("POST /users/block", r#"{"blocked_user_id": "bob"}"#, 201),
    ("GET /users/block", "", 200),
    ("POST /users/unblock", r#"{"blocked_user_id": "bob"}"#, 201),
    ("GET /users/live_locations", "", 200),
    ("PUT /users/live_locations", r#"{"message_id": "l", "latitude": 1.0, "longitude": 2.0}"#, 201),
    ("DELETE /messages/m", "", 200),
    ("POST /channels/messaging/general/truncate", "{}", 201),
    ("DELETE /channels/messaging/general", "", 200),
    ("POST /channels/delete", r#"{"cids": ["messaging:other"]}"#, 403),
];

/// Uploads, which are not JSON, and endpoints for connections; `live` and `uploads` test them.
const ELSEWHERE: usize = 9;
/// The number of endpoints in the client-side schema.
const ALL: usize = 109;

#[tokio::test]
async fn what_only_backends_may_call_is_refused_before_its_input_is_read() {
    let setup = Setup::with_users(&["jane"]).await;
    let jane = setup.user_token("jane");
    for call in [
        "GET /channeltypes",
        "GET /commands",
        "GET /blocklists/none",
        "GET /api/v2/external_storage",
        "POST /users/delete",
        "POST /unread_batch",
        "POST /export_channels",
        "POST /messages/none/undelete",
        "POST /api/v2/moderation/check",
        "PUT /channels/batch",
    ] {
        let (method, path) = call.split_once(' ').unwrap();
        let reply = setup.call_as(&jane, method.parse().unwrap(), path, Some(json!({}))).await;
        let text = reply.assert_error(403, 17);
        assert!(text.contains("server-side authentication"), "{call}: {text}");
    }
}

#[tokio::test]
async fn every_endpoint_responds_to_a_users_token() {
    let setup = Setup::with_users(&["jane", "bob", "kim"]).await;
    prepare(&setup).await;
    let jane = setup.connect("jane").await;
    let since = jane.hello["created_at"].as_str().unwrap().to_owned();
    let (mut option, mut vote) = (String::new(), String::new());
    for (call, body, status) in ENDPOINTS {
        let (method, path) = call.split_once(' ').unwrap();
        let fill = |text: &str| {
            text.replace("OPTION", &option).replace("VOTE", &vote).replace("SINCE", &since)
        };
        let (path, body) = (fill(path), fill(body));
        let reply = send(&setup, &jane, method.parse().unwrap(), &path, &body).await;
        assert_eq!(reply.status, *status, "{call}: {}", reply.body);
        if *status == 403 {
            assert_eq!(reply.body["code"], 17, "{call}: {}", reply.body);
        }
        let id = |pointer: &str| reply.body.pointer(pointer).and_then(Value::as_str);
        option = id("/poll_option/id").map_or(option, str::to_owned);
        vote = id("/vote/id").map_or(vote, str::to_owned);
    }
    assert_eq!(distinct(), ALL - ELSEWHERE);
}

/// Creates the objects of Jane's calls as a backend.
async fn prepare(setup: &Setup) {
    let features = json!({"polls": true, "user_message_reminders": true, "shared_locations": true});
    setup.put("/api/v2/chat/channeltypes/messaging", with_usual(features)).await;
    setup.channel(&["jane", "bob"]).await;
    let other = json!({"data": {"created_by_id": "bob", "members": [{"user_id": "bob"}]}});
    setup.post("/api/v2/chat/channels/messaging/other/query", other).await;
    setup.post("/api/v2/blocklists", json!({"name": "words", "words": ["bad"]})).await;
    setup.post("/api/v2/usergroups", json!({"id": "crew", "name": "Crew"})).await;
    let location = json!({"latitude": 1.0, "longitude": 2.0, "created_by_device_id": "phone",
        "end_at": "2100-01-01T00:00:00Z"});
    let message =
        json!({"id": "l", "user_id": "jane", "text": "here", "shared_location": location});
    let body = json!({"message": message});
    setup.post("/api/v2/chat/channels/messaging/general/message", body).await;
}

fn with_usual(mut settings: Value) -> Value {
    let usual =
        json!({"automod": "disabled", "automod_behavior": "flag", "max_message_length": 5000});
    settings.as_object_mut().unwrap().extend(usual.as_object().unwrap().clone());
    settings
}

async fn send(
    setup: &Setup,
    by: &Connection,
    method: Method,
    path: &str,
    body: &str,
) -> crate::support::Reply {
    let separator = if path.contains('?') { '&' } else { '?' };
    let path = match path.strip_suffix("payload=") {
        Some(path) => format!("{path}payload={}", utf8_percent_encode(body, NON_ALPHANUMERIC)),
        None => format!("{path}{separator}connection_id={}", by.id),
    };
    let path = match path.contains("connection_id") {
        true => path,
        false => format!("{path}&connection_id={}", by.id),
    };
    let is_body = !body.is_empty() && !path.contains("payload=");
    let body = is_body.then(|| serde_json::from_str(body).unwrap());
    setup.call_as(&by.token, method, &path, body).await
}

/// Returns the number of distinct endpoints in the table.
fn distinct() -> usize {
    let names: BTreeSet<String> = ENDPOINTS
        .iter()
        .map(|(call, ..)| {
            let (method, path) = call.split_once(' ').unwrap();
            let path = path.split('?').next().unwrap();
            // Paths that differ only by an ID are one endpoint.
            let path = path
                .replace("/messages/g/", "/messages/m/")
                .replace("/messages/v/", "/messages/m/");
            format!("{method} {path}")
        })
        .collect();
    names.len()
}

#[tokio::test]
async fn browsers_may_read_whatever_comes_back() {
    let setup = Setup::with_users(&["jane"]).await;
    let base = setup.emulator.base_url().to_owned();
    let origin = ("origin", "http://app.test");
    for path in ["/channels", "/no/such/path", "/connect", "/longpoll", "/messages/%FF"] {
        let asked = "authorization, content-type, stream-auth-type, x-of-tomorrow";
        let headers = [
            origin,
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", asked),
        ];
        let reply = setup.raw(Method::OPTIONS, &format!("{base}{path}"), &headers, "").await;
        assert_eq!(reply.status, 204, "{path}");
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        assert_eq!(reply.headers["access-control-allow-headers"], asked);
        let methods = reply.headers["access-control-allow-methods"].to_str().unwrap();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(methods.contains(method), "{methods}");
        }
    }
    setup.emulator.fail_next(stream_emulator::Fault::error(500, -1, "broken"));
    setup.emulator.fail_next(stream_emulator::Fault::raw(502, "<html>"));
    let token = setup.user_token("jane");
    for (path, status) in [("/app", 500), ("/app", 502), ("/messages/none", 404), ("/nowhere", 404)]
    {
        let reply = setup.call_as(&token, Method::GET, path, None).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.headers["access-control-allow-origin"], "*", "{path}");
    }
    let reply = setup.call_as("rubbish", Method::GET, "/app", None).await;
    reply.assert_error(401, 5);
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
}
