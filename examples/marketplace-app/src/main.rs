//! A small marketplace: a backend on the SDK, a front end on Stream's JavaScript client.
//!
//! With `STREAM_API_KEY` and `STREAM_API_SECRET`, it runs against Stream, otherwise against an
//! emulator that it starts itself, with its inspector.

mod front_end;
mod offers;
mod routes;
mod store;

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use tokio::net::TcpListener;

use routes::Backend;
use store::Store;
use stream_chat::Client;
use stream_chat::models::app::EventHook;
use stream_emulator::Emulator;

#[derive(Parser)]
#[command(about = "A small marketplace, developed against the emulator")]
struct Options {
    /// The port of the shop; 0 for one that is free
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// The port of the emulator and its inspector; 0 for one that is free
    #[arg(long, default_value_t = 8080)]
    emulator_port: u16,
    /// The folder that holds the database, the emulator's world and the front end's packages
    #[arg(long, default_value = "target/marketplace-app")]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("creating {}", options.data.display()))?;
    let script = front_end::bundle(&options.data.join("web")).await?;
    let store = Store::open(&options.data.join("shop.sqlite"))?;

    // The emulator lives as long as the program.
    let mut emulator = None;
    let client = if env::var_os("STREAM_API_KEY").is_some() {
        Client::from_env()?
    } else {
        let started = Emulator::builder()
            .port(options.emulator_port)
            .data_file(options.data.join("world.json"))
            .inspector(true)
            .start()
            .await?;
        let emulator = emulator.insert(started);
        Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .build()?
    };
    offers::create_sellers(&client).await?;

    let listener = TcpListener::bind(("127.0.0.1", options.port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    // Stream cannot reach addresses of this machine, and needs the public URL of a tunnel.
    let public_url = env::var("PUBLIC_URL").unwrap_or_else(|_| url.clone());
    install_webhook(&client, &format!("{public_url}/webhooks/stream")).await?;
    let app = routes::router(Backend { client, store: Arc::new(store), script: script.into() })?;
    println!("SHOP_URL={url}");
    if let Some(emulator) = &emulator {
        println!("INSPECTOR_URL={}", emulator.base_url());
    }
    println!("Ctrl-C stops.");
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            // Without signals, the program can only be killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await?;
    if let Some(emulator) = emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

/// Adds a webhook for messages and read events, and keeps the app's other hooks.
async fn install_webhook(client: &Client, url: &str) -> Result<(), stream_chat::Error> {
    let settings = client.app().await?;
    for old in settings.app.event_hooks.iter().filter_map(|hook| hook.webhook_url.as_deref()) {
        if old.ends_with("/webhooks/stream") && old != url {
            client.remove_webhook(old).await?;
        }
    }
    let events = ["message.new", "message.read"];
    client.add_webhook(EventHook::webhook(url).event_types(events)).await?;
    Ok(())
}
