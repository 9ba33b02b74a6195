//! A backend that receives events and decides about messages before they are sent.
//!
//! It runs against a local emulator, which sends signed webhooks as Stream does, shows what
//! arrives, and ends by itself.

use anyhow::Result;
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use stream_chat::models::app::EventHook;
use stream_chat::models::events::Event;
use stream_chat::webhook::{
    BeforeMessageSendRequest, BeforeMessageSendResponse, Claim, DuplicateFilter, RecentWebhooks,
    Webhook, WebhookReceiver,
};
use stream_chat::{Client, MessageRequest, UserRequest};
use stream_emulator::Emulator;
use tokio::net::TcpListener;

/// What the handlers share.
#[derive(Clone)]
struct Backend {
    receiver: WebhookReceiver,
    seen: RecentWebhooks,
}

/// Lets the extractor find the receiver.
impl FromRef<Backend> for WebhookReceiver {
    fn from_ref(backend: &Backend) -> Self {
        backend.receiver.clone()
    }
}

/// Events. Whatever is not from Stream is answered with 401 before this is called.
async fn receive(State(backend): State<Backend>, webhook: Webhook<Event>) -> StatusCode {
    if let Some(id) = &webhook.metadata.id {
        let Ok(claim) = backend.seen.claim(id).await;
        if claim == Claim::Duplicate {
            return StatusCode::OK;
        }
    }
    match webhook.payload {
        Event::MessageNew(event) => {
            println!("  message.new: {} says {:?}", event.message.user.id, event.message.text);
        }
        Event::MemberAdded(event) => {
            println!("  member.added: {}", event.member.user_id.as_deref().unwrap_or("?"));
        }
        event => println!("  {}", event.event_type()),
    }
    StatusCode::OK
}

/// The hook before a message is sent; its sender waits for the answer.
async fn moderate(webhook: Webhook<BeforeMessageSendRequest>) -> BeforeMessageSendResponse {
    let text = webhook.payload.message.text;
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

    let backend = Backend { receiver: client.webhook_receiver()?, seen: RecentWebhooks::new() };
    let app = Router::new()
        .route("/webhooks/events", post(receive))
        .route("/webhooks/before-message-send", post(moderate))
        .with_state(backend);
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
