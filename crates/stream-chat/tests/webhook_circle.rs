//! Requests of the client cause webhooks of the emulator, which an axum server receives as typed
//! events.

#![cfg(test)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;

use stream_chat::models::app::EventHook;
use stream_chat::models::events::Event;
use stream_chat::webhook::{
    BeforeMessageSendRequest, BeforeMessageSendResponse, Webhook, WebhookEndpoint, WebhookMetadata,
    WebhookReceiver,
};
use stream_chat::{Attachment, Client, MessageRequest, UserRequest};
use stream_emulator::Emulator;

/// The backend's reaction to a delivery.
#[derive(Clone, Copy)]
enum Behavior {
    /// It is handled, and the response is sent.
    Handle,
    /// It is handled, but the response is lost.
    LoseResponse,
    /// It fails.
    Fail,
}

/// A backend that receives webhooks.
#[derive(Clone)]
struct Backend {
    receiver: WebhookReceiver,
    script: Arc<Mutex<VecDeque<Behavior>>>,
    handled: Arc<Mutex<Vec<Event>>>,
    /// The ID, the attempt and the status of every delivery.
    deliveries: Arc<Mutex<Vec<(String, u32, u16)>>>,
    asked: Arc<Mutex<Vec<BeforeMessageSendRequest>>>,
}

impl FromRef<Backend> for WebhookReceiver {
    fn from_ref(backend: &Backend) -> Self {
        backend.receiver.clone()
    }
}

impl Backend {
    async fn handle(self, webhook: Webhook) -> Result<(), &'static str> {
        if let Some(Behavior::Fail) = self.script.lock().unwrap().front() {
            return Err("not now");
        }
        self.handled.lock().unwrap().push(webhook.payload);
        Ok(())
    }

    fn router(&self) -> Router {
        let backend = self.clone();
        let endpoint = WebhookEndpoint::new(self.receiver.clone(), move |webhook| {
            backend.clone().handle(webhook)
        });
        Router::new()
            .route("/events", post(endpoint.into_handler()))
            .layer(middleware::from_fn_with_state(self.clone(), record))
            .route("/moderate", post(moderate))
            .with_state(self.clone())
    }
}

/// Records every delivery, and drops responses.
async fn record(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let metadata = WebhookMetadata::from_headers(request.headers());
    let mut response = next.run(request).await;
    let behavior = backend.script.lock().unwrap().pop_front().unwrap_or(Behavior::Handle);
    let status = response.status().as_u16();
    backend.deliveries.lock().unwrap().push((
        metadata.id.unwrap(),
        metadata.attempt.unwrap(),
        status,
    ));
    if let Behavior::LoseResponse = behavior {
        *response.status_mut() = StatusCode::BAD_GATEWAY;
    }
    response
}

async fn moderate(
    State(backend): State<Backend>,
    webhook: Webhook<BeforeMessageSendRequest>,
) -> BeforeMessageSendResponse {
    let request = webhook.payload;
    backend.asked.lock().unwrap().push(request.clone());
    match request.message.text.as_str() {
        text if text.contains("cheap watches") => {
            BeforeMessageSendResponse::reject("No advertising")
        }
        text if text.contains("darn") => BeforeMessageSendResponse::rewrite(
            MessageRequest::from(text.replace("darn", "****")).custom("myapp_cleaned", true),
        ),
        _ => BeforeMessageSendResponse::accept(),
    }
}

impl Backend {
    fn types(&self) -> Vec<String> {
        self.handled.lock().unwrap().iter().map(|event| event.event_type().to_owned()).collect()
    }

    fn take_handled(&self) -> Vec<Event> {
        std::mem::take(&mut self.handled.lock().unwrap())
    }

    fn take_deliveries(&self) -> Vec<(String, u32, u16)> {
        std::mem::take(&mut self.deliveries.lock().unwrap())
    }

    fn then(&self, behavior: Behavior) {
        self.script.lock().unwrap().push_back(behavior);
    }
}

struct Circle {
    emulator: Emulator,
    client: Client,
    backend: Backend,
    url: String,
}

