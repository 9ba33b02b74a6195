//! Reactions are sent, read and deleted.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask};
use stream_models::reactions::ReactionFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john"]).await?;
    journey.general(&["john"]).await?;
    let message = journey.client.message(journey.text("john", "like me").await?);
    ask(message.react("like", "john").score(5)).await?;
    let listed = ask(message.reactions()).await?["reactions"][0]["score"].clone();
    journey.proves(["SendReaction", "GetReactions"], listed, 5)?;
    let found = ask(message.query_reactions(ReactionFilter::type_().eq("like"))).await?;
    let found = found["reactions"][0]["user_id"].clone();
    journey.proves(["QueryReactions", "SendReaction"], found, "john")?;
    ask(message.remove_reaction("like", "john")).await?;
    let listed = ask(message.reactions()).await?["reactions"].clone();
    journey.proves(["DeleteReaction", "GetReactions"], listed, json!([]))
}
