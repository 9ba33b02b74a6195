//! Users are created, blocked, changed, deactivated and deleted.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, ask_each};
use stream_chat::UserRequest;
use stream_models::custom_events::UserCustomEventRequest;
use stream_models::users::{UpdateUserPartialRequest, UserFilter};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let john = client.user("john");
    ask_each(client.upsert_users([
        UserRequest::new("john").name("John").custom("level", 3),
        UserRequest::new("jane"),
        UserRequest::new("kate"),
    ]))
    .await?;
    let found = ask(client.query_users(UserFilter::id().eq("john"))).await?;
    journey.proves(["UpdateUsers", "QueryUsers"], found["users"][0]["custom"]["level"].clone(), 3)?;

    let change = UpdateUserPartialRequest::new("john").set("name", "Johnny");
    ask_each(client.update_users_partial([change])).await?;
    let found = read(journey, "john").await?;
    journey.proves(["UpdateUsersPartial", "QueryUsers"], found["name"].clone(), "Johnny")?;

    ask(john.block("jane")).await?;
    let blocked = ask(john.blocked_users()).await?;
    let ids = json!([blocked["blocks"][0]["blocked_user_id"]]);
    journey.proves(["BlockUsers", "GetBlockedUsers"], ids, json!(["jane"]))?;
    ask(john.unblock("jane")).await?;
    let blocked = ask(john.blocked_users()).await?;
    journey.proves(["UnblockUsers", "GetBlockedUsers"], blocked["blocks"].clone(), json!([]))?;

    ask(john.deactivate()).await?;
    let found = read(journey, "john").await?;
    let operations = ["DeactivateUser", "QueryUsers"];
    journey.proves(operations, found["deactivated_at"].is_null(), false)?;
    ask(john.reactivate().name("John again")).await?;
    let found = read(journey, "john").await?;
    let found = json!([found["deactivated_at"].is_null(), found["name"]]);
    journey.proves(["ReactivateUser", "QueryUsers"], found, json!([true, "John again"]))?;

    journey.general(&["john"]).await?;
    journey.text("john", "take me along").await?;
    let export = ask(john.export()).await?;
    let found = json!([export["user"]["name"], export["messages"][0]["text"]]);
    journey.proves(["ExportUser", "SendMessage"], found, json!(["John again", "take me along"]))?;

    // A custom event changes no state; only an existing user gets one.
    let event = || UserCustomEventRequest::new("friendship_request").custom("from", "jane");
    ask(client.user("kate").send_event(event())).await?;
    ask_each(client.delete_users(["kate"])).await?;
    let refused = client.user("kate").send_event(event()).await.is_err_and(|e| e.is_not_found());
    journey.proves(["SendUserCustomEvent", "DeleteUsers"], refused, true)?;
    ask_each(client.restore_users(["kate"])).await?;
    let found = read(journey, "kate").await?;
    journey.proves(["RestoreUsers", "QueryUsers"], found["deleted_at"].clone(), Value::Null)
}

async fn read(journey: &Journey, id: &str) -> Result<Value> {
    let query = journey.client.query_users(UserFilter::id().eq(id)).include_deactivated();
    Ok(ask(query).await?["users"][0].clone())
}
