//! The backend of a marketplace: shoppers log in, write to the seller of an offer, and log out on
//! all devices; each message is stored once in the shop's own records.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use stream_chat::models::app::EventHook;
use stream_chat::models::events::Event;
use stream_chat::webhook::{Webhook, WebhookEndpoint};
use stream_chat::{Client, MessageRequest, UserRequest};

/// Long enough for a day of shopping, short enough to limit the damage of a stolen token.
const TOKEN_LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

/// What the shop knows of its own accord: who is logged in, and who sells what.
#[derive(Debug, Default)]
pub struct Shop {
    /// The shopper of each session.
    pub sessions: BTreeMap<String, String>,
    /// The seller of each offer.
    pub sellers: BTreeMap<String, String>,
    /// The messages that were written, by ID.
    pub messages: Mutex<BTreeMap<String, String>>,
}

/// What each request of the shop's front end can use.
#[derive(Debug, Clone)]
pub struct Backend {
    client: Client,
    shop: Arc<Shop>,
}

/// Tells Stream where new messages go, beside the hooks that the app has for other purposes.
pub async fn install_webhook(client: &Client, url: &str) -> Result<(), stream_chat::Error> {
    client.add_webhook(EventHook::webhook(url).event_types(["message.new"])).await?;
    Ok(())
}

/// Returns the routes of the backend.
///
/// # Errors
/// The client has no secret to verify webhooks with.
pub fn router(client: &Client, shop: &Arc<Shop>) -> Result<Router, stream_chat::Error> {
    let backend = Backend { client: client.clone(), shop: shop.clone() };
    let records = backend.clone();
    let on_event = move |webhook| records.clone().keep(webhook);
    let events = WebhookEndpoint::new(client.webhook_receiver()?, on_event);
    Ok(Router::new()
        .route("/login", post(login))
        .route("/offers/{offer}/contact", post(contact_seller))
        .route("/logout-everywhere", post(log_out_everywhere))
        .route("/webhooks/stream", post(events.into_handler()))
        .with_state(backend))
}

impl Backend {
    /// Keeps a message. The endpoint calls this once for each event, and the ID of the message makes
    /// it harmless should the process die between the work and the response.
    async fn keep(self, webhook: Webhook) -> anyhow::Result<()> {
        if let Event::MessageNew(event) = webhook.payload {
            let mut messages = self.shop.messages.lock().unwrap_or_else(PoisonError::into_inner);
            messages.insert(event.message.id, event.message.text);
        }
        Ok(())
    }
}

/// What a front end needs to connect to Stream.
#[derive(Debug, Serialize, Deserialize)]
pub struct Login {
    /// The key of the app.
    pub api_key: String,
    /// The shopper.
    pub user_id: String,
    /// The token of the shopper.
    pub token: String,
}

async fn login(State(backend): State<Backend>, shopper: Shopper) -> Result<Json<Login>, Failure> {
    // An upsert would erase what the shopper has set since.
    backend.client.create_user_if_missing(UserRequest::new(&shopper.id)).await?;
    let token = backend.client.user_token(&shopper.id).expires_in(TOKEN_LIFETIME).sign()?;
    Ok(Json(Login {
        api_key: backend.client.api_key().to_owned(),
        user_id: shopper.id,
        token: token.expose_secret().to_owned(),
    }))
}

async fn contact_seller(
    State(backend): State<Backend>,
    Path(offer): Path<String>,
    shopper: Shopper,
    text: String,
) -> Result<Json<String>, Failure> {
    let seller = backend.shop.sellers.get(&offer).ok_or(Failure::NotFound)?;
    backend.client.create_user_if_missing(UserRequest::new(seller)).await?;
    let channel = backend.client.channel("messaging", format!("{offer}-{}", shopper.id));
    channel
        .get_or_create()
        .created_by(&shopper.id)
        .members([&shopper.id, seller])
        .custom("shop_offer", offer)
        .await?;
    let sent = channel.send_message(MessageRequest::from(text).user_id(&shopper.id)).await?;
    sent.accepted()?;
    Ok(Json(channel.cid()?.to_string()))
}

async fn log_out_everywhere(
    State(backend): State<Backend>,
    shopper: Shopper,
) -> Result<StatusCode, Failure> {
    let user = backend.client.user(shopper.id);
    user.log_out_everywhere().await?;
    // A device without a token would still get push notifications.
    for device in &user.devices().await?.devices {
        user.remove_device(&device.id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The shopper to whom the session belongs that a request names.
#[derive(Debug)]
pub struct Shopper {
    id: String,
}

impl FromRequestParts<Backend> for Shopper {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Failure> {
        let header = parts.headers.get(AUTHORIZATION).ok_or(Failure::Unauthorized)?;
        let session = header.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        let shopper = session.and_then(|session| backend.shop.sessions.get(session));
        shopper.map(|id| Self { id: id.clone() }).ok_or(Failure::Unauthorized)
    }
}

/// Why a request of the front end fails.
#[derive(Debug)]
pub enum Failure {
    /// It names no session.
    Unauthorized,
    /// There is no such offer.
    NotFound,
    /// Something behind the shop failed; what it was is for the log and not for the shopper.
    Behind(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Behind(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Behind(error) => {
                eprintln!("{error:#}");
                StatusCode::BAD_GATEWAY
            }
        };
        status.into_response()
    }
}
