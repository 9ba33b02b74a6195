//! The marketplace serves its users, and keeps strangers out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::start;
use stream_chat::auth::{ApiSecret, TokenVerifier};
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::push::PushProviderType;
use stream_chat::models::users::UserFilter;
use stream_chat::webhook::{ID_HEADER, SIGNATURE_HEADER, WebhookSigner};
use stream_chat::{Client, Token};
use stream_emulator::{Emulator, Fault};
use stream_examples::marketplace::{Login, Shop, install_webhook, router};

fn shop() -> Arc<Shop> {
    let entry = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    Arc::new(Shop {
        sessions: entry("secret-session", "bea"),
        sellers: entry("old-lamp", "sam"),
        messages: Mutex::default(),
    })
}

async fn post(app: &Router, session: &str, path: &str, body: &str) -> Result<(StatusCode, String)> {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {session}"))
        .body(Body::from(body.to_owned()))?;
    let response = app.clone().oneshot(request).await?;
    let status = response.status();
    let body = to_bytes(response.into_body(), 100_000).await?;
    Ok((status, String::from_utf8(body.to_vec())?))
}

/// Returns a client that acts as the user of a token.
fn as_user(emulator: &Emulator, token: &str) -> Result<Client> {
    let token = Token::new(token);
    Ok(Client::as_user(emulator.api_key(), token).base_url(emulator.base_url()).build()?)
}

#[tokio::test]
async fn a_shopper_writes_to_a_seller_and_logs_out_everywhere() -> Result<()> {
    let (emulator, client) = start().await?;
    let shop = shop();
    let app = router(&client, &shop)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let hook = format!("http://{}/webhooks/stream", listener.local_addr()?);
    let server = tokio::spawn(axum::serve(listener, app.clone()).into_future());
    install_webhook(&client, &hook).await?;
    install_webhook(&client, &hook).await?;
    assert_eq!(client.app().await?.app.event_hooks.len(), 1);

    let (status, body) = post(&app, "secret-session", "/login", "").await?;
    assert_eq!(status, StatusCode::OK);
    let login: Login = serde_json::from_str(&body)?;
    let claims =
        TokenVerifier::new(&ApiSecret::new(emulator.api_secret())?).verify(&login.token)?;
    assert_eq!(claims.user_id.as_deref(), Some("bea"));
    let bea = as_user(&emulator, &login.token)?;
    bea.query_users(UserFilter::id().is_in(["bea"])).await?;

    // A second login keeps what the shopper has set.
    client.user("bea").update_partial().set("name", "Bea").await?;
    post(&app, "secret-session", "/login", "").await?;
    let kept = client.user("bea").get().await?.context("bea is gone")?;
    assert_eq!(kept.name.as_deref(), Some("Bea"));

    let contact = "/offers/old-lamp/contact";
    let (status, cid) = post(&app, "secret-session", contact, "Does it work?").await?;
    assert_eq!((status, cid.as_str()), (StatusCode::OK, "\"messaging:old-lamp-bea\""));
    let (status, _) = post(&app, "secret-session", contact, "And in the dark?").await?;
    assert_eq!(status, StatusCode::OK);
    emulator.webhooks_idle().await;
    let messages = shop.messages.lock().map_err(|_| anyhow::anyhow!("poisoned"))?.clone();
    let mut texts: Vec<&str> = messages.values().map(String::as_str).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["And in the dark?", "Does it work?"]);
    let found = client.query_channels(ChannelFilter::members().is_in(["sam"])).await?;
    assert_eq!(found.channels.len(), 1);

    client.user("bea").add_device("phone", PushProviderType::Firebase).await?;
    let (status, _) = post(&app, "secret-session", "/logout-everywhere", "").await?;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(client.user("bea").devices().await?.devices.is_empty());
    emulator.advance_clock(std::time::Duration::from_secs(2));
    let refused = bea.query_users(UserFilter::id().is_in(["bea"])).await;
    assert!(refused.is_err_and(|error| error.is_authentication()));
    server.abort();
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_delivered_again_is_not_kept_again() -> Result<()> {
    let (emulator, client) = start().await?;
    let shop = shop();
    let app = router(&client, &shop)?;
    let signer = WebhookSigner::new(&ApiSecret::new(emulator.api_secret())?);
    // The text shows whether the handler was called for the redelivery.
    for (delivery, text) in [("one", "first"), ("one", "again"), ("two", "other")] {
        let message = json!({"id": format!("message-{delivery}"), "text": text});
        let body = json!({"type": "message.new", "message": message}).to_string();
        let request = Request::post("/webhooks/stream")
            .header(SIGNATURE_HEADER, signer.sign(body.as_bytes()))
            .header(ID_HEADER, delivery)
            .body(Body::from(body))?;
        assert_eq!(app.clone().oneshot(request).await?.status(), StatusCode::OK);
    }
    let messages = shop.messages.lock().map_err(|_| anyhow::anyhow!("poisoned"))?.clone();
    let texts: Vec<&str> = messages.values().map(String::as_str).collect();
    assert_eq!(texts, ["first", "other"]);
    Ok(())
}

#[tokio::test]
async fn strangers_and_failures_get_no_more_than_a_status() -> Result<()> {
    let (emulator, client) = start().await?;
    let app = router(&client, &shop())?;
    let cases = [
        ("guessed", "/login", StatusCode::UNAUTHORIZED),
        ("secret-session", "/offers/none/contact", StatusCode::NOT_FOUND),
    ];
    for (session, path, expected) in cases {
        assert_eq!(post(&app, session, path, "").await?, (expected, String::new()));
    }
    emulator.fail_next(Fault::error(403, 17, "not allowed"));
    let (status, body) = post(&app, "secret-session", "/login", "").await?;
    assert_eq!((status, body.as_str()), (StatusCode::BAD_GATEWAY, ""));
    let (status, _) = post(&app, "", "/webhooks/stream", r#"{"type":"message.new"}"#).await?;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    Ok(())
}
