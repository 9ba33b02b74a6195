//! App settings, and operations of the app beyond chat, have their effect.

use anyhow::{Context, Result};
use serde_json::json;

use super::{Journey, ask, ask_each, id};
use stream_chat::MessageRequest;
use stream_models::users::UserFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john"]).await?;

    let handler = "http://127.0.0.1:9/commands";
    ask(client.update_app().custom_action_handler_url(handler)).await?;
    let shown = client.app().await?;
    let limit = shown.rate_limit().limit;
    let shown = ask(client.app()).await?["app"]["custom_action_handler_url"].clone();
    journey.proves(["UpdateApp", "GetApp"], shown, handler)?;
    let limits = ask(client.rate_limits().server_side(true).endpoints(["GetApp"])).await?;
    let of_app = limits["server_side"]["GetApp"]["limit"].clone();
    journey.proves(["GetRateLimits", "GetApp"], of_app, json!(limit))?;

    // The queue cannot be reached, but missing settings are reported first.
    ask(client.update_app().sqs_key("key").sqs_secret("secret").sns_key("key")).await?;
    let queue = ask(client.check_sqs()).await?;
    let names = |text: &str, name: &str| text.contains(name);
    let text = id(&queue["error"])?;
    let found = [names(&text, "sqs_url"), names(&text, "sqs_key")];
    journey.proves(["CheckSQS", "UpdateApp"], json!(found), json!([true, false]))?;
    let topic = ask(client.check_sns()).await?;
    let text = id(&topic["error"])?;
    let found = [names(&text, "sns_topic_arn"), names(&text, "sns_key")];
    journey.proves(["CheckSNS", "UpdateApp"], json!(found), json!([true, false]))?;

    let guest = ask(client.create_guest("visitor")).await?;
    let guest = id(&guest["user"]["id"])?;
    let found = ask(client.query_users(UserFilter::id().eq(guest))).await?;
    journey.proves(["CreateGuest", "QueryUsers"], found["users"][0]["role"].clone(), "guest")?;

    let link = "https://getstream.io/chat";
    let preview = ask(client.link_preview(link)).await?;
    let channel = journey.general(&["john"]).await?;
    let message = MessageRequest::from(format!("see {link}")).user_id("john");
    let sent = ask(channel.send_message(message)).await?;
    let title = sent["message"]["attachments"][0]["title"].clone();
    journey.proves(["GetOG", "SendMessage"], title, preview["title"].clone())?;

    let task = ask_each(client.deactivate_users(["john"])).await?;
    let task = client.task(id(&task["task_id"])?);
    let done = ask(task.get()).await?;
    journey.proves(["GetTask", "DeactivateUsers"], done["status"].clone(), "completed")?;
    let users = ask(client.query_users(UserFilter::all()).include_deactivated()).await?;
    let users = users["users"].as_array().context("no users")?;
    let john = users.iter().find(|user| user["id"] == "john").context("no john")?;
    journey.proves(["DeactivateUsers", "QueryUsers"], john["deactivated_at"].is_null(), false)?;
    ask_each(client.reactivate_users(["john"])).await?;
    let users = ask(client.query_users(UserFilter::id().eq("john"))).await?;
    let john = &users["users"][0];
    journey.proves(["ReactivateUsers", "QueryUsers"], john["deactivated_at"].is_null(), true)
}
