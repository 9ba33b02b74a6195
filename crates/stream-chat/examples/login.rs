//! A login endpoint: a user sends a password and gets a token for Stream.
//!
//! It calls itself once, against a local emulator, and ends. With the argument `serve` it keeps
//! serving:
//! `curl -d '{"name":"john","password":"correct horse"}' -H 'content-type: application/json' http://127.0.0.1:3000/login`

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

use stream_chat::Client;
use stream_chat::auth::token::dangerous_decode_unverified;
use stream_emulator::Emulator;

/// Long enough for a day's work, short enough that a stolen token soon becomes useless.
const LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

#[derive(Deserialize)]
struct Credentials {
    name: String,
    password: String,
}

/// Stands in for your user accounts: returns the ID of the user with this password.
fn authenticate(credentials: Credentials) -> Option<String> {
    let is_right = credentials.name == "john" && credentials.password == "correct horse";
    is_right.then_some(credentials.name)
}

/// Ends all sessions of a user, who can log in again at once.
async fn log_out(
    State(client): State<Client>,
    Json(credentials): Json<Credentials>,
) -> Result<StatusCode, StatusCode> {
    let user_id = authenticate(credentials).ok_or(StatusCode::UNAUTHORIZED)?;
    let logged_out = client.user(&user_id).log_out_everywhere().await;
    logged_out.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn login(
    State(client): State<Client>,
    Json(credentials): Json<Credentials>,
) -> Result<Json<Value>, StatusCode> {
    let user_id = authenticate(credentials).ok_or(StatusCode::UNAUTHORIZED)?;
    // The user must exist before the token is used; existing data is kept.
    client.create_user_if_missing(&user_id).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let token = client
        .user_token(&user_id)
        .expires_in(LIFETIME)
        .sign()
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(Json(json!({
        "api_key": client.executor().api_key(),
        "user_id": user_id,
        "token": token.expose_secret(),
    })))
}

#[tokio::main]
async fn main() -> Result<()> {
    let emulator = Emulator::start().await?;
    let client = Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()?;
    let app = Router::new()
        .route("/login", post(login))
        .route("/logout", post(log_out))
        .with_state(client);

    for password in ["wrong", "correct horse"] {
        let credentials = json!({"name": "john", "password": password}).to_string();
        let request = Request::post("/login")
            .header("content-type", "application/json")
            .body(Body::from(credentials))?;
        let response = app.clone().oneshot(request).await?;
        println!("With the password {password:?}: {}", response.status());
        if response.status() == StatusCode::OK {
            let response: Value =
                serde_json::from_slice(&to_bytes(response.into_body(), 10_000).await?)?;
            let token = response
                .get("token")
                .and_then(Value::as_str)
                .context("the response has no token")?;
            // Like a client, which has no secret.
            let claims = dangerous_decode_unverified(token)?;
            println!("  a token for {}", claims.user_id.as_deref().unwrap_or("nobody"));
        }
    }

    let credentials = json!({"name": "john", "password": "correct horse"}).to_string();
    let request = Request::post("/logout")
        .header("content-type", "application/json")
        .body(Body::from(credentials))?;
    println!("Logged out everywhere: {}", app.clone().oneshot(request).await?.status());

    if std::env::args().nth(1).as_deref() == Some("serve") {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
        println!("Serving at http://{}/login", listener.local_addr()?);
        axum::serve(listener, app).await?;
    }
    Ok(())
}
