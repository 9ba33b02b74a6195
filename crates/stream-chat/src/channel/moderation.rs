//! Bans from a channel.

use super::Channel;
use crate::request::{Actor, Request};
use stream_models::bans_and_flags::{Ban, BannedUserFilter, QueryBannedUsers, Unban};

/// # Bans
///
/// Bans that apply only to the channel; [`User::ban`](crate::User::ban) bans from the whole app.
impl Channel {
    /// Bans a user from the channel.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// use std::time::Duration;
    ///
    /// let channel = client.channel("messaging", "general");
    /// channel.ban("spammer", "moderator").timeout(Duration::from_secs(3600)).reason("spam").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/moderation/ban` · [guide](crate::guide::moderation)
    pub fn ban(&self, target: impl Into<String>, banned_by: impl Into<Actor>) -> Request<Ban> {
        self.client().user(target).ban(banned_by).body(|body| body.channel_cid(self.cid_string()))
    }

    /// Bans a user from the channel without the user noticing it: nobody else sees what the user
    /// writes.
    ///
    /// `POST /api/v2/moderation/ban` · [guide](crate::guide::moderation)
    pub fn shadow_ban(
        &self,
        target: impl Into<String>,
        banned_by: impl Into<Actor>,
    ) -> Request<Ban> {
        self.ban(target, banned_by).shadow()
    }

    /// Lifts the ban of a user from the channel.
    ///
    /// `POST /api/v2/moderation/unban` · [guide](crate::guide::moderation)
    pub fn unban(&self, target: impl Into<String>) -> Request<Unban> {
        let mut request = self.client().user(target).unban();
        request.operation.channel_cid = Some(self.cid_string().into());
        request
    }

    /// Queries the users who are banned from the channel.
    ///
    /// `GET /api/v2/chat/query_banned_users` · [guide](crate::guide::moderation)
    #[doc(alias = "queryBannedUsers")]
    pub fn query_banned_users(&self) -> Request<QueryBannedUsers> {
        let here = BannedUserFilter::channel_cid().eq(self.cid_string());
        self.client().moderation().query_banned_users(here)
    }
}
