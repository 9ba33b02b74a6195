//! Runs the typical first requests of a chat backend, and prints the resulting state.
//!
//! Without `STREAM_API_KEY` and `STREAM_API_SECRET` it starts a local emulator and needs no
//! account. With both it runs against Stream, with unique IDs that it removes at the end.

use std::env;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use stream_chat::auth::token::dangerous_decode_unverified;
use stream_chat::models::app::EnforceUniqueUsernames;
use stream_chat::models::users::DeletionMode;
use stream_chat::{Attachment, Channel, Client, Custom, MessageRequest, Timestamp, UserRequest};
use stream_emulator::Emulator;

/// The users and the channel of one run.
struct Names {
    suffix: String,
}

impl Names {
    fn id(&self, name: &str) -> String {
        format!("{name}{}", self.suffix)
    }

    fn ids<const N: usize>(&self, names: [&str; N]) -> [String; N] {
        names.map(|name| self.id(name))
    }

    fn everyone(&self) -> [String; 6] {
        self.ids(["john", "jane", "bob", "kate", "thierry", "josh"])
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    if env::var_os("STREAM_API_KEY").is_some() && env::var_os("STREAM_API_SECRET").is_some() {
        let client = Client::from_env()?;
        println!("Running against {}", client.executor().base_url());
        // Unique IDs, so that existing data is not changed.
        let seconds = std::time::UNIX_EPOCH.elapsed()?.as_secs();
        let names = Names { suffix: format!("-quickstart-{seconds}") };
        let result = run(&client, &names, false).await;
        let cleaned = clean_up(&client, &names).await;
        return result.and(cleaned);
    }
    let emulator = Emulator::start().await?;
    println!(
        "No STREAM_API_KEY and STREAM_API_SECRET: running against the emulator at {}",
        emulator.base_url()
    );
    let client = Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()?;
    let names = Names { suffix: String::new() };
    run(&client, &names, true).await
}

async fn run(client: &Client, names: &Names, whole_app: bool) -> Result<()> {
    let [john, jane, bob, kate, thierry, josh] = names.everyone();

    step("Mint a token with which john logs in");
    let token = client.user_token(&john).expires_in(Duration::from_secs(3600)).sign()?;
    // It was just signed, so it needs no verification.
    let claims = dangerous_decode_unverified(token.expose_secret())?;
    println!(
        "  {} characters, for {}",
        token.expose_secret().len(),
        claims.user_id.as_deref().unwrap_or("nobody")
    );
    println!("  issued {}, expires {}", time(claims.issued_at)?, time(claims.expires_at)?);

    step("Sync users");
    let users = [
        UserRequest::new(&john).name("John").role("admin").custom("myapp_level", 3),
        UserRequest::new(&jane).name("Jane"),
        UserRequest::new(&bob).name("Bob"),
        UserRequest::new(&kate).name("Kate"),
        UserRequest::new(&thierry).name("Thierry"),
        UserRequest::new(&josh).name("Josh"),
    ];
    for answer in client.upsert_users(users).await? {
        for user in answer.users.values() {
            println!("  {} ({}), custom data {}", user.id, user.role, json(&user.custom));
        }
    }

    step("Create a channel with two members");
    let channel = client.channel("messaging", names.id("bob-and-jane"));
    let created = channel.get_or_create().created_by(&john).members([&bob, &jane]).await?;
    let held = &created.channel;
    println!("  {} with {} members", held.cid, created.members.len());

    step("Change its data, with a message about it");
    let note = MessageRequest::from("Kate made it green").user_id(&kate);
    channel.update().custom("color", "green").message(note).await?;

    step("Add members, make one a moderator, and take that back");
    channel.add_members(names.ids(["thierry", "josh"])).await?;
    channel.add_moderators([&thierry]).await?;
    channel.demote_moderators([&thierry]).await?;

    step("Send a message with a mention, an attachment and custom data");
    let message = MessageRequest::from("@Josh, the photos of our trip are here")
        .user_id(&john)
        .mention(&josh)
        .attachment(
            Attachment::image("https://example.com/trip.jpg")
                .thumb_url("https://example.com/trip-small.jpg")
                .custom("myCustomField", 123),
        )
        .custom("anotherCustomField", 234);
    let sent = channel.send_message(message).await?;
    let message = sent.accepted()?;
    println!("  {} at {}", message.id, message.created_at);

    if whole_app {
        step("Change a setting of the app");
        client.update_app().enforce_unique_usernames(EnforceUniqueUsernames::App).await?;
        let settings = client.app().await?;
        let unique = &settings.app.enforce_unique_usernames;
        println!("  enforce_unique_usernames is {unique}");
        ensure!(unique == "app", "the setting was not taken");
    } else {
        println!("\nLeft out: changing a setting of the app, which is not this program's alone");
    }

    step("What the server holds now");
    show(&channel, &sent.message.id).await
}

/// Reads the channel and prints it.
async fn show(channel: &Channel, message_id: &str) -> Result<()> {
    let state = channel.get().await?;
    let held = &state.channel;
    println!(
        "  {} by {}, custom data {}",
        held.cid,
        held.created_by.as_ref().map_or("nobody", |user| &user.id),
        json(&held.custom)
    );
    ensure!(
        held.custom.get_as::<String>("color")?.as_deref() == Some("green"),
        "the color was not kept"
    );
    for member in &state.members {
        let user = member.user.as_ref().context("a member without a user")?;
        println!(
            "  member {} ({}): {}, in the channel {}",
            user.id,
            user.name.as_deref().unwrap_or(""),
            user.role,
            member.channel_role
        );
    }
    ensure!(state.members.len() == 4, "there are {} members and not 4", state.members.len());
    for message in &state.messages {
        println!("  {} by {}: {}", message.type_, message.user.id, message.text);
        for user in &message.mentioned_users {
            println!("    mentions {}", user.id);
        }
        for attachment in &message.attachments {
            println!(
                "    attached {} {}, custom data {}",
                attachment.type_.as_deref().unwrap_or("?"),
                attachment.image_url.as_deref().unwrap_or("?"),
                json(&attachment.custom)
            );
        }
        if !message.custom.is_empty() {
            println!("    custom data {}", json(&message.custom));
        }
    }
    let message = state
        .messages
        .iter()
        .find(|message| message.id == message_id)
        .context("the message is not there")?;
    let field = message
        .attachments
        .first()
        .map(|attachment| attachment.custom.get_as::<u32>("myCustomField"))
        .transpose()?;
    ensure!(field == Some(Some(123)), "the attachment's custom data was not kept");
    ensure!(
        message.custom.get_as::<u32>("anotherCustomField")? == Some(234),
        "the message's custom data was not kept"
    );
    println!("\nAll steps done.");
    Ok(())
}

/// Removes everything that the run created.
async fn clean_up(client: &Client, names: &Names) -> Result<()> {
    step("Clean up");
    let channel = client.channel("messaging", names.id("bob-and-jane"));
    channel.delete().hard().await.context("deleting the channel")?;
    let deletion = client
        .delete_users(names.everyone())
        .mode(DeletionMode::Hard)
        .delete_messages(DeletionMode::Hard);
    for answer in deletion.await? {
        client.task(&answer.task_id).wait().await?;
    }
    println!("  the channel and the users are gone");
    Ok(())
}

fn json(custom: &Custom) -> Value {
    Value::Object((**custom).clone())
}

fn time(moment: Option<SystemTime>) -> Result<String> {
    moment.map_or(Ok("never".to_owned()), |moment| Ok(Timestamp::from(moment).to_string()))
}

fn step(title: &str) {
    println!("\n{title}");
}
