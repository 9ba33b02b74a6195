//! A campaign, which sends a message to each user of a segment, in separate channels, at a
//! scheduled time.

use std::time::Duration;

use anyhow::{Context, Result};

use stream_chat::models::campaigns::{
    CampaignChannelTemplate, CampaignMessageTemplate, CampaignResponse,
};
use stream_chat::{Campaign, Client, Timestamp};

/// The time after its start at which a campaign is stopped.
const WINDOW: Duration = Duration::from_secs(6 * 60 * 60);

/// What is announced, by whom.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The name of the campaign in the dashboard.
    pub name: String,
    /// The ID of the user who sends it.
    pub sender: String,
    /// What it says.
    pub text: String,
}

/// Makes a segment of the recipients, however many they are, and schedules the campaign to them.
///
/// # Errors
/// The server refuses one of the steps. What exists by then stays, and does nothing.
pub async fn schedule(
    client: &Client,
    announcement: &Announcement,
    recipients: &[String],
    start: Timestamp,
) -> Result<Campaign> {
    let segment = client.segments().create_user_segment().name(&announcement.name).await?;
    let segment = client.segment(&segment.segment.id);
    segment.add_targets(recipients).await?;

    let message = CampaignMessageTemplate::new(&announcement.text);
    let created = client
        .campaigns()
        .create(message, &announcement.sender)
        .name(&announcement.name)
        .segment_ids([&segment])
        .channel_template(CampaignChannelTemplate::new("messaging"))
        .create_channels(true)
        .await?;
    let campaign = client.campaign(&created.campaign.id);
    let end = start.checked_add(WINDOW).context("the start is too far away")?;
    campaign.start().scheduled_for(start).stop_at(end).await?;
    Ok(campaign)
}

/// Returns how a campaign stands, such as `scheduled`, and how many messages it has sent.
///
/// # Errors
/// The server does not know it.
pub async fn state(campaign: &Campaign) -> Result<CampaignResponse> {
    Ok(campaign.get().await?.campaign.clone())
}

/// Calls a campaign off that has not begun.
///
/// # Errors
/// The server does not know it, or it is over.
pub async fn call_off(campaign: &Campaign) -> Result<()> {
    campaign.stop().await?;
    Ok(())
}
