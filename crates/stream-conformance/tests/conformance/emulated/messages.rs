//! Messages are sent, read, changed, deleted and found.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask, ask_each, id};
use stream_chat::{Channel, MessageRequest};
use stream_models::channels::ChannelFilter;
use stream_models::messages::{SearchPayload, TranslationLanguage};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john"]).await?;
    let channel = journey.general(&["john"]).await?;
    change(journey, &channel).await?;
    find(journey, &channel).await?;
    delete(journey).await?;
    wait(journey, &channel).await?;
    draft(journey, &channel).await
}

async fn change(journey: &mut Journey, channel: &Channel) -> Result<()> {
    let client = journey.client.clone();
    let message = client.message(journey.text("john", "first").await?);
    let shown = ask(message.get()).await?["message"].clone();
    journey.proves(["SendMessage", "GetMessage"], shown["text"].clone(), "first")?;

    ask(message.update(MessageRequest::from("second").user_id("john"))).await?;
    let shown = ask(message.get()).await?["message"].clone();
    journey.proves(["UpdateMessage", "GetMessage"], shown["text"].clone(), "second")?;
    ask(message.update_partial("john").set("text", "third").set("mood", "good")).await?;
    let found = ask_each(channel.get_messages([message.id()])).await?["messages"][0].clone();
    let found = json!([found["text"], found["custom"]["mood"]]);
    let operations = ["UpdateMessagePartial", "GetManyMessages"];
    journey.proves(operations, found, json!(["third", "good"]))?;
    let history = ask(message.history()).await?["message_history"].clone();
    let texts = json!([history[0]["text"], history[1]["text"]]);
    let operations = ["QueryMessageHistory", "UpdateMessage"];
    journey.proves(operations, texts, json!(["second", "first"]))?;

    // Only the response and the event contain the change.
    let changed = ask(message.update_ephemeral("john").set("text", "for now")).await?;
    let shown = ask(message.get()).await?["message"].clone();
    let found = json!([changed["message"]["text"], shown["text"]]);
    journey.proves(["EphemeralMessageUpdate", "GetMessage"], found, json!(["for now", "third"]))?;

    ask(message.translate(TranslationLanguage::De)).await?;
    let shown = ask(message.get()).await?["message"]["i18n"]["de_text"].clone();
    journey.proves(["TranslateMessage", "GetMessage"], shown, "[de] third")
}

async fn find(journey: &mut Journey, channel: &Channel) -> Result<()> {
    let client = journey.client.clone();
    let message = client.message(journey.text("john", "a needle in the haystack").await?);
    let search = SearchPayload::new(ChannelFilter::id().eq("general"));
    let found = ask(client.search(search).text("needle")).await?;
    let found = found["results"][0]["message"]["id"].clone();
    journey.proves(["Search", "SendMessage"], found, message.id())?;

    ask(message.pin("john")).await?;
    let pinned = ask(channel.pinned_messages()).await?["messages"][0]["id"].clone();
    journey.proves(["GetPinnedMessages", "UpdateMessagePartial"], pinned, message.id())
}

async fn delete(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let message = client.message(journey.text("john", "gone soon").await?);
    ask(message.delete()).await?;
    let shown = ask(message.get()).await?["message"]["type"].clone();
    journey.proves(["DeleteMessage", "GetMessage"], shown, "deleted")?;
    ask(message.undelete("john")).await?;
    let shown = ask(message.get()).await?["message"]["type"].clone();
    journey.proves(["UndeleteMessage", "GetMessage"], shown, "regular")
}

async fn wait(journey: &mut Journey, channel: &Channel) -> Result<()> {
    let client = journey.client.clone();
    let message = MessageRequest::from("to be checked").user_id("john");
    let sent = ask(channel.send_message(message).pending()).await?;
    let message = client.message(id(&sent["message"]["id"])?);
    let before = ask(channel.get()).await?["messages"].clone();
    let was_there = before.as_array().into_iter().flatten().any(|it| it["id"] == message.id());
    ask(message.commit()).await?;
    let shown = ask(message.get()).await?["message"]["text"].clone();
    let found = json!([was_there, shown]);
    journey.proves(["CommitMessage", "GetMessage"], found, json!([false, "to be checked"]))?;

    let message = MessageRequest::from("/giphy hello").user_id("john");
    let sent = ask(channel.send_message(message)).await?["message"].clone();
    let message = client.message(id(&sent["id"])?);
    ask(message.run_action([("image_action", "send")], "john")).await?;
    let shown = ask(channel.get()).await?["messages"].clone();
    let newest = shown.as_array().and_then(|messages| messages.last()).cloned();
    let newest = newest.unwrap_or_default()["command"].clone();
    let found = json!([sent["type"], newest]);
    journey.proves(["RunMessageAction", "GetChannel"], found, json!(["ephemeral", "giphy"]))
}

/// Users write drafts, while backends may also read and delete them.
async fn draft(journey: &mut Journey, channel: &Channel) -> Result<()> {
    use stream_models::drafts::DraftFilter;

    let unfinished = json!({"message": {"text": "unfinished", "user_id": "john"}});
    journey.post("/api/v2/chat/channels/messaging/general/draft", &unfinished).await?;
    let shown = ask(channel.get_draft("john")).await?["draft"]["message"]["text"].clone();
    let listed = ask(journey.client.user("john").query_drafts(DraftFilter::all())).await?;
    let listed = listed["drafts"][0]["message"]["text"].clone();
    let found = json!([shown, listed]);
    journey.proves(["GetDraft", "QueryDrafts"], found, json!(["unfinished", "unfinished"]))?;
    ask(channel.delete_draft("john")).await?;
    let listed = ask(journey.client.user("john").query_drafts(DraftFilter::all())).await?;
    journey.proves(["DeleteDraft", "QueryDrafts"], listed["drafts"].clone(), json!([]))
}
