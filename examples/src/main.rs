//! Runs one of the programs by name: against Stream with `STREAM_API_KEY` and `STREAM_API_SECRET`,
//! otherwise against an emulator.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;

use stream_chat::{Client, MessageRequest, Timestamp};
use stream_emulator::Emulator;
use stream_examples::campaign::{self, Announcement};
use stream_examples::inbox::{self, Agent};
use stream_examples::marketplace::{self, Shop};
use stream_examples::moderation::{self, Bot};
use stream_examples::{data_protection, migration};

const USAGE: &str = "one of: marketplace, migration [DIRECTORY | --large], inbox, moderation, \
    data-protection, campaign";

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let (program, argument) = (arguments.next(), arguments.next());
    let mut emulator = None;
    let client = if env::var_os("STREAM_API_KEY").is_some() {
        Client::from_env()?
    } else {
        let emulator = emulator.insert(Emulator::start().await?);
        Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .build()?
    };
    println!("Running against {}", client.executor().base_url());
    match program.as_deref() {
        Some("marketplace") => run_marketplace(&client).await,
        Some("migration") => run_migration(&client, argument).await,
        Some("inbox") => run_inbox(&client).await,
        Some("moderation") => run_moderation(&client).await,
        Some("data-protection") => run_data_protection(&client).await,
        Some("campaign") => run_campaign(&client).await,
        _ => bail!("name a program: {USAGE}"),
    }
}

async fn run_marketplace(client: &Client) -> Result<()> {
    let entry = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
    let shop = Arc::new(Shop {
        sessions: entry("session-of-bea", "bea"),
        sellers: entry("old-lamp", "sam"),
        ..Shop::default()
    });
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let url = format!("http://{}", listener.local_addr()?);
    // Stream cannot reach addresses of this machine, and needs the public URL of a tunnel.
    let public_url = env::var("PUBLIC_URL").unwrap_or_else(|_| url.clone());
    marketplace::install_webhook(client, &format!("{public_url}/webhooks/stream")).await?;
    let bea = "-H 'authorization: Bearer session-of-bea'";
    println!("Try, and end it with Ctrl-C:");
    println!("  curl {bea} -X POST {url}/login");
    println!("  curl {bea} {url}/offers/old-lamp/contact -d 'Does it still work?'");
    println!("  curl {bea} -X POST {url}/logout-everywhere");
    axum::serve(listener, marketplace::router(client, &shop)?).await?;
    Ok(())
}

async fn run_migration(client: &Client, argument: Option<String>) -> Result<()> {
    let directory = match argument.as_deref() {
        Some(directory) if directory != "--large" => PathBuf::from(directory),
        sample => {
            let directory = env::temp_dir().join(format!("migration-{}", std::process::id()));
            std::fs::create_dir_all(&directory)?;
            let (users, channels) = if sample.is_some() { (25_000, 2_000) } else { (250, 20) };
            migration::write_sample(&directory, users, channels)?;
            directory
        }
    };
    println!("Bringing over {}", directory.display());
    let done = migration::run(client, &directory, |progress| println!("{progress:?}")).await?;
    println!("Done: {done:?}");
    Ok(())
}

async fn run_inbox(client: &Client) -> Result<()> {
    inbox::write_sample(client).await?;
    let agent = Agent::new(client, "agent");
    for conversation in agent.conversations().await? {
        println!("{conversation:?}");
    }
    let channel = client.channel("messaging", "support-ben");
    agent.take_on(&channel, &client.message("question-of-ben"), "It is on its way").await?;
    println!("After taking on ben's question:");
    for conversation in agent.conversations().await? {
        println!("{conversation:?}");
    }
    println!("{:?}", agent.desk().await?);
    println!("The poll {} asks for a rating", agent.ask_for_rating(&channel).await?);
    println!("About refunds: {:?}", agent.search("refund").await?);
    Ok(())
}

async fn run_moderation(client: &Client) -> Result<()> {
    client.upsert_users(["bot", "ann", "ben", "cho"]).await?;
    let plaza = client.channel("messaging", "plaza");
    plaza.get_or_create().created_by("bot").members(["bot", "ann", "ben", "cho"]).await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let public_url = env::var("PUBLIC_URL").unwrap_or(url);
    let hook = axum::serve(listener, moderation::router(client)?);
    tokio::spawn(hook.into_future());
    let bot = Bot::new(client, "bot");
    bot.install(&["goldcoins"], &format!("{public_url}/webhooks/before-message-send")).await?;
    for text in ["Hello", "Call me at 5551234567", "See https://example.com", "Buy goldcoins"] {
        let message = MessageRequest::from(text).user_id("ann");
        // Messages of backends are not checked otherwise.
        let sent = plaza.send_message(message).force_moderation().await?;
        println!("ann wrote {text:?}: {} {:?}", sent.message.type_, sent.message.text);
        for reporter in ["ben", "cho"].into_iter().filter(|_| sent.message.text.contains("***")) {
            client.message(&sent.message.id).flag(reporter).reason("phone number").await?;
        }
    }
    println!("{:?}", bot.work_off_queue().await?);
    Ok(())
}

async fn run_data_protection(client: &Client) -> Result<()> {
    client.upsert_users(["john", "jane", "kate"]).await?;
    let channel = client.channel("messaging", "of-john");
    channel.get_or_create().created_by("john").members(["john", "jane", "kate"]).await?;
    channel.send_message(MessageRequest::from("Forget me").user_id("john")).await?;
    println!("{:?}", data_protection::run(client, "john").await?);
    Ok(())
}

async fn run_campaign(client: &Client) -> Result<()> {
    client.upsert_users(["shop", "ann", "ben"]).await?;
    let announcement = Announcement {
        name: "Spring".to_owned(),
        sender: "shop".to_owned(),
        text: "The spring catalog is here".to_owned(),
    };
    let tomorrow = Timestamp::now().checked_add(Duration::from_secs(24 * 60 * 60));
    let start = tomorrow.context("tomorrow never comes")?;
    let recipients = ["ann".to_owned(), "ben".to_owned()];
    let campaign = campaign::schedule(client, &announcement, &recipients, start).await?;
    let state = campaign::state(&campaign).await?;
    println!("{} is {}, for {start}", state.name, state.status);
    Ok(())
}
