//! The export of a channel.

use super::Channel;
use crate::bulk::Bulk;
use stream_models::exports::{ChannelExport, ExportChannels};

/// # Export
impl Channel {
    /// Exports the channel in the background.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let exports = client.channel("messaging", "general").export().and_wait().await?;
    /// println!("{:?}", exports.first().and_then(|export| export.url()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/chat/export_channels` · [guide](crate::guide::large_jobs)
    pub fn export(&self) -> Bulk<'static, ExportChannels, ChannelExport> {
        self.client().export_channels([ChannelExport::new().cid(self.cid_string())])
    }
}
