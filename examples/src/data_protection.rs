//! A data-protection job for a person who asks for their data and its erasure. It exports the user
//! and the user's channels, waits for the files, erases everything, and verifies that it is gone.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::exports::ChannelExport;
use stream_chat::{Cid, Client, FinishedTask};

/// The timeout of an export or a deletion.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// What goes to the person, and into the records of the job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Where the data of the user can be downloaded.
    pub users: Vec<String>,
    /// Where the messages of the user's channels can be downloaded.
    pub channels: Vec<String>,
    /// The channels that were erased: those that the user created.
    pub erased: Vec<Cid>,
}

/// Exports everything about a user and erases it. Nothing is erased before all is exported.
///
/// # Errors
/// There is no such user, or a task fails or takes too long.
pub async fn run(client: &Client, user_id: &str) -> Result<Receipt> {
    let user = client.user(user_id);
    user.get().await?.with_context(|| format!("there is no user {user_id}"))?;
    let mut receipt = Receipt::default();

    let exported = client.export_users([user_id]).and_wait().at_most(PATIENCE).await?;
    receipt.users = urls(&exported)?;

    let all =
        ChannelFilter::members().is_in([user_id]) | ChannelFilter::created_by_id().eq(user_id);
    let mut channels = client.query_channels(all).state(false).limit(30).items();
    let mut exports = Vec::new();
    while let Some(state) = channels.next().await? {
        let channel = state.channel;
        exports.push(ChannelExport::from(&channel.cid));
        if channel.created_by.is_some_and(|creator| creator.id == user_id) {
            receipt.erased.push(channel.cid);
        }
    }
    let exported = client.export_channels(exports).and_wait().at_most(PATIENCE).await?;
    receipt.channels = urls(&exported)?;

    client.delete_channels(&receipt.erased).hard().and_wait().at_most(PATIENCE).await?;
    let deletion = client.delete_users([user_id]).hard().messages_hard().conversations_hard();
    deletion.delete_files().and_wait().at_most(PATIENCE).await?;

    ensure!(user.get().await?.is_none(), "the user {user_id} is still there");
    Ok(receipt)
}

/// Returns the URLs of the exported files.
fn urls(exports: &[FinishedTask]) -> Result<Vec<String>> {
    let url = |export: &FinishedTask| export.url().map(str::to_owned);
    exports.iter().map(|export| url(export).context("an export without a file")).collect()
}
