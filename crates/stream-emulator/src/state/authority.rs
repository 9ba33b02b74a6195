//! Who has which permission: the roles of users, and what these are granted.

use serde_json::Value;

use super::grants::{self, Grants};
use super::{Channel, World};

impl World {
    /// The role of a user in the app.
    pub(crate) fn role_of<'a>(&'a self, user_id: &str) -> &'a str {
        self.users.get(user_id).map_or("anonymous", |user| user.role.as_str())
    }

    /// The roles of a user in a channel: the one in the app, and the one of the membership.
    pub(crate) fn roles_in<'a>(&'a self, channel: &'a Channel, user_id: &str) -> Vec<&'a str> {
        let of_member = channel.member(user_id).map(|member| member.channel_role.as_str());
        std::iter::once(self.role_of(user_id)).chain(of_member).collect()
    }

    /// What a channel type grants: the built-in grants, with the roles that were given others.
    pub(crate) fn grants_of_type(&self, name: &str) -> Grants {
        let mut granted = grants::of_channel_type(name);
        if let Some(kind) = self.channel_types.get(name) {
            granted.extend(kind.grants.clone());
        }
        granted
    }

    /// Whether a user may see what is said in a channel.
    pub(crate) fn may_read(&self, channel: &Channel, user_id: &str) -> bool {
        self.may_in(channel, user_id, "read-channel")
    }

    /// Whether a user has a permission in a channel. Grants of the channel itself add to those of
    /// its type, or take from them with a leading `!`.
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

    /// Whether the role of a user in the app has a permission in channels of a type.
    pub(crate) fn is_granted_in_type(&self, kind: &str, user_id: &str, permission: &str) -> bool {
        self.app.flag("disable_permissions_checks")
            || self.type_grants(kind, self.role_of(user_id), permission)
    }

    /// Whether a channel type grants a role a permission.
    fn type_grants(&self, kind: &str, role: &str, permission: &str) -> bool {
        match self.channel_types.get(kind).and_then(|kind| kind.grants.get(role)) {
            Some(ids) => ids.iter().any(|id| id == permission),
            None => grants::channel_type_grants(kind, role, permission),
        }
    }

    /// Whether a user has a permission in a channel, or owns it and has the one of owners.
    pub(crate) fn may_in(&self, channel: &Channel, user_id: &str, permission: &str) -> bool {
        self.is_granted_in(channel, user_id, permission)
            || channel.created_by == user_id
                && self.is_granted_in(channel, user_id, &format!("{permission}-owner"))
    }

    /// Whether a user has a permission in the app as a whole.
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
