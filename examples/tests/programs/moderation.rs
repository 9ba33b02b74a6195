//! The bot moderates messages before and after they are sent.

use std::time::Duration;

use anyhow::Result;
use tokio::net::TcpListener;

use super::start;
use stream_chat::{Client, MessageRequest};
use stream_examples::moderation::{Bot, Decisions, router};

/// Sends a text as a user, and returns the resulting type and text.
async fn say(client: &Client, user: &str, text: &str) -> Result<(String, String)> {
    let message = MessageRequest::from(text).user_id(user);
    let request = client.channel("messaging", "plaza").send_message(message);
    // Messages of backends are not checked otherwise.
    let sent = request.force_moderation().await?;
    Ok((sent.message.type_.clone(), sent.message.text.clone()))
}

async fn plaza(client: &Client) -> Result<Bot> {
    client.upsert_users(["bot", "ann", "ben", "cho"]).await?;
    let plaza = client.channel("messaging", "plaza");
    plaza.get_or_create().created_by("bot").members(["bot", "ann", "ben", "cho"]).await?;
    Ok(Bot::new(client, "bot"))
}

#[tokio::test]
async fn messages_are_read_before_they_are_sent() -> Result<()> {
    let (_emulator, client) = start().await?;
    let bot = plaza(&client).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let hook = format!("http://{}/webhooks/before-message-send", listener.local_addr()?);
    let server = tokio::spawn(axum::serve(listener, router(&client)?).into_future());
    bot.install(&["cheapwatches"], &hook).await?;
    // A second installation has other words.
    bot.install(&["cheapwatches", "goldcoins"], &hook).await?;
    let list = client.block_lists().get("bot-words").await?;
    assert_eq!(list.blocklist.words.len(), 2);

    let sent = |kind: &str, text: &str| (kind.to_owned(), text.to_owned());
    assert_eq!(say(&client, "ann", "Hello").await?, sent("regular", "Hello"));
    let masked = say(&client, "ann", "Call me at 5551234567 now").await?;
    assert_eq!(masked, sent("regular", "Call me at *** now"));
    let refused = say(&client, "ann", "See https://example.com").await?;
    assert_eq!(refused, sent("error", "Please write without links"));
    assert_eq!(say(&client, "ann", "Buy goldcoins").await?.0, "error");
    server.abort();
    Ok(())
}

#[tokio::test]
async fn a_time_out_ends_by_itself_or_early() -> Result<()> {
    let (emulator, client) = start().await?;
    let bot = plaza(&client).await?;
    let plaza = client.channel("messaging", "plaza");
    bot.time_out(&plaza, "ann").await?;
    bot.time_out(&plaza, "ben").await?;
    let mut silenced = bot.silenced(&plaza).await?;
    silenced.sort_unstable();
    assert_eq!(silenced, ["ann", "ben"]);
    bot.pardon(&plaza, "ann").await?;
    assert_eq!(bot.silenced(&plaza).await?, ["ben"]);
    emulator.advance_clock(Duration::from_secs(11 * 60));
    assert!(bot.silenced(&plaza).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_several_flag_is_deleted_and_its_author_banned() -> Result<()> {
    let (_emulator, client) = start().await?;
    let bot = plaza(&client).await?;
    let plaza = client.channel("messaging", "plaza");
    for (id, author) in [("spam", "ann"), ("fine", "ben")] {
        plaza.send_message(MessageRequest::from("Hello").id(id).user_id(author)).await?;
    }
    for (message, reporter) in [("spam", "ben"), ("spam", "cho"), ("fine", "cho")] {
        client.message(message).flag(reporter).reason("spam").await?;
    }
    let decisions = bot.work_off_queue().await?;
    let expected = Decisions { deleted: vec!["spam".to_owned()], left: vec!["fine".to_owned()] };
    assert_eq!(decisions, expected);
    assert_eq!(client.message("spam").get().await?.message.type_, "deleted");
    assert_eq!(client.message("fine").get().await?.message.type_, "regular");
    let ann = client.user("ann").get().await?;
    assert!(ann.is_some_and(|ann| ann.banned));
    assert_eq!(bot.work_off_queue().await?, Decisions::default());
    Ok(())
}
