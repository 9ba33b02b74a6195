//! The default grants of the built-in channel types.

use std::collections::BTreeMap;

/// The roles of the table, with their letters.
const ROLES: &[(&str, &str)] = &[
    ("A", "admin"),
    ("M", "moderator"),
    ("U", "user"),
    ("cm", "channel_member"),
    ("cM", "channel_moderator"),
    ("G", "guest"),
    ("N", "anonymous"),
];

/// The built-in channel types, in the order of the table's columns.
const TYPES: &[&str] = &["messaging", "livestream", "team", "commerce", "gaming"];

/// The roles that have each permission, in each of the built-in channel types.
const TABLE: &[(&str, [&str; 5])] = &[
    ("add-links", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM G", "A M cm cM"]),
    ("add-links-owner", ["U", "", "U", "U", "U"]),
    ("ban-channel-member", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("ban-user", ["A M", "A M", "A M", "A M", "A M"]),
    ("create-attachment", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("create-attachment-owner", ["U", "", "U", "U", "U"]),
    ("create-call", ["A M cm cM", "A M cM", "A M cm cM", "A M cM", "A M cm cM"]),
    ("create-channel", ["A M U", "A M U", "A M U", "A M G", "A"]),
    ("create-mention", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("create-mention-owner", ["U", "", "U", "U", "U"]),
    ("create-message", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("create-message-owner", ["U", "", "U", "U", "U"]),
    ("create-reaction", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("create-reaction-owner", ["U", "", "U", "U", "U"]),
    ("create-system-message", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("delete-attachment", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("delete-attachment-owner", ["U", "U", "U", "U G", "U"]),
    ("delete-channel", ["A", "A", "A", "A", "A"]),
    ("delete-channel-owner", ["M U", "", "M U", "", ""]),
    ("delete-message", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("delete-message-owner", ["U", "U", "U", "U G", "U"]),
    ("delete-reaction", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("delete-reaction-owner", ["U", "U", "U", "U G", "U"]),
    ("flag-message", ["A M cm cM", "A M U G", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("flag-message-owner", ["U", "", "U", "U G", "U"]),
    ("join-call", ["A M cm cM", "A M U G N", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("mute-channel", ["A M cm cM", "A M U G", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("mute-channel-owner", ["U", "", "U", "U G", "U"]),
    ("pin-message", ["A M cm cM", "A M cM", "A M cm cM", "A M cM", "A M cM"]),
    ("pin-message-owner", ["U", "U", "U", "U G", ""]),
    ("read-channel", ["A M cm cM", "A M U G N", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("read-channel-members", ["A M cm cM", "A M U G N", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("read-channel-members-owner", ["U", "", "U", "U G", "U"]),
    ("read-channel-owner", ["U", "", "U", "U G", "U"]),
    ("read-message-flags", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("recreate-channel", ["A", "A", "A", "A", "A"]),
    ("recreate-channel-owner", ["M U", "", "M U", "", ""]),
    ("remove-own-channel-membership", ["A M cm cM", "A", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("remove-own-channel-membership-owner", ["U", "", "U", "U", "U"]),
    ("run-message-action", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("run-message-action-owner", ["U", "", "U", "U", "U"]),
    ("send-custom-event", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM", "A M cm cM"]),
    ("send-custom-event-owner", ["U", "", "U", "U", "U"]),
    ("skip-channel-cooldown", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("skip-message-moderation", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("truncate-channel", ["A", "A", "A", "A", "A"]),
    ("truncate-channel-owner", ["M U", "", "M U", "", ""]),
    ("unblock-message", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("update-channel", ["A M cM", "A", "A M cM", "A M cM", "A"]),
    ("update-channel-cooldown", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("update-channel-frozen", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("update-channel-members", ["A M cM", "A", "A M cM", "A M cM", "A"]),
    ("update-channel-members-owner", ["U", "", "U", "U G", ""]),
    ("update-channel-owner", ["U", "", "U", "", ""]),
    ("update-message", ["A M cM", "A M cM", "A M cM", "A M cM", "A M cM"]),
    ("update-message-owner", ["U", "U", "U", "U G", "U"]),
    ("upload-attachment", ["A M cm cM", "A M U", "A M cm cM", "A M cm cM G", "A M cm cM"]),
    ("upload-attachment-owner", ["U", "", "U", "U", "U"]),
];

/// The roles that have each permission in the whole app.
const APP_TABLE: &[(&str, &str)] = &[
    ("flag-user", "A M U G"),
    ("mute-user", "A M U G"),
    ("read-flag-reports", "A M"),
    ("search-user", "A M U G"),
    ("update-flag-report", "A M"),
    ("update-user-owner", "A M U G"),
];

/// Permissions that no role has by default.
const UNGRANTED: &[&str] = &[
    "add-own-channel-membership",
    "create-distinct-channel-for-others",
    "create-restricted-visibility-message",
    "read-disabled-channel",
    "update-thread",
    "update-user",
    "use-frozen-channel",
];

/// The permissions by role.
pub(crate) type Grants = BTreeMap<String, Vec<String>>;

/// Returns the default grants of a channel type; those of custom types equal those of `messaging`.
pub(crate) fn of_channel_type(name: &str) -> Grants {
    let column = TYPES.iter().position(|kind| *kind == name).unwrap_or_default();
    collect(TABLE.iter().filter_map(|(id, roles)| Some((*id, *roles.get(column)?))))
}

/// Returns whether a channel type grants a permission to a role by default.
pub(super) fn channel_type_grants(name: &str, role: &str, permission: &str) -> bool {
    let column = TYPES.iter().position(|kind| *kind == name).unwrap_or_default();
    let row = TABLE.iter().find(|(id, _)| *id == permission);
    row.and_then(|(_, roles)| roles.get(column)).is_some_and(|roles| names(roles, role))
}

/// Returns whether the app grants a permission to a role by default.
pub(super) fn app_grants(role: &str, permission: &str) -> bool {
    let row = APP_TABLE.iter().find(|(id, _)| *id == permission);
    row.is_some_and(|(_, roles)| names(roles, role))
}

/// Returns whether the letters include that of a role.
fn names(letters: &str, role: &str) -> bool {
    let letter = ROLES.iter().find(|(_, other)| *other == role).map(|(letter, _)| *letter);
    letter.is_some_and(|letter| letters.split(' ').any(|other| other == letter))
}

/// Returns the default grants in the whole app.
pub(crate) fn of_app() -> Grants {
    collect(APP_TABLE.iter().copied())
}

fn collect<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Grants {
    let mut grants: Grants = BTreeMap::new();
    for (id, roles) in rows {
        for letter in roles.split(' ') {
            if let Some((_, role)) = ROLES.iter().find(|(other, _)| *other == letter) {
                grants.entry((*role).to_owned()).or_default().push(id.to_owned());
            }
        }
    }
    grants
}

/// Returns the IDs of all built-in permissions, and whether each applies to the whole app.
pub(crate) fn permissions() -> impl Iterator<Item = (&'static str, bool)> {
    let of_channels = TABLE.iter().map(|(id, _)| *id).chain(UNGRANTED.iter().copied());
    let of_app = APP_TABLE.iter().map(|(id, _)| (*id, true));
    of_channels.map(|id| (id, false)).chain(of_app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_grant_what_they_grant() {
        let has = |kind: &str, role: &str, id: &str| {
            of_channel_type(kind).get(role).is_some_and(|ids| ids.iter().any(|other| other == id))
        };
        assert!(has("messaging", "channel_member", "create-message"));
        assert!(!has("messaging", "user", "create-message"));
        assert!(has("livestream", "user", "create-message"));
        assert!(has("livestream", "anonymous", "read-channel"));
        assert!(has("gaming", "admin", "create-channel"));
        assert!(!has("gaming", "user", "create-channel"));
        assert_eq!(of_channel_type("own"), of_channel_type("messaging"));
    }

    #[test]
    fn single_permissions_are_those_of_the_whole_table() {
        for kind in TYPES {
            let all = of_channel_type(kind);
            for (role, (id, _)) in ROLES
                .iter()
                .flat_map(|(_, role)| permissions().map(move |permission| (*role, permission)))
            {
                let has = all.get(role).is_some_and(|ids| ids.iter().any(|other| other == id));
                assert_eq!(channel_type_grants(kind, role, id), has, "{kind} {role} {id}");
                let has = of_app().get(role).is_some_and(|ids| ids.iter().any(|other| other == id));
                assert_eq!(app_grants(role, id), has, "{role} {id}");
            }
        }
    }

    #[test]
    fn each_permission_stands_once() {
        let mut ids: Vec<_> = permissions().map(|(id, _)| id).collect();
        ids.sort_unstable();
        assert!(ids.is_sorted_by(|one, other| one < other));
    }
}
