//! Unread counts follow what users have read.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, ask_each};
use stream_models::read_state::DeliveredMessagePayload;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john", "jane"]).await?;
    let channel = journey.general(&["john", "jane"]).await?;
    let message = journey.text("john", "one").await?;
    journey.text("john", "two").await?;
    let jane = client.user("jane");

    journey.proves(["UnreadCounts", "SendMessage"], unread(journey).await?, 2)?;
    ask(channel.mark_read("jane")).await?;
    journey.proves(["MarkRead", "UnreadCounts"], unread(journey).await?, 0)?;
    ask(channel.mark_unread("jane").message_id(message.as_str())).await?;
    let counts = ask_each(client.unread_counts(["jane"])).await?;
    let count = counts["counts_by_user"]["jane"]["total_unread_count"].clone();
    journey.proves(["MarkUnread", "UnreadCountsBatch"], count, 2)?;
    ask(jane.mark_channels_read()).await?;
    journey.proves(["MarkChannelsRead", "UnreadCounts"], unread(journey).await?, 0)?;

    client.channel_types().edit("messaging", |kind| kind.delivery_events(true)).await?;
    let delivered = DeliveredMessagePayload::new().cid(Journey::cid()).id(message.as_str());
    ask(jane.mark_delivered([delivered])).await?;
    let state = ask(channel.get_or_create().state(true)).await?;
    let reads = state["read"].as_array().cloned().unwrap_or_default();
    let of_jane = reads.iter().find(|read| read["user"]["id"] == "jane");
    let found = of_jane.map(|read| read["last_delivered_message_id"].clone());
    journey.proves(["MarkDelivered", "GetOrCreateChannel"], json!(found), json!(message))
}

async fn unread(journey: &Journey) -> Result<Value> {
    Ok(ask(journey.client.user("jane").unread_counts()).await?["total_unread_count"].clone())
}
