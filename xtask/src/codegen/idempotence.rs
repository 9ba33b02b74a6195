use stream_spec::Operation;

/// `POST`s that only read: a query with a body.
const READING_PREFIXES: [&str; 4] = ["Query", "query_", "GetRetentionPolicyRuns", "get_flag_count"];

/// `POST`s and `PATCH`es whose repetition leaves what one call leaves, though their method does not
/// say so: upserts, and calls that set a state rather than add to it.
const REPEATABLE: [&str; 37] = [
    "AddUserGroupMembers",
    "BlockUsers",
    "CheckPush",
    "CheckSNS",
    "CheckSQS",
    "CreateDevice",
    "GetOrCreateChannel",
    "GetOrCreateDistinctChannel",
    "GroupedQueryChannels",
    "HideChannel",
    "MarkChannelsRead",
    "MarkDelivered",
    "MarkRead",
    "MarkUnread",
    "MuteChannel",
    "RemoveUserGroupMembers",
    "SetRetentionPolicy",
    "ShowChannel",
    "UnblockUsers",
    "UnmuteChannel",
    "UnreadCountsBatch",
    "UpdateApp",
    "UpdateChannelPartial",
    "UpdateMemberPartial",
    "UpdateMessage",
    "UpdatePollPartial",
    "UpdatePushNotificationPreferences",
    "UpdateThreadPartial",
    "UpdateUsers",
    "UpdateUsersPartial",
    "UpsertPushProvider",
    "UpsertPushTemplate",
    "ValidateImporterExternalStorage",
    "bulk_upsert_action_config",
    "upsert_action_config",
    "upsert_config",
    "upsert_moderation_rule",
];

/// `PUT`s whose repetition starts a second task.
const NOT_REPEATABLE: [&str; 1] = ["ChannelBatchUpdate"];

/// Whether sending the operation twice has the effect of sending it once.
pub(super) fn is_idempotent(operation: &Operation) -> bool {
    let id = operation.id.as_str();
    match operation.method.as_str() {
        "post" | "patch" => {
            REPEATABLE.contains(&id) || READING_PREFIXES.iter().any(|prefix| id.starts_with(prefix))
        }
        _ => !NOT_REPEATABLE.contains(&id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream_spec as spec;

    #[test]
    fn every_exception_names_an_operation_whose_method_says_otherwise() {
        let document = spec::load(&spec::workspace_root().join("spec")).unwrap();
        for id in REPEATABLE.iter().chain(&NOT_REPEATABLE) {
            let operation = &document.operations.get(*id).unwrap_or_else(|| panic!("{id}")).value;
            let by_method = !matches!(operation.method.as_str(), "post" | "patch");
            assert_ne!(is_idempotent(operation), by_method, "{id}");
        }
        for prefix in READING_PREFIXES {
            assert!(document.operations.keys().any(|id| id.starts_with(prefix)), "{prefix}");
        }
    }
}
