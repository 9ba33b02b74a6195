//! Bans, flags and mutes of a user.

use serde_json::{Map, Value};

use super::User;
use crate::bulk::{Bulk, IntoEntries};
use crate::request::{Actor, Request};
use stream_models::bans_and_flags::{Ban, Flag, Mute, MuteRequest, Unmute, UnmuteRequest};
use stream_models::checks::Check;
use stream_models::review_queue::ModerationPayload;

/// The entity type of a user in moderation.
const ENTITY_TYPE: &str = "stream:user";
/// The entity type of a user's profile in moderation, and the policy that checks it.
const PROFILE_TYPE: &str = "userprofile";
const PROFILE_POLICY: &str = "user_profile:default";
/// The maximum number of users that the server mutes in one request.
const MAX_MUTES: usize = 1000;

/// # Bans, flags and mutes
impl User {
    /// Bans the user from the whole app without the user noticing it: nobody else sees what the user
    /// writes.
    ///
    /// `POST /api/v2/moderation/ban` · [guide](crate::guide::moderation)
    pub fn shadow_ban(&self, banned_by: impl Into<Actor>) -> Request<Ban> {
        self.ban(banned_by).shadow()
    }

    /// Flags the user for moderation, on behalf of another user.
    ///
    /// `POST /api/v2/moderation/flag` · [guide](crate::guide::moderation)
    pub fn flag(&self, flagged_by: impl Into<Actor>) -> Request<Flag> {
        self.moderated().flag(flagged_by)
    }

    /// Checks a name, a picture or both before the user's profile is changed. This changes nothing
    /// and adds nothing to the review queue: the response contains the recommendation of
    /// moderation.
    ///
    /// The policy is `user_profile:default`, unless [`config_key`](Request::config_key) names another.
    ///
    /// ```no_run
    /// # async fn example(client: stream_chat::Client) -> Result<(), stream_chat::Error> {
    /// let john = client.user("john");
    /// let verdict = john.check_profile("The Boss", "https://example.com/boss.jpg").await?;
    /// let named = john.check_profile("The Boss", None).await?;
    /// if named.recommended_action == "remove" {
    ///     println!("choose another name");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `POST /api/v2/moderation/check` · [guide](crate::guide::moderation)
    pub fn check_profile<'a>(
        &self,
        name: impl Into<Option<&'a str>>,
        image: impl Into<Option<&'a str>>,
    ) -> Request<Check> {
        let entity = self.client().moderation().entity(PROFILE_TYPE, self.id());
        let mut payload = ModerationPayload::new();
        if let Some(name) = name.into() {
            payload = payload.texts([name]);
        }
        if let Some(image) = image.into() {
            payload = payload.images([image]);
        }
        let options = Map::from_iter([
            ("force_sync".to_owned(), Value::Bool(true)),
            ("test_mode".to_owned(), Value::Bool(true)),
        ]);
        let check = entity.check(self.id()).config_key(PROFILE_POLICY).moderation_payload(payload);
        check.check_options(options).test_mode(true)
    }

    /// Returns a handle to the user as a moderated entity. This sends no request.
    #[must_use]
    pub fn moderated(&self) -> crate::ModeratedEntity {
        self.client().moderation().entity(ENTITY_TYPE, self.id())
    }

    /// Mutes users for this user, in batches of 1,000.
    ///
    /// `POST /api/v2/moderation/mute` · [guide](crate::guide::moderation)
    pub fn mute_users<'a>(&self, targets: impl IntoEntries<'a, String>) -> Bulk<'a, Mute, String> {
        let user = self.clone();
        Bulk::new(self.client().executor(), MAX_MUTES, targets, move |targets| {
            Mute::new(MuteRequest::new(targets).user_id(user.id()))
        })
    }

    /// Unmutes users for this user, in batches of 1,000.
    ///
    /// `POST /api/v2/moderation/unmute` · [guide](crate::guide::moderation)
    pub fn unmute_users<'a>(
        &self,
        targets: impl IntoEntries<'a, String>,
    ) -> Bulk<'a, Unmute, String> {
        let user = self.clone();
        Bulk::new(self.client().executor(), MAX_MUTES, targets, move |targets| {
            Unmute::new(UnmuteRequest::new(targets).user_id(user.id()))
        })
    }
}
