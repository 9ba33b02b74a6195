use super::start;
use anyhow::Result;
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
    let state = question.get().await?.into_inner().message;
    assert_eq!((state.reply_count, state.reaction_counts.get("eyes")), (1, Some(&1)));
    let replies = question.replies().items().collect().await?;
    assert_eq!(replies.into_iter().map(|one| one.id).collect::<Vec<_>>(), [reply]);

    let desk = agent.desk().await?;
    assert_eq!(desk.unread, 2);
    assert_eq!(desk.threads, ["question-of-ben"]);
    assert_eq!(desk.reminders, ["question-of-ben"]);
    assert!(desk.drafts.is_empty());
    Ok(())
}
