//! A backend that receives events and decides about messages before they are sent.
//!
//! It runs against a local emulator, which sends signed webhooks like Stream, prints what arrives,
//! and ends.

use anyhow::Result;
use axum::Router;
use axum::routing::post;
use tokio::net::TcpListener;

use stream_chat::models::app::EventHook;
use stream_chat::models::events::Event;
use stream_chat::webhook::{
    BeforeMessageSendRequest, BeforeMessageSendResponse, Webhook, WebhookEndpoint,
};
use stream_chat::{Client, MessageRequest, UserRequest};
use stream_emulator::Emulator;

/// Handles each authentic event once. If it returns an error, panics or is dropped, the event is
/// delivered again.
async fn on_event(webhook: Webhook) -> Result<()> {
    match &webhook.payload {
        Event::MessageNew(event) => {
            println!("  message.new: {} says {:?}", event.message.user.id, event.message.text);
        }
        Event::MemberAdded(event) => {
            println!("  member.added: {}", event.member.user_id.as_deref().unwrap_or("?"));
        }
        event => println!("  {}", event.event_type()),
    }
    Ok(())
}

/// Decides about a message before it is sent; the sender waits for the response.
async fn moderate(webhook: Webhook<BeforeMessageSendRequest>) -> BeforeMessageSendResponse {
    let text = &webhook.message.text;
    if text.contains("cheap watches") {
        BeforeMessageSendResponse::reject("No advertising, please")
    } else if text.contains("darn") {
        BeforeMessageSendResponse::rewrite(text.replace("darn", "****"))
    } else {
        BeforeMessageSendResponse::accept()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let emulator = Emulator::start().await?;
    let client = Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()?;

    let receiver = client.webhook_receiver()?;
    let events = WebhookEndpoint::new(receiver.clone(), on_event);
    let app = Router::new()
        .route("/webhooks/events", post(events.into_handler()))
        .route("/webhooks/before-message-send", post(moderate))
        .with_state(receiver);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    println!("Receiving webhooks at http://{address}");

    let events = EventHook::new()
        .enabled(true)
        .hook_type("webhook")
        .webhook_url(format!("http://{address}/webhooks/events"));
    client
        .update_app()
        .event_hooks([events])
        .enable_hook_payload_compression(true)
        .before_message_send_hook_url(format!("http://{address}/webhooks/before-message-send"))
        .await?;

    client.upsert_users([UserRequest::new("john"), UserRequest::new("jane")]).await?;
    let channel = client.channel("messaging", "john-and-jane");
    channel.get_or_create().created_by("john").members(["john", "jane"]).await?;
    for text in ["Hello, Jane", "darn, it rains", "buy cheap watches"] {
        let sent = channel.send_message(MessageRequest::from(text).user_id("john")).await?;
        println!("john wrote {text:?}: {} {:?}", sent.message.type_, sent.message.text);
    }
    emulator.webhooks_idle().await;

    let deliveries = emulator.webhook_deliveries();
    let taken = deliveries.iter().filter(|delivery| delivery.is_delivered()).count();
    println!("{taken} of {} events were taken.", deliveries.len());
    anyhow::ensure!(taken == deliveries.len() && taken > 0, "events were lost: {deliveries:?}");
    Ok(())
}
