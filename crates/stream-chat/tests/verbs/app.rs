//! App settings that are read, changed and written back keep their values.

use serde_json::json;

use crate::support;
use stream_chat::models::app::EventHook;
use stream_chat::models::channel_types::ModerationBehavior;
use stream_chat::{Client, ErrorKind};

#[tokio::test]
async fn a_webhook_is_added_beside_the_others_as_they_are() {
    let (transport, client) = support::scripted();
    let other = json!({
        "id": "h1", "hook_type": "sqs", "sqs_queue_url": "q", "sqs_secret": "s", "newer": { "x": [1] },
    });
    let ours =
        json!({ "id": "h2", "hook_type": "webhook", "webhook_url": "https://a", "timeout_ms": 5 });
    let app = json!({ "app": { "event_hooks": [other, ours] } }).to_string();
    let done = r#"{"duration":"1ms"}"#;
    for body in [&app, done, &app, done, &app, done, &app] {
        transport.json(200, body.to_owned());
    }
    client.add_webhook("https://b").await.unwrap();
    client.add_webhook(EventHook::webhook("https://a").event_types(["message.new"])).await.unwrap();
    assert!(client.remove_webhook("https://a").await.unwrap());
    assert!(!client.remove_webhook("https://nowhere").await.unwrap());

    let bodies = support::bodies(&transport);
    let new = json!({ "hook_type": "webhook", "enabled": true, "webhook_url": "https://b" });
    assert_eq!(bodies[1], json!({ "event_hooks": [other, ours, new] }));
    let changed = json!({
        "id": "h2", "hook_type": "webhook", "webhook_url": "https://a", "timeout_ms": 5,
        "enabled": true, "event_types": ["message.new"],
    });
    assert_eq!(bodies[3], json!({ "event_hooks": [other, changed] }));
    assert_eq!(bodies[5], json!({ "event_hooks": [other] }));
    assert_eq!(transport.remaining(), 0, "without such a hook nothing is changed");
}

#[tokio::test]
async fn queues_and_topics_are_hooks_with_addresses_of_their_own() {
    let (transport, client) = support::scripted();
    let queue = json!({ "id": "h1", "hook_type": "sqs", "sqs_queue_url": "a", "sqs_secret": "s" });
    let webhook = json!({ "id": "h2", "webhook_url": "a" });
    let app = json!({ "app": { "event_hooks": [queue, webhook] } }).to_string();
    let done = r#"{"duration":"1ms"}"#;
    for body in [&app, done, &app, done, &app, done] {
        transport.json(200, body.to_owned());
    }
    client.add_webhook(EventHook::sqs("a").sqs_region("eu-west-1")).await.unwrap();
    client.add_webhook(EventHook::sns("a")).await.unwrap();
    assert!(client.remove_webhook("a").await.unwrap());

    let bodies = support::bodies(&transport);
    let changed = json!({
        "id": "h1", "hook_type": "sqs", "sqs_queue_url": "a", "sqs_secret": "s", "enabled": true,
        "sqs_region": "eu-west-1",
    });
    assert_eq!(bodies[1], json!({ "event_hooks": [changed, webhook] }));
    let topic = json!({ "hook_type": "sns", "enabled": true, "sns_topic_arn": "a" });
    assert_eq!(bodies[3], json!({ "event_hooks": [queue, webhook, topic] }));
    assert_eq!(bodies[5], json!({ "event_hooks": [] }));
}

#[tokio::test]
async fn hooks_that_are_not_understood_are_not_lost() {
    let (transport, client) = support::scripted();
    let nameless = [
        EventHook::new(),
        EventHook::sqs(""),
        EventHook::sns("a").hook_type("pending_message"),
        EventHook::webhook("https://a").hook_type("sqs"),
    ];
    for hook in nameless {
        let error = client.add_webhook(hook).await.unwrap_err();
        assert_eq!((error.kind(), transport.sent().len()), (ErrorKind::InvalidRequest, 0));
    }
    let tolerant = Client::builder("key", "secret").tolerant(true).transport(transport.clone());
    for (client, kind) in
        [(client, ErrorKind::Decode), (tolerant.build().unwrap(), ErrorKind::InvalidRequest)]
    {
        transport.json(200, r#"{"app":{"event_hooks":["odd"]}}"#);
        let error = client.add_webhook("https://a").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    assert_eq!(transport.sent().len(), 2, "nothing is changed");
}

#[tokio::test]
async fn adding_a_webhook_keeps_the_others() {
    let (_emulator, client) = support::start().await;
    client.add_webhook("https://example.com/a").await.unwrap();
    client.add_webhook("https://example.com/b").await.unwrap();
    client.add_webhook("https://example.com/a").await.unwrap();
    let app = client.app().await.unwrap();
    let urls: Vec<_> =
        app.app.event_hooks.iter().filter_map(|hook| hook.webhook_url.as_deref()).collect();
    assert_eq!(urls, ["https://example.com/a", "https://example.com/b"]);
}

#[tokio::test]
async fn a_block_list_is_created_replaced_and_attached() {
    let (_emulator, client) = support::start().await;
    let lists = client.block_lists();
    lists.upsert("insults", ["nitwit"]).await.unwrap();
    let list = lists
        .upsert("insults", ["nitwit", "blockhead"])
        .attach_to("messaging", ModerationBehavior::Block)
        .await
        .unwrap();
    assert_eq!(list.words, ["nitwit", "blockhead"]);
    let messaging = client.channel_types().get("messaging").await.unwrap();
    let attached = &messaging.blocklists;
    assert_eq!((attached.len(), attached[0].blocklist.as_str()), (1, "insults"));
}

#[tokio::test]
async fn a_block_list_that_somebody_else_creates_in_between_is_replaced() {
    let (transport, client) = support::scripted();
    let missing = r#"{"code":16,"message":"no such list","StatusCode":404}"#;
    let present = r#"{"code":4,"message":"block list insults already exists","StatusCode":400}"#;
    let list = r#"{"blocklist":{"name":"insults","words":["nitwit"]}}"#;
    for (status, body) in [(404, missing), (400, present), (200, list)] {
        transport.json(status, body);
    }
    let upserted = client.block_lists().upsert("insults", ["nitwit"]).await.unwrap();
    assert_eq!((upserted.words.len(), transport.remaining()), (1, 0));
    for (status, body) in [(404, missing), (400, present), (404, missing)] {
        transport.json(status, body);
    }
    let error = client.block_lists().upsert("insults", ["nitwit"]).await.unwrap_err();
    assert!(error.to_string().contains("already exists"), "{error}");
}
