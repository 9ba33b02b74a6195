//! Renders users.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::View;
use crate::document::{Node, Object};
use crate::state::User;

/// The approximate number of fields of a user.
const USER_FIELDS: usize = 20;

/// The users that a view has rendered. The state does not change during a view's life, so that they
/// stay as they are.
#[derive(Debug, Default)]
pub(crate) struct RenderedUsers(RefCell<BTreeMap<String, Arc<Object>>>);

impl RenderedUsers {
    fn get_or_insert_with(&self, id: &str, render: impl FnOnce() -> Object) -> Arc<Object> {
        if let Some(user) = self.0.borrow().get(id) {
            return Arc::clone(user);
        }
        let user = Arc::new(render());
        self.0.borrow_mut().insert(id.to_owned(), Arc::clone(&user));
        user
    }
}

impl View<'_> {
    /// Renders a user as part of another object (`UserResponse`).
    pub(crate) fn user(self, user: &User) -> Object {
        self.with_ban(self.user_basics(user), user)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
    }

    /// Renders a single user (`FullUserResponse`).
    pub(crate) fn full_user(self, user: &User) -> Object {
        self.with_ban(self.own_user(user), user)
    }

    /// Adds a user's ban from the app, as others see it.
    fn with_ban(self, object: Object, user: &User) -> Object {
        let ban = self.world.moderation.bans.in_app(&user.id, self.now);
        object
            .field("shadow_banned", ban.is_some_and(|ban| ban.shadow))
            .optional("ban_expires", ban.and_then(|ban| ban.expires))
            .optional("bypass_moderation", user.bypass_moderation.then_some(true))
    }

    /// Renders a user as they see themselves (`OwnUserResponse`).
    pub(crate) fn own_user(self, user: &User) -> Object {
        let hidden = self.hidden_channels_of(&user.id);
        let unread = self.unread_sums(&user.id);
        self.user_basics(user)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
            .field("devices", self.devices_of(&user.id))
            .optional("push_preferences", self.push_preferences_of(&user.id))
            .field("mutes", self.mutes_of(&user.id))
            .field("channel_mutes", self.channel_mutes_of(&user.id))
            .non_empty("latest_hidden_channels", &hidden)
            .field("total_unread_count", unread.messages)
            .field("unread_channels", unread.channels)
            .field("unread_count", unread.messages)
            .field("unread_threads", unread.threads)
    }

    /// Returns the cids of the channels that a user has hidden.
    fn hidden_channels_of(self, user_id: &str) -> Vec<String> {
        let hidden = self
            .world
            .channels
            .of_member(user_id)
            .filter(|channel| channel.deleted_at.is_none() && channel.is_hidden_for(user_id));
        hidden.map(|channel| channel.cid.clone()).collect()
    }

    /// Renders the channel mutes of a user.
    pub(crate) fn channel_mutes_of(self, user_id: &str) -> Node {
        let channels = self.world.channels.of_member(user_id);
        channels
            .filter(|channel| channel.deleted_at.is_none())
            .filter_map(|channel| Some((channel, channel.mute_of(user_id, self.now)?)))
            .map(|(channel, mute)| self.channel_mute(channel, user_id, mute))
            .collect()
    }

    /// Renders a user by ID. A permanently deleted user is rendered as deleted.
    pub(crate) fn user_by_id(self, id: &str) -> Node {
        match self.users {
            Some(users) => users.get_or_insert_with(id, || self.unshared_user_by_id(id)).into(),
            None => self.unshared_user_by_id(id).into(),
        }
    }

    /// Renders a user by ID as an object of its own.
    pub(super) fn unshared_user_by_id(self, id: &str) -> Object {
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

    /// Renders the user of an event (`UserResponseCommonFields`).
    pub(crate) fn event_user(self, user: &User) -> Object {
        self.user_basics(user)
    }

    /// Renders the user whom an event is about (`UserResponsePrivacyFields`).
    pub(crate) fn subject_user(self, user: &User) -> Object {
        self.user_basics(user)
            .field("invisible", user.invisible)
            .optional("privacy_settings", user.privacy_settings.clone())
    }

    fn user_basics(self, user: &User) -> Object {
        let teams_role = user.teams_role.as_ref().map(|roles| {
            let roles = roles.iter().map(|(team, role)| (team.clone(), role.as_str()));
            roles.collect::<Object>()
        });
        let ban = self.world.moderation.bans.in_app(&user.id, self.now);
        let blocked: Node = user.blocked.keys().map(String::as_str).collect();
        Object::with_capacity(USER_FIELDS)
            .field("id", user.id.as_str())
            .optional("name", user.name.as_deref())
            .optional("image", user.image.as_deref())
            .field("role", user.role.as_str())
            .field("language", user.language.as_str())
            .field("teams", user.teams.clone())
            .optional("teams_role", teams_role)
            .field("banned", ban.is_some_and(|ban| !ban.shadow))
            .field("online", self.world.is_online(user))
            .field("blocked_user_ids", blocked)
            .custom(&user.custom)
            .field("created_at", user.created_at)
            .field("updated_at", user.updated_at)
            .optional("last_active", user.last_active)
            .optional("deactivated_at", user.deactivated_at)
            .optional("deleted_at", user.deleted_at)
            .optional("revoke_tokens_issued_before", user.revoke_tokens_issued_before)
    }
}
