//! Bans, mutes and flags have their effect.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask};
use stream_models::bans_and_flags::{BannedUserFilter, MessageFlagFilter, ModerationFlagFilter};
use stream_models::users::UserFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john", "jane", "mod"]).await?;
    journey.general(&["john", "jane"]).await?;
    bans(journey).await?;
    mutes(journey).await?;
    flags(journey).await
}

async fn banned(journey: &Journey) -> Result<Value> {
    let query = journey.client.moderation().query_banned_users(BannedUserFilter::all());
    let bans = ask(query).await?["bans"].clone();
    let ids = bans.as_array().into_iter().flatten().map(|ban| ban["user"]["id"].clone());
    Ok(ids.collect::<Vec<_>>().into())
}

async fn bans(journey: &mut Journey) -> Result<()> {
    let moderation = journey.client.moderation();
    let john = journey.client.user("john");
    ask(john.ban("mod").reason("spam")).await?;
    let found = banned(journey).await?;
    journey.proves(["ban", "QueryBannedUsers"], found, json!(["john"]))?;
    ask(john.unban()).await?;
    let found = banned(journey).await?;
    journey.proves(["unban", "QueryBannedUsers"], found, json!([]))?;
    // Only v1 has bans from future channels.
    let future = json!({
        "target_user_id": "john", "banned_by_id": "mod", "ban_from_future_channels": true,
    });
    journey.post("/moderation/ban", &future).await?;
    let query = moderation.query_future_channel_bans();
    let found = ask(query.user("mod")).await?["bans"][0]["user"]["id"].clone();
    journey.proves(["QueryFutureChannelBans", "ban"], found, "john")
}

async fn mutes(journey: &mut Journey) -> Result<()> {
    let jane = journey.client.user("jane");
    ask(jane.mute("john")).await?;
    let mutes = async |journey: &Journey| {
        let found = ask(journey.client.query_users(UserFilter::id().eq("jane"))).await?;
        anyhow::Ok(found["users"][0]["mutes"].clone())
    };
    let found = mutes(journey).await?[0]["target"]["id"].clone();
    journey.proves(["mute", "QueryUsers"], found, "john")?;
    ask(jane.unmute("john")).await?;
    let found = mutes(journey).await?.as_array().map_or(0, Vec::len);
    journey.proves(["unmute", "QueryUsers"], found, 0)?;

    ask(jane.bypass_moderation(true)).await?;
    let found = ask(journey.client.query_users(UserFilter::bypass_moderation().eq(true))).await?;
    journey.proves(["bypass", "QueryUsers"], found["users"][0]["id"].clone(), "jane")
}

async fn flags(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let moderation = client.moderation();
    let message = client.message(journey.text("john", "buy my things").await?);
    ask(message.flag("jane").reason("spam").entity_creator_id("john")).await?;
    let flags = ask(moderation.query_flags(ModerationFlagFilter::all())).await?["flags"].clone();
    journey.proves(["flag", "query_moderation_flags"], flags[0]["reason"].clone(), "spam")?;
    let filter = MessageFlagFilter::channel_cid().eq("messaging:general");
    let flags = ask(moderation.query_message_flags(filter)).await?["flags"].clone();
    let flagged = flags[0]["message"]["id"].clone();
    journey.proves(["QueryMessageFlags", "flag"], flagged, message.id())?;
    let count = ask(client.user("john").flag_count()).await?["count"].clone();
    journey.proves(["get_flag_count", "flag"], count, 1)
}
