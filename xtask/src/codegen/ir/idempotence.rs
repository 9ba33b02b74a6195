//! Determines which operations are idempotent. `GET`, `PUT` and `DELETE` are by their method,
//! `POST` and `PATCH` are not; the tables list the exceptions with their reasons.
//!
//! An entry requires a fact: that the operation only reads, that it sets a state which the request
//! contains, or that the request names the one object that it creates. If the API leaves that open,
//! the operation is not repeated, since a failed call is better than one that happens twice.

use stream_spec::Operation;

/// Prefixes of `POST`s that only read.
const READING_PREFIXES: [&str; 2] = ["Query", "query_"];

/// `POST`s and `PATCH`es whose repetition has no further effect.
const REPEATABLE: [(&str, &str); 44] = [
    ("AddUserGroupMembers", "a group holds each of the named users once"),
    ("BlockUsers", "sets a block between two named users"),
    ("CreateDevice", "stores the device under its id"),
    ("DeleteRetentionPolicy", "removes the policy of the named kind"),
    ("DeleteSegmentTargets", "removes the named targets"),
    ("EphemeralMessageUpdate", "sets and unsets the named fields"),
    ("GetOrCreateChannel", "the path names the channel that is created if it is missing"),
    ("GetOrCreateDistinctChannel", "the members name the channel that is created if it is missing"),
    ("GetRetentionPolicyRuns", "reads"),
    ("GroupedQueryChannels", "reads"),
    ("HideChannel", "sets that a channel is hidden"),
    ("MarkChannelsRead", "sets up to where the user has read"),
    ("MarkDelivered", "sets up to where messages were delivered"),
    ("MarkRead", "sets up to where the user has read"),
    ("MarkUnread", "sets from where on the user has not read"),
    ("MuteChannel", "sets a mute and its end"),
    ("RemoveUserGroupMembers", "removes the named users"),
    ("SetRetentionPolicy", "stores the policy of the named kind"),
    ("ShowChannel", "sets that a channel is not hidden"),
    ("UnblockUsers", "removes a block between two named users"),
    ("UnmuteChannel", "removes a mute"),
    ("UnreadCountsBatch", "reads"),
    ("UpdateApp", "sets the named settings"),
    ("UpdateChannelPartial", "sets and unsets the named fields"),
    ("UpdateMemberPartial", "sets and unsets the named fields"),
    ("UpdateMessage", "replaces the message of the path"),
    ("UpdatePollPartial", "sets and unsets the named fields"),
    ("UpdatePushNotificationPreferences", "sets the preferences of the named users"),
    ("UpdateReminder", "sets when the reminder of the path is due"),
    ("UpdateThreadPartial", "sets and unsets the named fields"),
    ("UpdateUsers", "stores each user under their id"),
    ("UpdateUsersPartial", "sets and unsets the named fields"),
    ("UpsertPushProvider", "stores the provider under its kind and name"),
    ("UpsertPushTemplate", "stores the template under its provider and event"),
    ("V2UpsertTemplate", "stores the template under its name"),
    ("ValidateImporterExternalStorage", "tries whether the stored credentials reach the bucket"),
    ("bulk_delete_action_config", "removes the named entries"),
    ("delete_queue", "removes the queue of the path"),
    ("get_flag_count", "reads"),
    ("unban", "removes a ban of a named user"),
    ("unmute", "removes a mute of named users"),
    ("update_queue", "sets the named fields of the queue of the path"),
    ("upsert_config", "stores the policy under its key"),
    ("upsert_setup_session", "stores the one state of the guided setup"),
];

/// `PUT`s and `DELETE`s whose repetition has further effects.
const NOT_REPEATABLE: [(&str, &str); 1] = [("ChannelBatchUpdate", "starts a task each time")];

/// Creations that are idempotent if the caller chooses the ID, with the path of that ID in the
/// body. The object is then created once, and a repetition is refused or replaces it.
const CHOSEN_ID: [(&str, &[&str]); 2] = [
    // The server refuses a second message with the same ID.
    ("SendMessage", &["message", "id"]),
    // With an ID, the entry is changed; without one, each request creates a new entry.
    ("upsert_action_config", &["id"]),
];

/// Returns whether sending the operation twice always has the effect of sending it once.
pub(super) fn is_idempotent(operation: &Operation) -> bool {
    let id = operation.id.as_str();
    let is_in = |table: &[(&str, &str)]| table.iter().any(|(entry, _)| *entry == id);
    match operation.method.as_str() {
        "post" | "patch" => {
            is_in(&REPEATABLE) || READING_PREFIXES.iter().any(|prefix| id.starts_with(prefix))
        }
        _ => !is_in(&NOT_REPEATABLE),
    }
}

/// Returns the field of the body that makes the operation idempotent when it is set.
pub(super) fn chosen_id(operation: &Operation) -> Option<&'static [&'static str]> {
    CHOSEN_ID.iter().find(|(id, _)| *id == operation.id).map(|(_, path)| *path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream_spec as spec;

    fn operation<'a>(document: &'a spec::Document, id: &str) -> &'a Operation {
        &document.operations.get(id).unwrap_or_else(|| panic!("{id}")).value
    }

    #[test]
    fn every_exception_names_an_operation_whose_method_says_otherwise() {
        let document = spec::load(&spec::workspace_root().join("spec")).unwrap();
        for (id, reason) in REPEATABLE.iter().chain(&NOT_REPEATABLE) {
            let operation = operation(&document, id);
            let by_method = !matches!(operation.method.as_str(), "post" | "patch");
            assert_ne!(is_idempotent(operation), by_method, "{id}");
            assert!(!reason.is_empty());
            assert!(!READING_PREFIXES.iter().any(|prefix| id.starts_with(prefix)), "{id}");
        }
        for prefix in READING_PREFIXES {
            assert!(document.operations.keys().any(|id| id.starts_with(prefix)), "{prefix}");
        }
        assert!(REPEATABLE.is_sorted());
    }

    #[test]
    fn a_chosen_id_is_a_field_of_an_operation_that_is_not_repeatable_without_it() {
        let document = spec::load(&spec::workspace_root().join("spec")).unwrap();
        for (id, path) in CHOSEN_ID {
            let operation = operation(&document, id);
            assert!(!is_idempotent(operation), "{id}");
            let mut schema = operation.body.as_ref().map(|body| body.schema.as_str()).unwrap();
            for (depth, name) in path.iter().enumerate() {
                let property = &document.schemas[schema].value["properties"][name];
                match property["$ref"].as_str().and_then(spec::reference_name) {
                    Some(inner) => schema = inner,
                    None => {
                        assert_eq!(property["type"], "string", "{id}");
                        assert_eq!(depth, path.len() - 1, "{id}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_sends_or_creates_something_each_time_is_not_repeatable() {
        let document = spec::load(&spec::workspace_root().join("spec")).unwrap();
        for id in [
            "CheckPush",
            "CheckSNS",
            "CheckSQS",
            "bulk_upsert_action_config",
            "upsert_action_config",
            "upsert_moderation_rule",
            "SendMessage",
            "SendEvent",
            "DeleteUsers",
            "ChannelBatchUpdate",
        ] {
            assert!(!is_idempotent(operation(&document, id)), "{id}");
        }
    }
}
