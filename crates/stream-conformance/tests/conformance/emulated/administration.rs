//! Administration has its effect: block lists, roles, permissions, filters, retention, storage,
//! usage.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Journey, ask, ask_each};
use stream_chat::UserRequest;
use stream_models::channels::ChannelFilter;
use stream_models::external_storage::{ExternalStorageType, S3Request};
use stream_models::retention::{RetentionPolicyRunFilter, RetentionPolicyType};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    block_lists(journey).await?;
    roles(journey).await?;
    permissions(journey).await?;
    filters(journey).await?;
    retention(journey).await?;
    storage(journey).await?;
    usage(journey).await
}

async fn block_lists(journey: &mut Journey) -> Result<()> {
    let lists = journey.client.block_lists();
    ask(lists.create("rude", ["darn"])).await?;
    let words = async || anyhow::Ok(ask(lists.get("rude")).await?["blocklist"]["words"].clone());
    journey.proves(["CreateBlockList", "GetBlockList"], words().await?, json!(["darn"]))?;
    ask(lists.update("rude").words(["heck"])).await?;
    journey.proves(["UpdateBlockList", "GetBlockList"], words().await?, json!(["heck"]))?;
    ask(lists.import("rude", ["darn"])).await?;
    journey.proves(["ImportBlockList", "GetBlockList"], words().await?, json!(["heck", "darn"]))?;
    ask(lists.delete("rude")).await?;
    let listed = ask(lists.list()).await?["blocklists"].clone();
    let listed = listed.as_array().map(|lists| lists.iter().any(|list| list["name"] == "rude"));
    journey.proves(["DeleteBlockList", "ListBlockLists"], json!(listed), false)
}

async fn roles(journey: &mut Journey) -> Result<()> {
    let roles = journey.client.roles();
    ask(roles.create("captain")).await?;
    let found = ask(roles.search("capt")).await?["roles"][0]["name"].clone();
    journey.proves(["CreateRole", "SearchRoles"], found, "captain")?;
    ask(roles.delete("captain")).await?;
    let listed = ask(roles.list()).await?["roles"].clone();
    let listed = listed.as_array().map(|roles| roles.iter().any(|role| role["name"] == "captain"));
    journey.proves(["DeleteRole", "ListRoles"], json!(listed), false)
}

async fn permissions(journey: &mut Journey) -> Result<()> {
    let permissions = journey.client.permissions();
    let condition = || Map::from_iter([("$subject.magic".to_owned(), Value::from(true))]);
    ask(permissions.create("wave", "Wave", "ReadChannel", condition())).await?;
    let name = async || anyhow::Ok(ask(permissions.get("wave")).await?["permission"]["name"].clone());
    journey.proves(["CreatePermission", "GetPermission"], name().await?, "Wave")?;
    ask(permissions.update("wave", "Wave twice", "ReadChannel", condition())).await?;
    journey.proves(["UpdatePermission", "GetPermission"], name().await?, "Wave twice")?;
    ask(permissions.delete("wave")).await?;
    let listed = ask(permissions.list()).await?["permissions"].clone();
    let listed = listed.as_array().map(|all| all.iter().any(|it| it["id"] == "wave"));
    journey.proves(["DeletePermission", "ListPermissions"], json!(listed), false)
}

async fn filters(journey: &mut Journey) -> Result<()> {
    let filters = journey.client.predefined_filters();
    let by_type = || ChannelFilter::type_().eq("messaging");
    ask(filters.create("mine", by_type())).await?;
    let shown = async || {
        anyhow::Ok(ask(filters.get("mine")).await?["predefined_filter"]["description"].clone())
    };
    let made = shown().await?;
    let made = made.as_str().unwrap_or_default();
    journey.proves(["CreatePredefinedFilter", "GetPredefinedFilter"], made, "")?;
    ask(filters.update("mine", by_type()).description("Mine")).await?;
    journey.proves(["UpdatePredefinedFilter", "GetPredefinedFilter"], shown().await?, "Mine")?;
    ask(filters.delete("mine")).await?;
    let listed = ask(filters.list()).await?["predefined_filters"].clone();
    journey.proves(["DeletePredefinedFilter", "GetPredefinedFilters"], listed, json!([]))
}

async fn retention(journey: &mut Journey) -> Result<()> {
    let retention = journey.client.retention();
    let policy = || RetentionPolicyType::OldMessages;
    ask(retention.set(policy(), Duration::from_secs(48 * 3600))).await?;
    let listed = ask(retention.list()).await?["policies"].clone();
    let operations = ["SetRetentionPolicy", "GetRetentionPolicy"];
    journey.proves(operations, listed[0]["policy"].clone(), "old-messages")?;
    let runs = ask(retention.query_runs(RetentionPolicyRunFilter::all())).await?["runs"].clone();
    journey.proves(["GetRetentionPolicyRuns", "GetRetentionPolicy"], runs.is_array(), true)?;
    ask(retention.delete(policy())).await?;
    let listed = ask(retention.list()).await?["policies"].clone();
    journey.proves(["DeleteRetentionPolicy", "GetRetentionPolicy"], listed, json!([]))
}

async fn storage(journey: &mut Journey) -> Result<()> {
    let storages = journey.client.external_storages();
    let kind = || ExternalStorageType::S3;
    let s3 = || S3Request::new("eu-west-1");
    ask(storages.create("mine", kind(), "bucket").aws_s3(s3())).await?;
    let bucket = async || {
        anyhow::Ok(ask(storages.list()).await?["external_storages"]["mine"]["bucket"].clone())
    };
    journey.proves(["CreateExternalStorage", "ListExternalStorage"], bucket().await?, "bucket")?;
    ask(storages.update("mine", kind(), "other").aws_s3(s3())).await?;
    journey.proves(["UpdateExternalStorage", "ListExternalStorage"], bucket().await?, "other")?;
    let checked = ask(storages.check("mine")).await?["file_url"].clone();
    let status = journey.status_of("GET", &super::id(&checked)?, "").await?;
    journey.proves(["CheckExternalStorage", "ListExternalStorage"], status, 200)?;
    ask(storages.delete("mine")).await?;
    journey.proves(["DeleteExternalStorage", "ListExternalStorage"], bucket().await?, Value::Null)
}

async fn usage(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    ask_each(client.upsert_users([UserRequest::new("john").teams(["red"])])).await?;
    let stats = ask(client.query_team_usage_stats().team("red")).await?["teams"].clone();
    let total = stats[0]["users_total"]["total"].clone();
    journey.proves(["QueryTeamUsageStats", "UpdateUsers"], total, 1)
}