impl Circle {
    async fn start() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let client = Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .build()
            .unwrap();
        let backend = Backend {
            receiver: client.webhook_receiver().unwrap(),
            script: Arc::default(),
            handled: Arc::default(),
            deliveries: Arc::default(),
            asked: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = backend.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { emulator, client, backend, url }
    }

    /// Sends the events to the backend.
    async fn subscribe(&self, compressed: bool) {
        let hook = EventHook::new()
            .enabled(true)
            .hook_type("webhook")
            .webhook_url(format!("{}/events", self.url));
        let update = self.client.update_app().event_hooks([hook]);
        update.enable_hook_payload_compression(compressed).await.unwrap();
    }

    /// Runs the typical first requests of a backend.
    async fn quickstart(&self) {
        let client = &self.client;
        client.upsert_users(["john", "jane", "bob", "kate", "thierry", "josh"]).await.unwrap();
        client.upsert_users([UserRequest::new("john").name("John")]).await.unwrap();
        let channel = client.channel("messaging", "general");
        channel.get_or_create().created_by("john").members(["bob", "jane"]).await.unwrap();
        let note = MessageRequest::from("Kate made it green").user_id("kate");
        channel.update().custom("color", "green").message(note).await.unwrap();
        channel.add_members(["thierry", "josh"]).await.unwrap();
        channel.add_moderators(["thierry"]).await.unwrap();
        let message = MessageRequest::from("@Josh, the photos are here")
            .user_id("john")
            .mention("josh")
            .attachment(Attachment::image("https://example.com/trip.jpg"))
            .custom("anotherCustomField", 234);
        channel.send_message(message).await.unwrap();
        self.emulator.webhooks_idle().await;
    }
}

async fn what_happens_arrives_in_order(compressed: bool) {
    let circle = Circle::start().await;
    circle.subscribe(compressed).await;
    circle.quickstart().await;

    assert_eq!(
        circle.backend.types(),
        [
            "user.updated",
            "channel.created",
            "member.added",
            "member.added",
            "channel.updated",
            "message.new",
            "member.added",
            "member.added",
            "channel.updated",
            "member.updated",
            "message.new",
        ]
    );
    let events = circle.backend.take_handled();
    assert!(events.iter().all(|event| event.created_at().as_unix_seconds() > 1_700_000_000));
    let Event::UserUpdated(event) = &events[0] else { panic!("{:?}", events[0]) };
    assert_eq!(event.user.id, "john");
    let Some(Event::MessageNew(event)) = events.last() else { panic!("{events:?}") };
    assert_eq!(event.message.text, "@Josh, the photos are here");
    assert_eq!(event.message.mentioned_users[0].id, "josh");
    assert_eq!(event.message.custom.get_as::<u32>("anotherCustomField").unwrap(), Some(234));
    let deliveries = circle.backend.take_deliveries();
    assert_eq!(deliveries.len(), events.len());
    assert!(deliveries.iter().all(|(_, attempt, status)| (*attempt, *status) == (1, 200)));
}

#[tokio::test]
async fn webhooks_arrive_in_order_as_plain_json() {
    what_happens_arrives_in_order(false).await;
}

#[tokio::test]
async fn webhooks_arrive_in_order_as_gzip() {
    what_happens_arrives_in_order(true).await;
}

