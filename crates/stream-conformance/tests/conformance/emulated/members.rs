//! Members are added, changed, queried and removed.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask, ask_each};
use stream_models::filter::Filter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john", "jane"]).await?;
    let channel = journey.general(&["john"]).await?;
    ask_each(channel.add_members(["jane"])).await?;
    ask(channel.update_member_partial("jane").set("seat", 7)).await?;
    let found = ask(channel.query_members(Filter::new())).await?;
    let found = json!([found["members"][0]["user_id"], found["members"][1]["custom"]["seat"]]);
    let operations = ["UpdateMemberPartial", "QueryMembers", "UpdateChannel"];
    journey.proves(operations, found, json!(["john", 7]))
}
