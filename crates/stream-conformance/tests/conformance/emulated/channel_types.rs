//! Channel types and commands have their effect.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Journey, ask};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let commands = client.commands();
    ask(commands.create("ticket", "Opens a ticket")).await?;
    let shown = ask(commands.get("ticket")).await?["description"].clone();
    journey.proves(["CreateCommand", "GetCommand"], shown, "Opens a ticket")?;
    ask(commands.update("ticket", "Opens a ticket").args("[text]")).await?;
    let listed = ask(commands.list()).await?["commands"].clone();
    journey.proves(["UpdateCommand", "ListCommands"], named(&listed, "ticket")["args"].clone(), "[text]")?;

    let types = client.channel_types();
    ask(types.create("room").commands(["ticket"])).await?;
    let shown = ask(types.get("room")).await?["commands"][0]["name"].clone();
    journey.proves(["CreateChannelType", "GetChannelType"], shown, "ticket")?;
    types.edit("room", |kind| kind.commands(Vec::<String>::new()).reactions(false)).await?;
    let listed = ask(types.list()).await?["channel_types"]["room"].clone();
    let operations = ["UpdateChannelType", "ListChannelTypes"];
    journey.proves(operations, listed["reactions"].clone(), false)?;
    ask(types.delete("room")).await?;
    let listed = ask(types.list()).await?["channel_types"]["room"].clone();
    journey.proves(["DeleteChannelType", "ListChannelTypes"], listed, Value::Null)?;

    ask(commands.delete("ticket")).await?;
    let listed = ask(commands.list()).await?["commands"].clone();
    journey.proves(["DeleteCommand", "ListCommands"], named(&listed, "ticket"), json!(null))
}

/// Returns the entry of a list with this name.
fn named(list: &Value, name: &str) -> Value {
    let mut entries = list.as_array().into_iter().flatten();
    entries.find(|entry| entry["name"] == name).cloned().unwrap_or_default()
}
