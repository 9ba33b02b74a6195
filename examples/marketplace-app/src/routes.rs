//! The routes for the front end, and the webhook.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::offers::{self, OFFERS, Offer};
use crate::store::Store;
use stream_chat::models::events::Event;
use stream_chat::webhook::{Webhook, WebhookEndpoint};
use stream_chat::{Client, UserRequest};

/// Long enough for a day of shopping, short enough to limit the damage of a stolen token.
const TOKEN_LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

/// The state that all requests share.
#[derive(Debug, Clone)]
pub(crate) struct Backend {
    pub(crate) client: Client,
    pub(crate) store: Arc<Store>,
    /// The script of the front end.
    pub(crate) script: Arc<str>,
}

/// Returns the routes of the shop.
///
/// # Errors
/// The client has no secret to verify webhooks with.
pub(crate) fn router(backend: Backend) -> Result<Router, stream_chat::Error> {
    let store = Arc::clone(&backend.store);
    let receiver = backend.client.webhook_receiver()?;
    let events = WebhookEndpoint::new(receiver, move |webhook| count(Arc::clone(&store), webhook));
    Ok(Router::new()
        .route("/", get(async || Html(include_str!("../web/index.html"))))
        .route("/style.css", get(style))
        .route("/app.js", get(script))
        .route("/api/offers", get(async || Json(OFFERS)))
        .route("/api/login", post(login))
        .route("/api/token", post(token))
        .route("/api/offers/{id}/contact", post(contact_seller))
        .route("/api/unread", get(unread))
        .route("/webhooks/stream", post(events.into_handler()))
        .with_state(backend))
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../web/style.css"))
}

async fn script(State(backend): State<Backend>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], backend.script.to_string())
}

/// Updates the unread count. The endpoint calls this once for each ID of a delivery; a message
/// counts once even under another ID or in another process.
async fn count(store: Arc<Store>, webhook: Webhook) -> anyhow::Result<()> {
    match webhook.payload {
        Event::MessageNew(event) => {
            if let Some(cid) = event.cid {
                let author = event.message.user.id;
                store.count_message(cid.as_ref(), &event.message.id, &author)?;
            }
        }
        Event::MessageRead(event) => {
            if let (Some(cid), Some(user)) = (event.cid, event.user) {
                store.mark_read(cid.as_ref(), &user.id)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[derive(Deserialize)]
struct LoginInput {
    user_id: String,
    name: String,
}

/// Logs a user in. A real shop asks for a password.
async fn login(
    State(backend): State<Backend>,
    Json(input): Json<LoginInput>,
) -> Result<Json<Value>, Failure> {
    let user = UserRequest::new(&input.user_id).name(&input.name);
    // An upsert would erase what the user has set since.
    backend.client.create_user_if_missing(user).await?;
    let session = backend.store.log_in(&input.user_id)?;
    Ok(Json(json!({"session": session})))
}

/// Returns a token for the JavaScript client, which requests another one when it has expired.
async fn token(State(backend): State<Backend>, shopper: Shopper) -> Result<Json<Value>, Failure> {
    let token = backend.client.user_token(&shopper.id).expires_in(TOKEN_LIFETIME).sign()?;
    let executor = backend.client.executor();
    Ok(Json(json!({
        "api_key": executor.api_key(),
        "base_url": executor.base_url().to_string(),
        "token": token.expose_secret(),
    })))
}

/// Opens the channel of a buyer and a seller for an offer.
async fn contact_seller(
    State(backend): State<Backend>,
    Path(id): Path<String>,
    shopper: Shopper,
) -> Result<Json<Value>, Failure> {
    let Offer { title, seller, .. } = offers::find(&id).ok_or(Failure::NotFound)?;
    if *seller == shopper.id {
        return Err(Failure::OwnOffer);
    }
    let channel = backend.client.channel("messaging", format!("{id}-{}", shopper.id));
    channel
        .get_or_create()
        .created_by(&shopper.id)
        .members([&shopper.id, *seller])
        .custom("name", *title)
        .custom("shop_offer", &id)
        .await?;
    let cid = channel.cid()?.to_string();
    backend.store.begin_conversation(&cid, [&shopper.id, seller])?;
    Ok(Json(json!({"cid": cid})))
}

async fn unread(State(backend): State<Backend>, shopper: Shopper) -> Result<Json<Value>, Failure> {
    Ok(Json(json!({"unread": backend.store.unread(&shopper.id)?})))
}

/// The user of the session in a request.
struct Shopper {
    id: String,
}

impl FromRequestParts<Backend> for Shopper {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Failure> {
        let header = parts.headers.get(AUTHORIZATION).ok_or(Failure::Unauthorized)?;
        let session = header.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
        let id = backend.store.user_of(session.unwrap_or_default())?;
        id.map(|id| Self { id }).ok_or(Failure::Unauthorized)
    }
}

/// The reason why a request of the front end fails.
enum Failure {
    Unauthorized,
    NotFound,
    OwnOffer,
    /// A failure behind the shop, which is logged and not shown.
    Behind(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Behind(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "log in first"),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such offer"),
            Self::OwnOffer => (StatusCode::BAD_REQUEST, "this offer is yours"),
            Self::Behind(error) => {
                eprintln!("{error:#}");
                (StatusCode::BAD_GATEWAY, "something went wrong")
            }
        };
        (status, Json(json!({"message": text}))).into_response()
    }
}
