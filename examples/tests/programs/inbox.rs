//! An agent works through the inbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs};

use anyhow::{Context, Result};

use super::start;
use stream_examples::inbox::{Agent, write_sample};

#[tokio::test]
async fn an_agent_sees_what_waits_and_works_on_it() -> Result<()> {
    let (_emulator, client) = start().await?;
    write_sample(&client).await?;
    let agent = Agent::new(&client, "agent");

    let conversations = agent.conversations().await?;
    let ids: Vec<&str> = conversations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["support-cho", "support-ben", "support-ann"]);
    assert!(conversations.iter().all(|one| one.unread == 1 && !one.is_pinned));
    assert_eq!(agent.desk().await?.unread, 3);

    let (channel, question) =
        (client.channel("messaging", "support-ben"), client.message("question-of-ben"));
    let reply = agent.take_on(&channel, &question, "It is on its way").await?;
    let conversations = agent.conversations().await?;
    let first = conversations.first().map(|one| (one.id.as_str(), one.is_pinned, one.unread));
    assert_eq!(first, Some(("support-ben", true, 0)));
    let state = question.get().await?;
    assert_eq!(state.message.reply_count, 1);
    assert_eq!(state.message.reaction_counts.get("eyes"), Some(&1));
    let replies = question.replies().items().collect().await?;
    assert_eq!(replies.into_iter().map(|one| one.id).collect::<Vec<_>>(), [reply]);

    let desk = agent.desk().await?;
    assert_eq!(desk.unread, 2);
    assert_eq!(desk.threads, ["question-of-ben"]);
    assert_eq!(desk.reminders, ["question-of-ben"]);
    assert!(desk.drafts.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_agent_sends_a_file_and_sees_how_far_it_is() -> Result<()> {
    let (_emulator, client) = start().await?;
    write_sample(&client).await?;
    let agent = Agent::new(&client, "agent");
    let channel = client.channel("messaging", "support-ann");
    let path = env::temp_dir().join(format!("label-{}.pdf", std::process::id()));
    fs::write(&path, vec![7; 300_000])?;
    let gone = Arc::new(AtomicU64::new(0));
    let seen = gone.clone();
    let report = move |bytes| seen.store(bytes, Ordering::Relaxed);
    let sent = agent.send_file(&channel, &path, report).await;
    fs::remove_file(&path)?;
    sent?;
    assert!(gone.load(Ordering::Relaxed) >= 300_000);
    let state = channel.get().await?;
    let last = state.messages.last().context("no message")?;
    let attachment = last.attachments.first().context("no attachment")?;
    // The address is signed.
    let address = attachment.asset_url.as_deref().and_then(|url| url.split('?').next());
    assert!(address.is_some_and(|address| address.ends_with(".pdf")), "{attachment:?}");
    assert!(agent.send_file(&channel, &path, |_| {}).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_customer_rates_and_the_agent_finds_words_again() -> Result<()> {
    let (_emulator, client) = start().await?;
    write_sample(&client).await?;
    let agent = Agent::new(&client, "agent");
    let channel = client.channel("messaging", "support-ben");
    let rating = agent.ask_for_rating(&channel).await?;
    let state = channel.get().await?;
    let asked = state.messages.last().context("no message")?;
    assert_eq!(asked.poll_id.as_deref(), Some(&*rating));
    let poll = asked.poll.as_ref().context("no poll")?;
    let well = poll.options.first().context("no option")?;
    client.message(&asked.id).poll(&rating).vote(&well.id, "ben").await?;
    let rated = client.poll(&rating).get().await?;
    assert_eq!(rated.poll.vote_counts_by_option.get(&well.id), Some(&1));

    let mut found = agent.search("refund").await?;
    found.sort_unstable();
    assert_eq!(found, ["I want a refund", "The refund did not arrive"]);
    Ok(())
}
