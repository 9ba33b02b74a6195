//! Moderation methods send what their names say.

use std::time::Duration;

use serde_json::json;

use crate::support;
use stream_chat::models::checks::CustomCheckFlag;
use stream_chat::models::review_queue::{BanActionRequestPayload, ReviewQueueFilter};
use stream_chat::{MessageRequest, ReviewAction};

#[tokio::test]
async fn a_profile_is_checked_and_nothing_is_kept_of_it() {
    let (emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    let john = client.user("john");
    let verdict = john.check_profile("John", "https://example.com/j.png").await.unwrap();
    assert_eq!(verdict.recommended_action, "keep");
    john.check_profile(None, "https://example.com/j.png").await.unwrap();
    let requests = emulator.requests();
    let bodies: Vec<_> = requests.iter().rev().take(2).map(|it| it.json().unwrap()).collect();
    assert_eq!(
        bodies[1],
        json!({
            "entity_type": "userprofile", "entity_id": "john", "entity_creator_id": "john",
            "config_key": "user_profile:default", "test_mode": true,
            "options": { "force_sync": true, "test_mode": true },
            "moderation_payload": { "texts": ["John"], "images": ["https://example.com/j.png"] },
        })
    );
    assert_eq!(bodies[0]["moderation_payload"], json!({ "images": ["https://example.com/j.png"] }));
    let queue = client.moderation().query_review_queue(ReviewQueueFilter::all());
    assert!(queue.await.unwrap().items.is_empty());
}

#[tokio::test]
async fn a_message_gets_flags_of_ones_own_and_its_item_is_decided_on() {
    let (emulator, client) = support::start().await;
    support::users(&client, ["john", "moderator"]).await;
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").await.unwrap();
    let message = MessageRequest::from("buy this").id("m").user_id("john");
    channel.send_message(message).await.unwrap();
    let flag = CustomCheckFlag::new("scam").labels(["phishing"]).reason("a known link");
    let flagged = client.message("m").add_custom_flags([flag]).await.unwrap();
    let item = client.moderation().review_item(&flagged.item.as_ref().unwrap().id);

    let hour = Duration::from_secs(3600);
    let ban = BanActionRequestPayload::new().reason("spam").timeout(hour);
    item.submit(ban, "moderator").await.unwrap();
    item.mark_reviewed("moderator").await.unwrap();
    let submitted =
        emulator.requests().into_iter().filter(|it| it.operation == Some("submit_action"));
    let bodies: Vec<_> = submitted.map(|it| it.json().unwrap()).collect();
    assert_eq!(
        bodies[0],
        json!({
            "action_type": "ban", "item_id": item.id(), "user_id": "moderator",
            "ban": { "reason": "spam", "timeout": 60 },
        })
    );
    assert_eq!(bodies[1]["mark_reviewed"], json!({}));
}

#[tokio::test]
async fn actions_without_details_are_named_alone() {
    let (transport, client) = support::scripted();
    transport.json(200, support::anything());
    let item = client.moderation().review_item("i");
    item.submit(ReviewAction::EndCall, "moderator").await.unwrap();
    assert_eq!(
        support::bodies(&transport),
        [json!({ "action_type": "end_call", "item_id": "i", "user_id": "moderator" })]
    );
}
