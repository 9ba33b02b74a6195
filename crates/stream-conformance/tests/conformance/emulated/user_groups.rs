//! User groups and their members are created, read and changed.

use anyhow::Result;
use serde_json::json;

use super::{Journey, ask, ask_each};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john", "jane"]).await?;
    let groups = client.user_groups();
    ask(groups.create("Support").id("support").member_ids(["john"])).await?;
    let group = client.user_group("support");
    let shown = ask(group.get()).await?["user_group"].clone();
    journey.proves(["CreateUserGroup", "GetUserGroup"], shown["name"].clone(), "Support")?;
    let found = ask(groups.search("Sup")).await?["user_groups"][0]["id"].clone();
    journey.proves(["SearchUserGroups", "GetUserGroup"], found, "support")?;

    ask(group.update().description("Helps")).await?;
    let shown = ask(group.get()).await?["user_group"].clone();
    journey.proves(["UpdateUserGroup", "GetUserGroup"], shown["description"].clone(), "Helps")?;
    ask_each(group.add_members(["jane"])).await?;
    let shown = ask(group.get()).await?["user_group"]["members"].clone();
    let operations = ["AddUserGroupMembers", "GetUserGroup"];
    journey.proves(operations, shown[1]["user_id"].clone(), "jane")?;
    ask_each(group.remove_members(["john"])).await?;
    let shown = ask(group.get()).await?["user_group"]["members"].clone();
    let operations = ["RemoveUserGroupMembers", "GetUserGroup"];
    journey.proves(operations, shown[0]["user_id"].clone(), "jane")?;
    ask(group.delete()).await?;
    let listed = ask(groups.list()).await?["user_groups"].clone();
    journey.proves(["DeleteUserGroup", "ListUserGroups"], listed, json!([]))
}
