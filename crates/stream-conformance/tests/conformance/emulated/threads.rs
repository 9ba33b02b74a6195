//! Threads and replies are read and changed.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask, id};
use stream_models::threads::ThreadFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john", "jane"]).await?;
    let channel = journey.general(&["john", "jane"]).await?;
    let parent = journey.client.message(journey.text("john", "who comes?").await?);
    let reply = stream_chat::MessageRequest::from("me").user_id("jane").parent_id(parent.id());
    let reply = id(&ask(channel.send_message(reply)).await?["message"]["id"])?;
    let replies = ask(parent.replies()).await?["messages"][0]["id"].clone();
    journey.proves(["GetReplies", "SendMessage"], replies, reply)?;

    let thread = parent.thread();
    ask(thread.update_partial("john").set("title", "The party")).await?;
    let shown = ask(thread.get()).await?["thread"]["title"].clone();
    journey.proves(["UpdateThreadPartial", "GetThread"], shown, "The party")?;
    let found = ask(journey.client.user("jane").query_threads(ThreadFilter::all())).await?;
    let found = json!([found["threads"][0]["parent_message_id"], found["threads"][0]["title"]]);
    journey.proves(["QueryThreads", "GetThread"], found, json!([parent.id(), "The party"]))
}
