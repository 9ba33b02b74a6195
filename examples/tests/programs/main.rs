//! Each example program works, with its own emulator.

#![cfg(test)]

mod campaign;
mod data_protection;
mod inbox;
mod marketplace;
mod migration;
mod moderation;

use anyhow::Result;

use stream_chat::Client;
use stream_emulator::Emulator;

/// Starts an emulator, and returns it with a client.
async fn start() -> Result<(Emulator, Client)> {
    let emulator = Emulator::start().await?;
    let client = Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()?;
    Ok((emulator, client))
}
