//! Reminders and live locations are set, changed and deleted.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask, id};
use stream_chat::MessageRequest;
use stream_models::Timestamp;
use stream_models::locations::SharedLocation;
use stream_models::reminders::ReminderFilter;

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    journey.users(["john"]).await?;
    let channel = journey.general(&["john"]).await?;
    let types = client.channel_types();
    let both = |kind: stream_models::channel_types::UpdateChannelTypeRequest| {
        kind.user_message_reminders(true).shared_locations(true)
    };
    types.edit("messaging", both).await?;

    let message = client.message(journey.text("john", "do not forget").await?);
    ask(message.create_reminder("john")).await?;
    let listed = reminders(journey).await?;
    let found = json!([listed[0]["message_id"], listed[0]["remind_at"]]);
    let operations = ["CreateReminder", "QueryReminders"];
    journey.proves(operations, found, json!([message.id(), null]))?;
    let at: Timestamp = "2100-01-01T00:00:00Z".parse()?;
    ask(message.update_reminder("john").remind_at(at)).await?;
    let listed = reminders(journey).await?;
    let found = listed[0]["remind_at"].clone();
    journey.proves(["UpdateReminder", "QueryReminders"], found, json!(at))?;
    ask(message.delete_reminder("john")).await?;
    let operations = ["DeleteReminder", "QueryReminders"];
    journey.proves(operations, reminders(journey).await?, json!([]))?;

    let place = SharedLocation::new(52.5, 13.4).end_at(at).created_by_device_id("phone");
    let message = MessageRequest::from("here").user_id("john").shared_location(place);
    let sent = ask(channel.send_message(message)).await?;
    let message = id(&sent["message"]["id"])?;
    ask(client.user("john").update_live_location(message).latitude(48.1).longitude(11.6)).await?;
    let shared = ask(client.user("john").live_locations()).await?;
    let latitude = shared["active_live_locations"][0]["latitude"].clone();
    journey.proves(["UpdateLiveLocation", "GetUserLiveLocations"], latitude, 48.1)
}

async fn reminders(journey: &Journey) -> Result<Value> {
    let listed = ask(journey.client.user("john").query_reminders(ReminderFilter::all())).await?;
    Ok(listed["reminders"].clone())
}
