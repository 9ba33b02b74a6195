//! Users as JSON.

use super::{Object, View};
use crate::state::User;
use serde_json::{Map, Value};

impl View<'_> {
    /// A user as part of something else (`UserResponse`).
    pub(crate) fn user(self, user: &User) -> Value {
        self.user_basics(user)
            .field("shadow_banned", false)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
            .into()
    }

    /// A user on its own (`FullUserResponse`).
    pub(crate) fn full_user(self, user: &User) -> Value {
        self.user_basics(user)
            .field("shadow_banned", false)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
            .field("devices", Value::Array(Vec::new()))
            .field("mutes", Value::Array(Vec::new()))
            .field("channel_mutes", Value::Array(Vec::new()))
            .field("total_unread_count", 0)
            .field("unread_channels", 0)
            .field("unread_count", 0)
            .field("unread_threads", 0)
            .into()
    }

    /// A user by id. One that is gone for good still has an id, and stands as deleted.
    pub(crate) fn user_by_id(self, id: &str) -> Value {
        match self.world.users.get(id) {
            Some(user) => self.user(user),
            None => {
                let long_ago = self.world.app.created_at;
                let mut user = User::new(id, long_ago);
                user.deleted_at = Some(long_ago);
                self.user(&user)
            }
        }
    }

    /// The user of an event (`UserResponseCommonFields`).
    pub(crate) fn event_user(self, user: &User) -> Value {
        self.user_basics(user).into()
    }

    /// The user of an event about that user (`UserResponsePrivacyFields`).
    pub(crate) fn subject_user(self, user: &User) -> Value {
        self.user_basics(user)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
            .into()
    }

    fn user_basics(self, user: &User) -> Object {
        let teams_role = user.teams_role.as_ref().map(|roles| {
            roles
                .iter()
                .map(|(team, role)| (team.clone(), Value::from(role.as_str())))
                .collect::<Map<_, _>>()
        });
        Object::new()
            .field("id", user.id.as_str())
            .optional("name", user.name.as_deref())
            .optional("image", user.image.as_deref())
            .field("role", user.role.as_str())
            .field("language", user.language.as_str())
            .field("teams", user.teams.clone())
            .optional("teams_role", teams_role)
            .field("banned", false)
            .field("online", false)
            .field("blocked_user_ids", Value::Array(Vec::new()))
            .field("custom", user.custom.clone())
            .field("created_at", self.time(user.created_at))
            .field("updated_at", self.time(user.updated_at))
            .optional("deactivated_at", self.optional_time(user.deactivated_at))
            .optional("deleted_at", self.optional_time(user.deleted_at))
            .optional(
                "revoke_tokens_issued_before",
                self.optional_time(user.revoke_tokens_issued_before),
            )
    }
}
