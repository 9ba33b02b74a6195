//! Campaigns and segments have their effect.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, ask_each, id};
use stream_chat::Campaign;
use stream_models::Timestamp;
use stream_models::campaigns::{CampaignFilter, CampaignMessageTemplate};
use stream_models::segments::SegmentFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john", "jane"]).await?;
    segments(journey).await?;
    campaigns(journey).await
}

async fn segments(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    ask(client.segments().create_user_segment().id("friends").name("Friends")).await?;
    let segment = client.segment("friends");
    let name = async || anyhow::Ok(ask(segment.get()).await?["segment"]["name"].clone());
    journey.proves(["CreateSegment", "GetSegment"], name().await?, "Friends")?;
    ask(segment.update().name("Best friends")).await?;
    journey.proves(["UpdateSegment", "GetSegment"], name().await?, "Best friends")?;

    ask_each(segment.add_targets(["jane", "kate"])).await?;
    let exists = segment.target_exists("kate").await.is_ok();
    journey.proves(["AddSegmentTargets", "SegmentTargetExists"], exists, true)?;
    ask_each(segment.remove_targets(["kate"])).await?;
    let left = ask(segment.query_targets()).await?;
    let left = left["targets"].as_array().cloned().unwrap_or_default();
    let left: Vec<&Value> = left.iter().map(|target| &target["target_id"]).collect();
    let operations = ["DeleteSegmentTargets", "QuerySegmentTargets"];
    journey.proves(operations, json!(left), json!(["jane"]))?;
    ask(segment.delete()).await?;
    let found = ask(client.segments().query(SegmentFilter::all())).await?["segments"].clone();
    journey.proves(["DeleteSegment", "QuerySegments"], found, json!([]))
}

async fn status(campaign: &Campaign) -> Result<Value> {
    Ok(ask(campaign.get()).await?["campaign"]["status"].clone())
}

async fn campaigns(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let template = || CampaignMessageTemplate::new("Hello");
    let create = client.campaigns().create(template(), "john").name("News").user_ids(["jane"]);
    let made = ask(create).await?;
    let campaign = client.campaign(id(&made["campaign"]["id"])?);
    journey.proves(["CreateCampaign", "GetCampaign"], status(&campaign).await?, "draft")?;
    ask(campaign.update(template(), "john").name("Newer").user_ids(["jane"])).await?;
    let shown = ask(campaign.get()).await?["campaign"]["name"].clone();
    journey.proves(["UpdateCampaign", "GetCampaign"], shown, "Newer")?;

    let at: Timestamp = "2100-01-01T00:00:00Z".parse()?;
    ask(campaign.start().scheduled_for(at)).await?;
    journey.proves(["StartCampaign", "GetCampaign"], status(&campaign).await?, "scheduled")?;
    ask(campaign.stop()).await?;
    journey.proves(["StopCampaign", "GetCampaign"], status(&campaign).await?, "stopped")?;
    ask(campaign.delete()).await?;
    let found = ask(client.campaigns().query(CampaignFilter::all())).await?["campaigns"].clone();
    journey.proves(["DeleteCampaign", "QueryCampaigns"], found, json!([]))
}
