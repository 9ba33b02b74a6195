//! Channel types: methods that combine or specialize operations.

use crate::ChannelTypes;
use stream_http::{Error, Response};
use stream_models::channel_types::{
    BlockListOptions, GetChannelTypeResponse, UpdateChannelTypeRequest, UpdateChannelTypeResponse,
};

impl ChannelTypes {
    /// Changes some settings of a channel type and leaves the others unchanged.
    ///
    /// The server requires three settings in every update (`automod`, `automod_behavior`,
    /// `max_message_length`), so they are read first. A change that someone else makes to them
    /// between the two requests is overwritten.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// client.channel_types().edit("messaging", |settings| settings.reactions(false)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `GET /api/v2/chat/channeltypes/{name}`, `PUT /api/v2/chat/channeltypes/{name}`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn edit(
        &self,
        name: impl Into<String>,
        change: impl FnOnce(UpdateChannelTypeRequest) -> UpdateChannelTypeRequest,
    ) -> Result<Response<UpdateChannelTypeResponse>, Error> {
        let name = name.into();
        let current = self.get(&name).await?.into_inner();
        self.update(name, change(unchanged(&current))).await
    }

    /// Checks the messages in channels of a type against an additional block list. A list that is
    /// already attached gets the new behavior.
    ///
    /// The server only replaces the whole set of block lists, so they are read first. A change that
    /// someone else makes to them between the two requests is overwritten: attach lists from one
    /// process.
    ///
    /// `GET /api/v2/chat/channeltypes/{name}`, `PUT /api/v2/chat/channeltypes/{name}`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn attach_block_list(
        &self,
        name: impl Into<String>,
        block_list: impl Into<BlockListOptions>,
    ) -> Result<Response<UpdateChannelTypeResponse>, Error> {
        let (name, block_list) = (name.into(), block_list.into());
        let current = self.get(&name).await?.into_inner();
        let settings = unchanged(&current);
        let mut lists = current.blocklists;
        lists.retain(|list| list.blocklist != block_list.blocklist);
        lists.push(block_list);
        self.update(name, settings.blocklists(lists)).await
    }
}

/// Returns an update that changes nothing.
fn unchanged(current: &GetChannelTypeResponse) -> UpdateChannelTypeRequest {
    UpdateChannelTypeRequest::new(
        current.automod.clone(),
        current.automod_behavior.clone(),
        current.max_message_length,
    )
}
