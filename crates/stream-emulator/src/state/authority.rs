//! Permissions of users: their roles, and the grants of these.

use serde_json::Value;

use super::grants::{self, Grants};
use super::{Channel, World};

impl World {
    /// Returns the app role of a user.
    pub(crate) fn role_of<'a>(&'a self, user_id: &str) -> &'a str {
        self.users.get(user_id).map_or("anonymous", |user| user.role.as_str())
    }

    /// Returns the roles of a user in a channel: the app role, and the channel role of a member.
    pub(crate) fn roles_in<'a>(&'a self, channel: &'a Channel, user_id: &str) -> Vec<&'a str> {
        let of_member = channel.member(user_id).map(|member| member.channel_role.as_str());
        std::iter::once(self.role_of(user_id)).chain(of_member).collect()
    }

    /// Returns the grants of a channel type: the built-in ones, with the changed roles replaced.
    pub(crate) fn grants_of_type(&self, name: &str) -> Grants {
        let mut granted = grants::of_channel_type(name);
        if let Some(kind) = self.channel_types.get(name) {
            granted.extend(kind.grants.clone());
        }
        granted
    }

    /// Returns whether a user may read a channel.
    pub(crate) fn may_read(&self, channel: &Channel, user_id: &str) -> bool {
        self.may_in(channel, user_id, "read-channel")
    }

    /// Returns whether a user has a permission in a channel. The channel's own grants add to those
    /// of its type, or remove from them with a leading `!`.
    pub(crate) fn is_granted_in(&self, channel: &Channel, user_id: &str, permission: &str) -> bool {
        if self.app.flag("disable_permissions_checks") {
            return true;
        }
        let of_channel = channel.config_overrides.get("grants").and_then(Value::as_object);
        self.roles_in(channel, user_id).into_iter().any(|role| {
            let own = of_channel.and_then(|grants| grants.get(role)).and_then(Value::as_array);
            let has_own = |sought: &str| {
                own.is_some_and(|ids| ids.iter().any(|id| id.as_str() == Some(sought)))
            };
            let has = self.type_grants(&channel.kind, role, permission);
            has_own(permission) || has && !has_own(&format!("!{permission}"))
        })
    }

    /// Returns whether a user's app role has a permission in channels of a type.
    pub(crate) fn is_granted_in_type(&self, kind: &str, user_id: &str, permission: &str) -> bool {
        self.app.flag("disable_permissions_checks")
            || self.type_grants(kind, self.role_of(user_id), permission)
    }

    /// Returns whether a channel type grants a permission to a role.
    fn type_grants(&self, kind: &str, role: &str, permission: &str) -> bool {
        match self.channel_types.get(kind).and_then(|kind| kind.grants.get(role)) {
            Some(ids) => ids.iter().any(|id| id == permission),
            None => grants::channel_type_grants(kind, role, permission),
        }
    }

    /// Returns whether a user has a permission in a channel, or owns it and has the permission of
    /// owners.
    pub(crate) fn may_in(&self, channel: &Channel, user_id: &str, permission: &str) -> bool {
        self.is_granted_in(channel, user_id, permission)
            || channel.created_by == user_id
                && self.is_granted_in(channel, user_id, &format!("{permission}-owner"))
    }

    /// Returns whether a user has a permission in the whole app.
    pub(crate) fn is_granted_in_app(&self, user_id: &str, permission: &str) -> bool {
        if self.app.flag("disable_permissions_checks") {
            return true;
        }
        let role = self.role_of(user_id);
        let given = self.app.get("grants").and_then(|grants| grants.get(role)?.as_array());
        match given {
            Some(ids) => ids.iter().any(|id| id.as_str() == Some(permission)),
            None => grants::app_grants(role, permission),
        }
    }
}
