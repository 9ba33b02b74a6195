//! Events are delivered as signed webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Setup, schema, unpack};
use stream_emulator::{Emulator, EmulatorBuilder, WebhookDelivery};

/// A webhook that a receiver got.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A receiver of webhooks.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<(StatusCode, Value)>>>,
}

impl Receiver {
    /// Starts it, and returns it with its URL.
    pub(crate) async fn start() -> (Self, String) {
        let receiver = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new().fallback(receive).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (receiver, url)
    }

    pub(crate) fn answer(&self, status: u16, body: Value) {
        let status = StatusCode::from_u16(status).unwrap();
        self.answers.lock().unwrap().push_back((status, body));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    fn events(&self) -> Vec<Value> {
        self.received().iter().map(Received::json).collect()
    }

    fn types(&self) -> Vec<String> {
        let events = self.events();
        let types = events.iter().map(|event| event["type"].as_str().unwrap());
        types.map(str::to_owned).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received { headers, body };
    receiver.received.lock().unwrap().push(received);
    let answer = receiver.answers.lock().unwrap().pop_front();
    let (status, body) = answer.unwrap_or((StatusCode::OK, json!({})));
    (status, axum::Json(body)).into_response()
}

async fn with_hook(events: &[&str]) -> (Setup, Receiver) {
    with_hook_of(Emulator::builder(), events).await
}

async fn with_hook_of(builder: EmulatorBuilder, events: &[&str]) -> (Setup, Receiver) {
    let setup = Setup::with(builder).await;
    let (receiver, url) = Receiver::start().await;
    let hook =
        json!({"enabled": true, "hook_type": "webhook", "webhook_url": url, "event_types": events});
    setup.patch("/api/v2/app", json!({"event_hooks": [hook]})).await;
    (setup, receiver)
}

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the schema of each event that the emulator sends.
fn schema_of(kind: &str) -> &'static str {
    match kind {
        "user.updated" => "UserUpdatedEvent",
        "user.deleted" => "UserDeletedEvent",
        "user.deactivated" => "UserDeactivatedEvent",
        "user.reactivated" => "UserReactivatedEvent",
        "channel.truncated" => "ChannelTruncatedEvent",
        "message.undeleted" => "MessageUndeletedEvent",
        "channel.created" => "ChannelCreatedEvent",
        "channel.updated" => "ChannelUpdatedEvent",
        "channel.deleted" => "ChannelDeletedEvent",
        "channel.frozen" => "ChannelFrozenEvent",
        "channel.unfrozen" => "ChannelUnFrozenEvent",
        "member.added" => "MemberAddedEvent",
        "member.updated" => "MemberUpdatedEvent",
        "member.removed" => "MemberRemovedEvent",
        "message.new" => "MessageNewEvent",
        "message.updated" => "MessageUpdatedEvent",
        "message.deleted" => "MessageDeletedEvent",
        "reaction.new" => "ReactionNewEvent",
        "reaction.updated" => "ReactionUpdatedEvent",
        "reaction.deleted" => "ReactionDeletedEvent",
        "flag.updated" => "FlagUpdatedEvent",
        "message.unblocked" => "MessageUnblockedEvent",
        "moderation_rule.triggered" => "ModerationRulesTriggeredEvent",
        "notification.reminder_due" => "ReminderNotificationEvent",
        "notification.thread_message_new" => "NotificationThreadMessageNewEvent",
        kind => panic!("unknown event {kind}"),
    }
}

#[tokio::test]
async fn webhooks_arrive_in_order() {
    let (setup, receiver) = with_hook(&[]).await;
    let general = "/api/v2/chat/channels/messaging/general";
    setup.upsert(&["a", "b", "c"]).await;
    setup.upsert(&["a"]).await;
    setup.channel(&["a", "b"]).await;
    setup
        .post(general, json!({"add_members": [{"user_id": "c"}], "add_moderators": ["b"], "remove_members": ["a"]}))
        .await;
    setup
        .post(
            general,
            json!({"data": {"frozen": true}, "message": {"text": "frozen", "user_id": "a"}}),
        )
        .await;
    setup.patch(general, json!({"unset": ["frozen"]})).await;
    let message = setup.send_text("a", "hi").await;
    let path = format!("/api/v2/chat/messages/{}", message["id"].as_str().unwrap());
    setup.put(&path, json!({"set": {"text": "ho"}, "user_id": "a"})).await;
    let react = json!({"reaction": {"type": "like", "user_id": "b"}});
    setup.post(&format!("{path}/reaction"), react.clone()).await;
    setup.post(&format!("{path}/reaction"), react).await;
    setup.delete(&format!("{path}/reaction/like?user_id=b")).await;
    setup.delete(&path).await;
    setup.post(&format!("{path}/undelete"), json!({"undeleted_by": "a"})).await;
    setup
        .post(
            &format!("{general}/event"),
            json!({"event": {"type": "friendship.request", "user_id": "a", "custom": {"x": 1}}}),
        )
        .await;
    setup.post(&format!("{general}/truncate"), json!({})).await;
    setup.delete(general).await;
    setup.post("/api/v2/users/a/deactivate", json!({"created_by_id": "b"})).await;
    setup.post("/api/v2/users/a/reactivate", json!({})).await;
    setup.post("/api/v2/users/delete", json!({"user_ids": ["c"]})).await;
    setup.emulator.webhooks_idle().await;

    assert_eq!(
        receiver.types(),
        [
            "user.updated",
            "channel.created",
            "member.added",
            "member.added",
            "member.added",
            "member.updated",
            "member.removed",
            "channel.updated",
            "channel.updated",
            "channel.frozen",
            "message.new",
            "channel.updated",
            "channel.unfrozen",
            "message.new",
            "message.updated",
            "reaction.new",
            "reaction.updated",
            "reaction.deleted",
            "message.deleted",
            "message.undeleted",
            "friendship.request",
            "channel.truncated",
            "channel.deleted",
            "user.deactivated",
            "user.reactivated",
            "user.deleted",
        ]
    );
    for event in receiver.events() {
        if event["type"] == "friendship.request" {
            assert_eq!(event["x"], 1);
            continue;
        }
        schema::check_event(schema_of(event["type"].as_str().unwrap()), &event);
    }
    let deliveries = setup.emulator.webhook_deliveries();
    assert!(deliveries.iter().all(WebhookDelivery::is_delivered));
    assert_eq!(deliveries.len(), 26);
}

#[tokio::test]
async fn webhooks_are_signed_and_numbered() {
    let (setup, receiver) = with_hook(&["user.updated"]).await;
    setup.upsert(&["a"]).await;
    receiver.answer(500, json!({}));
    receiver.answer(503, json!({}));
    setup.upsert(&["a"]).await;
    setup.upsert(&["a"]).await;
    setup.emulator.webhooks_idle().await;

    let received = receiver.received();
    let attempts: Vec<&str> = received.iter().map(|one| one.header("x-webhook-attempt")).collect();
    assert_eq!(attempts, ["1", "2", "3", "1"]);
    let ids: Vec<&str> = received.iter().map(|one| one.header("x-webhook-id")).collect();
    assert_eq!(ids[0], ids[2]);
    assert_ne!(ids[0], ids[3]);
    for one in &received {
        assert_eq!(one.header("x-api-key"), setup.emulator.api_key());
        let expected = signature(setup.emulator.api_secret(), &one.body);
        assert_eq!(one.header("x-signature"), expected);
        assert!(!one.headers.contains_key("content-encoding"));
    }
}

#[tokio::test]
async fn compressed_webhooks_are_signed_before_compression() {
    let (setup, receiver) = with_hook(&[]).await;
    setup.patch("/api/v2/app", json!({"enable_hook_payload_compression": true})).await;
    setup.upsert(&["a"]).await;
    setup.upsert(&["a"]).await;
    setup.emulator.webhooks_idle().await;
    let received = receiver.received();
    assert_eq!(received[0].header("content-encoding"), "gzip");
    let plain = unpack(&received[0].body);
    let expected = signature(setup.emulator.api_secret(), &plain);
    assert_eq!(received[0].header("x-signature"), expected);
}

#[tokio::test]
async fn hooks_get_the_events_that_they_subscribe_to() {
    let setup = Setup::with_users(&["a"]).await;
    let (of_messages, url) = Receiver::start().await;
    let (of_channels, legacy_url) = Receiver::start().await;
    let (of_none, unused_url) = Receiver::start().await;
    setup
        .patch(
            "/api/v2/app",
            json!({
                "event_hooks": [
                    {"enabled": true, "hook_type": "webhook", "webhook_url": url, "event_types": ["message.new"]},
                    {"enabled": false, "hook_type": "webhook", "webhook_url": unused_url},
                    {"enabled": true, "hook_type": "sqs", "webhook_url": unused_url},
                ],
                "webhook_url": legacy_url,
                "webhook_events": ["channel.created"],
            }),
        )
        .await;
    setup.channel(&["a"]).await;
    setup.send_text("a", "hi").await;
    setup.emulator.webhooks_idle().await;
    assert_eq!(of_messages.types(), ["message.new"]);
    assert_eq!(of_channels.types(), ["channel.created"]);
    assert!(of_none.received().is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_given_up() {
    let setup = Setup::with_users(&["a"]).await;
    let hooks: Vec<Value> = ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "nonsense"]
        .iter()
        .map(|url| json!({"enabled": true, "hook_type": "webhook", "webhook_url": url}))
        .collect();
    setup.patch("/api/v2/app", json!({"event_hooks": hooks})).await;
    setup.upsert(&["a"]).await;
    setup.emulator.webhooks_idle().await;
    let deliveries = setup.emulator.webhook_deliveries();
    let attempts: Vec<(&str, u32)> =
        deliveries.iter().map(|delivery| (delivery.url.as_str(), delivery.attempts)).collect();
    assert!(attempts.contains(&("http://127.0.0.1:1/", 4)), "{deliveries:?}");
    assert!(attempts.contains(&("https://127.0.0.1:1/", 1)));
    assert!(attempts.contains(&("nonsense", 1)));
    assert!(deliveries.iter().all(|delivery| !delivery.is_delivered()));
}

#[tokio::test]
async fn a_refused_call_emits_no_event() {
    let (setup, receiver) = with_hook(&[]).await;
    let bad = json!({"users": {"a": {"id": "a"}, "b": {}}});
    setup.fail(Method::POST, "/api/v2/users", Some(bad), 400, 4).await;
    setup.emulator.webhooks_idle().await;
    assert!(receiver.received().is_empty());
}

const MESSAGE: &str = "/api/v2/chat/channels/messaging/general/message";

async fn with_before_send() -> (Setup, Receiver) {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let (receiver, url) = Receiver::start().await;
    setup.patch("/api/v2/app", json!({"before_message_send_hook_url": url, "before_message_send_hook_attempt_timeout_ms": 10_000})).await;
    (setup, receiver)
}

#[tokio::test]
async fn the_hook_before_sending_may_rewrite() {
    let (setup, receiver) = with_before_send().await;
    receiver.answer(
        200,
        json!({"message": {"text": "hi ***", "custom": {"cleaned": true}, "mentioned_users": [{"id": "b"}]}}),
    );
    let sent = setup.send_text("a", "hi rude").await;
    assert_eq!(sent["text"], "hi ***");
    assert_eq!(sent["custom"], json!({"cleaned": true}));
    assert_eq!(sent["mentioned_users"][0]["id"], "b");

    let received = receiver.received();
    let question = received[0].json();
    assert_eq!(question["message"]["text"], "hi rude");
    assert_eq!(question["message"]["id"], sent["id"]);
    assert_eq!(question["user"]["id"], "a");
    assert_eq!(question["channel"]["cid"], "messaging:general");
    assert_eq!(question["request_info"]["type"], "server");
    let expected = signature(setup.emulator.api_secret(), &received[0].body);
    assert_eq!(received[0].header("x-signature"), expected);
}

#[tokio::test]
async fn webhooks_say_who_asked_and_what_members_have_not_read() {
    let (setup, receiver) = with_hook(&["message.new"]).await;
    setup.upsert(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    setup.send_text("a", "one").await;
    let uri =
        format!("{}{MESSAGE}?api_key={}", setup.emulator.base_url(), setup.emulator.api_key());
    let token = setup.user_token("a");
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("user-agent", "browser"),
        ("x-stream-client", "tests-1.0"),
    ];
    let body = json!({"message": {"text": "two"}}).to_string();
    let sent = setup.raw(Method::POST, &uri, &headers, body).await;
    assert_eq!(sent.status, 201);
    setup.emulator.webhooks_idle().await;
    let events = receiver.events();
    let [first, second] = &events[..] else { panic!("{events:?}") };
    assert_eq!(first["request_info"]["type"], "server");
    let client =
        json!({"type": "client", "ip": "127.0.0.1", "user_agent": "browser", "sdk": "tests-1.0"});
    assert_eq!(second["request_info"], client);
    let member = |event: &Value, index: usize| event["members"][index].clone();
    assert_eq!(member(second, 0)["user"]["channel_unread_count"], 0);
    for (event, unread) in [(first, 1), (second, 2)] {
        let bob = member(event, 1);
        assert_eq!(
            (&bob["user_id"], &bob["channel_role"]),
            (&json!("b"), &json!("channel_member"))
        );
        assert_eq!(bob["user"]["channel_unread_count"], unread);
        assert_eq!(bob["user"]["total_unread_count"], unread);
        assert_eq!(bob["user"]["unread_channels"], 1);
        assert!(bob["user"]["channel_last_read_at"].is_string());
    }
}

#[tokio::test]
async fn only_small_channels_list_their_members_in_webhooks() {
    let (setup, receiver) = with_hook(&["message.new"]).await;
    let ids: Vec<String> = (0..101).map(|number| format!("u{number}")).collect();
    let (first, last) = ids.split_at(100);
    let ids =
        |ids: &[String]| -> Vec<Value> { ids.iter().map(|id| json!({"user_id": id})).collect() };
    setup.upsert(&first.iter().map(String::as_str).collect::<Vec<_>>()).await;
    setup.upsert(&["u100"]).await;
    let general = "/api/v2/chat/channels/messaging/general";
    let data = json!({"data": {"created_by_id": "u0", "members": ids(first)}});
    setup.post(&format!("{general}/query"), data).await;
    setup.send_text("u0", "to a hundred").await;
    setup.post(general, json!({"add_members": ids(last)})).await;
    setup.send_text("u0", "to more").await;
    setup.emulator.webhooks_idle().await;
    let events = receiver.events();
    assert_eq!(events[0]["members"].as_array().unwrap().len(), 100);
    assert_eq!(events[1].get("members"), None);
}

#[tokio::test]
async fn custom_data_is_flat_as_the_service_sends_it() {
    for is_nested in [false, true] {
        let builder = Emulator::builder().nest_webhook_custom_data(is_nested);
        let (setup, receiver) = with_hook_of(builder, &["channel.created", "dish.washed"]).await;
        let user = json!({"id": "a", "custom": {"first_name": "A", "role": "mine"}});
        setup.post("/api/v2/users", json!({"users": {"a": user}})).await;
        let data = json!({"created_by_id": "a", "custom": {"name": "Trip"}});
        let general = "/api/v2/chat/channels/messaging/general";
        setup.post(&format!("{general}/query"), json!({"data": data})).await;
        let event = json!({"type": "dish.washed", "user_id": "a", "custom": {"plates": 2}});
        setup.post(&format!("{general}/event"), json!({"event": event})).await;
        setup.emulator.webhooks_idle().await;
        let events = receiver.events();
        let [created, washed] = &events[..] else { panic!("{events:?}") };
        let place =
            |object: &Value| if is_nested { object["custom"].clone() } else { object.clone() };
        assert_eq!(place(&created["channel"])["name"], "Trip");
        assert_eq!(place(&created["channel"]["created_by"])["first_name"], "A");
        assert_eq!(created["channel"]["created_by"]["role"], "user");
        assert_eq!(place(washed)["plates"], 2);
        assert_eq!(created["channel"].get("custom").is_some(), is_nested);
    }
}

#[tokio::test]
async fn the_hook_before_sending_may_respond_in_the_flat_form() {
    let (setup, receiver) = with_before_send().await;
    receiver.answer(
        200,
        json!({"message": {"text": "hi ***", "cleaned": true, "id": "another", "user": {"id": "b"}}}),
    );
    let sent = setup.send_text("a", "hi rude").await;
    assert_eq!(sent["text"], "hi ***");
    assert_eq!(sent["custom"], json!({"cleaned": true}));
    assert_eq!(sent["user"]["id"], "a");
    assert_ne!(sent["id"], "another");
}

#[tokio::test]
async fn the_hook_before_sending_may_reject() {
    let (setup, receiver) = with_before_send().await;
    receiver.answer(200, json!({"message": {"type": "error", "text": "not here"}}));
    let sent = setup.send_text("a", "hi rude").await;
    assert_eq!(sent["type"], "error");
    assert_eq!(sent["text"], "not here");
    let state = setup.get("/api/v2/chat/channels/messaging/general").await;
    assert_eq!(state["messages"], json!([]));
}

#[tokio::test]
async fn the_hook_before_sending_may_agree_or_fail() {
    let (setup, receiver) = with_before_send().await;
    assert_eq!(setup.send_text("a", "as it is").await["text"], "as it is");
    receiver.answer(500, json!({}));
    receiver.answer(500, json!({}));
    assert_eq!(setup.send_text("a", "still").await["text"], "still");
    assert_eq!(receiver.received().len(), 3);
    // The hook is not called for a message that the API refuses.
    let bad = json!({"message": {"text": "hi", "user_id": "zoe"}});
    setup.fail(Method::POST, MESSAGE, Some(bad), 400, 4).await;
    assert_eq!(receiver.received().len(), 3);
}

#[tokio::test]
async fn webhooks_go_to_this_machine_alone() {
    let setup = Setup::with_users(&["a"]).await;
    let hook =
        json!({"enabled": true, "hook_type": "webhook", "webhook_url": "http://192.0.2.1/hook"});
    setup.patch("/api/v2/app", json!({"event_hooks": [hook]})).await;
    setup.channel(&["a"]).await;
    setup.emulator.webhooks_idle().await;
    let deliveries = setup.emulator.webhook_deliveries();
    assert!(!deliveries.is_empty());
    for delivery in deliveries {
        assert!(!delivery.is_delivered());
        assert_eq!(delivery.status, None);
        assert!(delivery.error.unwrap().contains("--allow-webhook-host"));
    }
}

#[tokio::test]
async fn scheduled_work_emits_events() {
    let (setup, receiver) = with_hook(&["notification.reminder_due"]).await;
    setup.upsert(&["a"]).await;
    setup.channel(&["a"]).await;
    let overrides = json!({"config_overrides": {"user_message_reminders": true}});
    setup.patch("/api/v2/chat/channels/messaging/general", json!({"set": overrides})).await;
    let message = setup.send_text("a", "do this").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/chat/messages/{message}/reminders");
    let at = |hours: i64| crate::support::rfc3339(crate::support::now() + hours * 3600);
    setup.post(&path, json!({"user_id": "a", "remind_at": at(1)})).await;
    setup.post("/emulator/clock", json!({"advance_ms": 1_800_000})).await;
    setup.emulator.webhooks_idle().await;
    assert_eq!(receiver.types(), Vec::<String>::new());
    setup.post("/emulator/clock", json!({"advance_ms": 2_000_000})).await;
    setup.emulator.webhooks_idle().await;
    let told = receiver.received.lock().unwrap()[0].json();
    assert_eq!((&told["message_id"], &told["user_id"]), (&json!(message), &json!("a")));
    // Each reminder is sent once, also after a restore; another time is another reminder.
    let snapshot = setup.get("/emulator/snapshot").await;
    setup.post("/emulator/restore", snapshot).await;
    setup.post("/emulator/clock", json!({"advance_ms": 1000})).await;
    setup.emulator.webhooks_idle().await;
    assert_eq!(receiver.types(), ["notification.reminder_due"]);
    setup.patch(&path, json!({"user_id": "a", "remind_at": at(2)})).await;
    // Scheduled work also runs without calls, by the system's clock.
    setup.emulator.advance_clock(std::time::Duration::from_secs(3600));
    setup.emulator.webhooks_idle().await;
    assert_eq!(receiver.types().len(), 2);
}

#[tokio::test]
async fn participants_and_moderators_are_notified() {
    let kinds = [
        "flag.updated",
        "message.unblocked",
        "moderation_rule.triggered",
        "notification.thread_message_new",
    ];
    let (setup, receiver) = with_hook(&kinds).await;
    setup.upsert(&["a", "b", "c"]).await;
    setup.channel(&["a", "b", "c"]).await;
    let parent = setup.send_text("a", "who comes?").await["id"].clone();
    for user in ["b", "c"] {
        let reply = json!({"message": {"text": "I", "user_id": user, "parent_id": parent}});
        setup.post("/api/v2/chat/channels/messaging/general/message", reply).await;
    }
    setup.post("/moderation/flag", json!({"target_message_id": parent, "user_id": "b"})).await;
    let review = json!({"message_ids": [parent], "reviewed_by": "c"});
    setup.post("/automod/v1/moderation/update_flags", review).await;
    setup.post("/moderation/unblock_message", json!({"target_message_id": parent})).await;
    let rule = json!({
        "name": "links", "rule_type": "content", "config_keys": ["k"],
        "conditions": [{"type": "text_content", "text_content_params": {"contains_url": true}}],
        "action": {"type": "bounce_content"},
    });
    setup.post("/api/v2/moderation/moderation_rule", rule).await;
    setup.post("/api/v2/moderation/config", json!({"key": "k"})).await;
    let check = json!({
        "entity_type": "own", "entity_id": "1", "entity_creator_id": "a", "config_key": "k",
        "moderation_payload": {"texts": ["see https://a.example"]},
    });
    setup.post("/api/v2/moderation/check", check).await;
    setup.emulator.webhooks_idle().await;
    let thread = "notification.thread_message_new";
    assert_eq!(
        receiver.types(),
        [thread, thread, "flag.updated", "message.unblocked", "moderation_rule.triggered"]
    );
    for received in receiver.received.lock().unwrap().iter() {
        let event = received.json();
        schema::check_event(schema_of(event["type"].as_str().unwrap()), &event);
    }
}
