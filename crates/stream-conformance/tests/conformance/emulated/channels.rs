//! Channels are created, found, changed, hidden, muted, truncated and deleted.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, ask_each, id};
use stream_models::channels::{ChannelBatchFilter, ChannelDataUpdate, ChannelFilter, GroupedChannelsGroupRequest};
use stream_models::custom_events::EventRequest;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john", "jane"]).await?;
    let channel = client.channel("messaging", "general");
    let made = channel.get_or_create().created_by("john").members(["john"]).custom("color", "red");
    ask(made).await?;
    let shown = ask(channel.get()).await?;
    let color = shown["channel"]["custom"]["color"].clone();
    journey.proves(["GetOrCreateChannel", "GetChannel"], color, "red")?;

    let pair = ask(client.distinct_channel("messaging", ["john", "jane"]).created_by("john")).await?;
    let pair = client.channel("messaging", id(&pair["channel"]["id"])?);
    let shown = ask(pair.get()).await?;
    let count = shown["channel"]["member_count"].clone();
    journey.proves(["GetOrCreateDistinctChannel", "GetChannel"], count, 2)?;

    ask(channel.update().custom("color", "green")).await?;
    let found = ask(client.query_channels(ChannelFilter::id().eq("general"))).await?;
    let color = found["channels"][0]["channel"]["custom"]["color"].clone();
    journey.proves(["UpdateChannel", "QueryChannels"], color, "green")?;
    ask(channel.update_partial().set("color", "blue")).await?;
    let shown = ask(channel.get()).await?;
    let color = shown["channel"]["custom"]["color"].clone();
    journey.proves(["UpdateChannelPartial", "GetChannel"], color, "blue")?;

    ask_each(channel.add_filter_tags(["sport"])).await?;
    let groups = [("sport", GroupedChannelsGroupRequest::new())];
    let grouped = ask(client.user("john").query_grouped_channels(groups)).await?;
    let grouped = grouped["groups"]["sport"]["channels"][0]["channel"]["id"].clone();
    journey.proves(["GroupedQueryChannels", "UpdateChannel"], grouped, "general")?;

    ask(channel.hide("john")).await?;
    journey.proves(["HideChannel", "QueryChannels"], hidden(journey).await?, json!(["general"]))?;
    ask(channel.show("john")).await?;
    journey.proves(["ShowChannel", "QueryChannels"], hidden(journey).await?, json!([]))?;
    ask(channel.mute("john")).await?;
    journey.proves(["MuteChannel", "QueryChannels"], muted(journey).await?, json!(["general"]))?;
    ask(channel.unmute("john")).await?;
    journey.proves(["UnmuteChannel", "QueryChannels"], muted(journey).await?, json!([]))?;

    // A custom event changes no state; a channel whose type disables it refuses it.
    ask(channel.send_event(EventRequest::new("knock").user_id("john"))).await?;
    client.channel_types().edit("messaging", |kind| kind.custom_events(false)).await?;
    let refused = channel.send_event(EventRequest::new("knock").user_id("john")).await.is_err();
    journey.proves(["SendEvent", "UpdateChannelType"], refused, true)?;

    journey.text("john", "gone soon").await?;
    ask(channel.truncate()).await?;
    let shown = ask(channel.get()).await?;
    journey.proves(["TruncateChannel", "GetChannel"], shown["messages"].clone(), json!([]))?;

    let cid = Journey::cid();
    let batch = client.channel_batch(ChannelBatchFilter::cids().eq(cid.to_string()));
    ask(batch.update_data(ChannelDataUpdate::new().frozen(true))).await?;
    let shown = ask(channel.get()).await?;
    let frozen = shown["channel"]["frozen"].clone();
    journey.proves(["ChannelBatchUpdate", "GetChannel"], frozen, true)?;

    ask(pair.delete()).await?;
    journey.proves(["DeleteChannel", "QueryChannels"], all(journey).await?, json!(["general"]))?;
    ask_each(client.delete_channels([cid]).hard()).await?;
    journey.proves(["DeleteChannels", "QueryChannels"], all(journey).await?, json!([]))
}

async fn ids(
    query: stream_chat::Request<stream_models::channels::QueryChannels>,
) -> Result<Value> {
    let found = query.await?;
    let channels = found.channels.iter().map(|state| state.channel.id.clone());
    Ok(channels.collect::<Vec<_>>().into())
}

async fn hidden(journey: &Journey) -> Result<Value> {
    ids(journey.client.query_channels(ChannelFilter::hidden().eq(true)).user("john")).await
}

async fn muted(journey: &Journey) -> Result<Value> {
    ids(journey.client.query_channels(ChannelFilter::muted().eq(true)).user("john")).await
}

async fn all(journey: &Journey) -> Result<Value> {
    ids(journey.client.query_channels(ChannelFilter::all())).await
}
