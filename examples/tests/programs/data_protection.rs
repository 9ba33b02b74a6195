//! A user's data is exported and erased, and nothing is erased if an export fails.

use anyhow::Result;

use super::start;
use stream_chat::{Client, MessageRequest};
use stream_emulator::Fault;
use stream_examples::data_protection::run;

/// Creates two channels, of which john created one. Jane's has a third member, since a conversation
/// of two would be deleted with either of them.
async fn world(client: &Client) -> Result<()> {
    client.upsert_users(["john", "jane", "kate"]).await?;
    for owner in ["john", "jane"] {
        let channel = client.channel("messaging", format!("of-{owner}"));
        channel.get_or_create().created_by(owner).members(["john", "jane", "kate"]).await?;
        for author in ["john", "jane"] {
            let id = format!("{author}-to-{owner}");
            channel.send_message(MessageRequest::from("Hello").id(id).user_id(author)).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_person_gets_everything_and_is_forgotten() -> Result<()> {
    let (_emulator, client) = start().await?;
    world(&client).await?;
    let receipt = run(&client, "john").await?;
    assert_eq!((receipt.users.len(), receipt.channels.len()), (1, 1));
    assert!(receipt.users.iter().chain(&receipt.channels).all(|url| url.starts_with("http")));
    let erased: Vec<String> = receipt.erased.iter().map(ToString::to_string).collect();
    assert_eq!(erased, ["messaging:of-john"]);

    assert!(client.user("john").get().await?.is_none());
    assert!(client.user("jane").get().await?.is_some());
    let gone = client.channel("messaging", "of-john").get().await;
    assert!(gone.is_err_and(|error| error.is_not_found()));
    let left = client.channel("messaging", "of-jane").get().await?;
    let left: Vec<&str> = left.messages.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(left, ["jane-to-jane"]);
    assert!(run(&client, "john").await.is_err());
    Ok(())
}

#[tokio::test]
async fn nothing_is_erased_if_an_export_fails() -> Result<()> {
    let (emulator, client) = start().await?;
    world(&client).await?;
    emulator.fail_next(Fault::error(400, 4, "not today").on("ExportChannels"));
    let failed = run(&client, "john").await;
    assert!(failed.is_err_and(|error| error.to_string().contains("not today")));
    assert!(client.user("john").get().await?.is_some());
    assert_eq!(client.channel("messaging", "of-john").get().await?.messages.len(), 2);
    Ok(())
}