#[tokio::test]
async fn a_webhook_that_is_delivered_again_is_handled_once() {
    let circle = Circle::start().await;
    circle.client.upsert_users([UserRequest::new("john")]).await.unwrap();
    circle.subscribe(true).await;

    circle.backend.then(Behavior::LoseResponse);
    circle.client.upsert_users([UserRequest::new("john").name("John")]).await.unwrap();
    circle.emulator.webhooks_idle().await;
    assert_eq!(circle.backend.types(), ["user.updated"]);
    let deliveries = circle.backend.take_deliveries();
    let [(first, 1, 200), (second, 2, 200)] = &deliveries[..] else { panic!("{deliveries:?}") };
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_webhook_that_could_not_be_handled_is_handled_later() {
    let circle = Circle::start().await;
    circle.client.upsert_users([UserRequest::new("john")]).await.unwrap();
    circle.subscribe(false).await;

    circle.backend.then(Behavior::Fail);
    circle.backend.then(Behavior::Fail);
    circle.client.upsert_users([UserRequest::new("john").name("John")]).await.unwrap();
    circle.client.upsert_users([UserRequest::new("john").name("Johnny")]).await.unwrap();
    circle.emulator.webhooks_idle().await;
    let names: Vec<_> = circle
        .backend
        .take_handled()
        .into_iter()
        .map(|event| match event {
            Event::UserUpdated(event) => event.user.name,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, [Some("John".to_owned()), Some("Johnny".to_owned())]);
    let deliveries = circle.backend.take_deliveries();
    let attempts: Vec<u32> = deliveries.iter().map(|(_, attempt, _)| *attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 1]);
    let statuses: Vec<u16> = deliveries.iter().map(|(_, _, status)| *status).collect();
    assert_eq!(statuses, [500, 500, 200, 200]);
    assert!(deliveries[0].0 == deliveries[2].0 && deliveries[2].0 != deliveries[3].0);
}

#[tokio::test]
async fn a_receiver_with_another_secret_refuses_everything() {
    let mut circle = Circle::start().await;
    let other = stream_chat::auth::ApiSecret::new("the secret of another app").unwrap();
    circle.backend.receiver = WebhookReceiver::new(&other);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    circle.url = format!("http://{}", listener.local_addr().unwrap());
    let router = circle.backend.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    circle.client.upsert_users([UserRequest::new("john")]).await.unwrap();
    circle.subscribe(false).await;
    circle.client.upsert_users([UserRequest::new("john").name("John")]).await.unwrap();
    circle.emulator.webhooks_idle().await;
    assert!(circle.backend.take_handled().is_empty());
    assert!(circle.backend.take_deliveries().iter().all(|(_, _, status)| *status == 401));
    let told = circle.emulator.webhook_deliveries();
    assert!(told.iter().all(|delivery| delivery.status == Some(401)), "{told:?}");
}

#[tokio::test]
async fn the_hook_before_sending_rewrites_and_rejects() {
    let circle = Circle::start().await;
    let client = &circle.client;
    client.upsert_users(["john", "jane"]).await.unwrap();
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").members(["john", "jane"]).await.unwrap();
    circle.subscribe(true).await;
    client
        .update_app()
        .before_message_send_hook_url(format!("{}/moderate", circle.url))
        .await
        .unwrap();

    let send = |text: &str| channel.send_message(MessageRequest::from(text).user_id("john"));
    let kind = send("hello").await.unwrap();
    assert_eq!(kind.message.text, "hello");

    let cleaned = send("darn it").await.unwrap();
    assert_eq!(cleaned.message.text, "**** it");
    assert_eq!(cleaned.message.custom.get_as::<bool>("myapp_cleaned").unwrap(), Some(true));

    let rejected = send("buy cheap watches").await.unwrap();
    assert_eq!(rejected.message.type_.to_string(), "error");
    assert_eq!(rejected.message.text, "No advertising");

    let asked = circle.backend.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[1].message.text, "darn it");
    assert_eq!(asked[1].message.id, cleaned.message.id);
    assert_eq!(asked[1].user.id, "john");
    assert_eq!(asked[1].channel.as_ref().unwrap().cid, "messaging:general");
    assert_eq!(asked[1].request_info.type_.as_deref(), Some("server"));
    assert_eq!(asked[1].json["message"]["text"], "darn it");

    // The rejected message is neither in the channel nor in the events.
    let state = channel.get().await.unwrap();
    let texts: Vec<&str> = state.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["hello", "**** it"]);
    circle.emulator.webhooks_idle().await;
    let texts: Vec<String> = circle
        .backend
        .take_handled()
        .into_iter()
        .map(|event| match event {
            Event::MessageNew(event) => event.message.text.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, ["hello", "**** it"]);
}
