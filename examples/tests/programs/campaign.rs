//! A campaign is sent when its time has come, and can be canceled.

use std::time::Duration;

use anyhow::Result;

use super::start;
use stream_chat::Timestamp;
use stream_chat::models::channels::ChannelFilter;
use stream_examples::campaign::{Announcement, call_off, schedule, state};

fn announcement() -> Announcement {
    Announcement {
        name: "Spring".to_owned(),
        sender: "shop".to_owned(),
        text: "The spring catalog is here".to_owned(),
    }
}

#[tokio::test]
async fn a_campaign_goes_out_when_its_time_has_come() -> Result<()> {
    let (emulator, client) = start().await?;
    client.upsert_users(["shop", "ann", "ben"]).await?;
    let hour = Duration::from_secs(3600);
    let start = Timestamp::from(emulator.now()) + hour;
    let recipients = ["ann".to_owned(), "ben".to_owned()];
    let campaign = schedule(&client, &announcement(), &recipients, start).await?;
    let planned = state(&campaign).await?;
    assert_eq!((planned.status.as_str(), planned.scheduled_for), ("scheduled", Some(start)));
    assert_eq!(planned.segments.first().map(|segment| segment.size), Some(2));

    emulator.advance_clock(hour + Duration::from_secs(60));
    let done = state(&campaign).await?;
    assert_eq!((done.status.as_str(), done.stats.stats_messages_sent), ("completed", 2));
    let channels = client.query_channels(ChannelFilter::members().is_in(["ann"])).await?;
    let messages: Vec<&str> =
        channels.channels.iter().flat_map(|one| &one.messages).map(|one| &*one.text).collect();
    assert_eq!(messages, ["The spring catalog is here"]);
    Ok(())
}

#[tokio::test]
async fn a_campaign_can_be_called_off() -> Result<()> {
    let (emulator, client) = start().await?;
    client.upsert_users(["shop", "ann"]).await?;
    let hour = Duration::from_secs(3600);
    let start = Timestamp::from(emulator.now()) + hour;
    let campaign = schedule(&client, &announcement(), &["ann".to_owned()], start).await?;
    call_off(&campaign).await?;
    emulator.advance_clock(hour * 2);
    let state = state(&campaign).await?;
    assert_eq!((state.status.as_str(), state.stats.stats_messages_sent), ("stopped", 0));
    Ok(())
}
