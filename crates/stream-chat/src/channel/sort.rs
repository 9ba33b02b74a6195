use stream_models::filter::sort_fields;

sort_fields! {
    /// What [`Client::query_channels`](crate::Client::query_channels) can sort by, up to five fields.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use stream_chat::ChannelSort;
    /// use stream_chat::models::channels::ChannelFilter;
    ///
    /// let latest = client
    ///     .query_channels(ChannelFilter::members().is_in(["john"]))
    ///     .sort(ChannelSort::last_message_at().descending())
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Custom data can be sorted by too:
    /// [`SortParamRequest::descending`](crate::SortParamRequest::descending) takes any name.
    pub enum ChannelSort {
        /// When the channel was created.
        created_at = "created_at";
        /// Whether the user of the query has unread messages in the channel.
        has_unread = "has_unread";
        /// When the latest message was sent.
        last_message_at = "last_message_at";
        /// When the latest message was sent or, without one, the channel was created.
        last_updated = "last_updated";
        /// Number of members.
        member_count = "member_count";
        /// When the user of the query pinned the channel.
        pinned_at = "pinned_at";
        /// Number of messages that the user of the query has not read.
        unread_count = "unread_count";
        /// When the data of the channel was last changed.
        updated_at = "updated_at";
    }
}
