//! What each query may filter and sort by, as the API publishes it.

#![allow(dead_code, reason = "the table is kept whole, whether or not a query is evaluated")]

use super::{Kind, Rule};

const CMP: &str = "$eq $exists $gt $gte $in $lt $lte";
const RANGE: &str = "$eq $gt $gte $lt $lte";
const EQ: &str = "$eq";
const EQ_IN: &str = "$eq $in";

/// `ChannelBatchUpdateRequest.filter`
pub(crate) const CHANNEL_BATCH_UPDATE: &[Rule] = &[
    Rule { name: "cids", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "types", kind: Kind::Text, operators: EQ_IN },
];

/// `GetRetentionPolicyRunsRequest.filter_conditions`
pub(crate) const GET_RETENTION_POLICY_RUNS: &[Rule] = &[
    Rule { name: "date", kind: Kind::Time, operators: CMP },
    Rule { name: "policy", kind: Kind::Text, operators: CMP },
];

/// `QueryAppealsRequest.filter`
pub(crate) const QUERY_APPEALS: &[Rule] = &[
    Rule { name: "appeal_reason", kind: Kind::Text, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "decided_by", kind: Kind::Text, operators: CMP },
    Rule { name: "decision_reason", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_id", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_type", kind: Kind::Text, operators: CMP },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "review_queue_item_id", kind: Kind::Text, operators: CMP },
    Rule { name: "status", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "user_id", kind: Kind::Text, operators: CMP },
];

/// `QueryBannedUsersPayload.filter_conditions`
pub(crate) const QUERY_BANNED_USERS: &[Rule] = &[
    Rule { name: "banned_by_id", kind: Kind::Text, operators: CMP },
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule {
        name: "reason",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte",
    },
    Rule { name: "user_id", kind: Kind::Text, operators: CMP },
];

/// `QueryCampaignsRequest.filter`
pub(crate) const QUERY_CAMPAIGNS: &[Rule] = &[
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "name", kind: Kind::Text, operators: CMP },
    Rule { name: "segments", kind: Kind::Text, operators: "$contains $eq $in" },
    Rule { name: "sender_id", kind: Kind::Text, operators: CMP },
    Rule { name: "status", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
];

/// `QueryChannelsRequest.filter_conditions`
pub(crate) const QUERY_CHANNELS: &[Rule] = &[
    Rule { name: "app_banned", kind: Kind::Text, operators: EQ },
    Rule { name: "archived", kind: Kind::Bool, operators: EQ },
    Rule { name: "blocked", kind: Kind::Bool, operators: EQ },
    Rule { name: "channel_role", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "cid", kind: Kind::Text, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "created_by_id", kind: Kind::Text, operators: CMP },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "disabled", kind: Kind::Bool, operators: EQ },
    Rule { name: "distinct", kind: Kind::Bool, operators: EQ },
    Rule { name: "filter_tags", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "frozen", kind: Kind::Bool, operators: CMP },
    Rule { name: "has_unread", kind: Kind::Bool, operators: EQ },
    Rule { name: "hidden", kind: Kind::Bool, operators: EQ },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "invite", kind: Kind::Text, operators: EQ },
    Rule { name: "joined", kind: Kind::Bool, operators: EQ },
    Rule { name: "last_message_at", kind: Kind::Time, operators: CMP },
    Rule { name: "last_updated", kind: Kind::Time, operators: CMP },
    Rule { name: "member.user.name", kind: Kind::Text, operators: "$autocomplete $eq" },
    Rule { name: "member_count", kind: Kind::Number, operators: CMP },
    Rule { name: "members", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "message_count", kind: Kind::Number, operators: CMP },
    Rule { name: "muted", kind: Kind::Bool, operators: EQ },
    Rule {
        name: "name",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "pinned", kind: Kind::Bool, operators: EQ },
    Rule { name: "team", kind: Kind::Text, operators: CMP },
    Rule { name: "type", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
];

/// `QueryDraftsRequest.filter`
pub(crate) const QUERY_DRAFTS: &[Rule] = &[
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "created_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "parent_id", kind: Kind::Text, operators: "$eq $exists $in" },
];

/// `QueryLabelResultsRequest.filter`
pub(crate) const QUERY_LABEL_RESULTS: &[Rule] = &[
    Rule { name: "category", kind: Kind::Text, operators: CMP },
    Rule { name: "content_id", kind: Kind::Text, operators: CMP },
    Rule { name: "content_type", kind: Kind::Text, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "date_range", kind: Kind::Text, operators: EQ },
    Rule { name: "harm_type", kind: Kind::Text, operators: CMP },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "labels", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "language", kind: Kind::Text, operators: CMP },
    Rule { name: "policy", kind: Kind::Text, operators: CMP },
    Rule { name: "recommended_action", kind: Kind::Text, operators: CMP },
    Rule { name: "severity", kind: Kind::Text, operators: CMP },
    Rule { name: "user_id", kind: Kind::Text, operators: CMP },
];

/// `QueryMembersPayload.filter_conditions`
pub(crate) const QUERY_MEMBERS: &[Rule] = &[
    Rule { name: "banned", kind: Kind::Bool, operators: EQ },
    Rule { name: "channel_role", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "cid", kind: Kind::Text, operators: EQ },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "invite", kind: Kind::Text, operators: EQ },
    Rule { name: "is_moderator", kind: Kind::Bool, operators: EQ },
    Rule { name: "joined", kind: Kind::Bool, operators: EQ },
    Rule { name: "last_active", kind: Kind::Time, operators: RANGE },
    Rule { name: "name", kind: Kind::Text, operators: "$autocomplete $eq $in $q" },
    Rule { name: "notifications_muted", kind: Kind::Bool, operators: EQ },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "user.email", kind: Kind::Text, operators: "$autocomplete $eq $in $q" },
    Rule { name: "user.nd_deactivated", kind: Kind::Bool, operators: EQ },
    Rule { name: "user_id", kind: Kind::Text, operators: CMP },
];

/// `QueryMessageFlagsPayload.filter_conditions`
pub(crate) const QUERY_MESSAGE_FLAGS: &[Rule] = &[
    Rule { name: "action", kind: Kind::Text, operators: EQ },
    Rule { name: "blocklist_name", kind: Kind::Text, operators: EQ },
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "date_range", kind: Kind::Text, operators: EQ },
    Rule { name: "harm_label", kind: Kind::Text, operators: EQ },
    Rule { name: "harm_type", kind: Kind::Text, operators: EQ },
    Rule { name: "image_labels", kind: Kind::Text, operators: EQ },
    Rule { name: "is_reviewed", kind: Kind::Bool, operators: EQ },
    Rule { name: "keyword", kind: Kind::Text, operators: EQ },
    Rule { name: "matched_phrase", kind: Kind::Text, operators: EQ },
    Rule { name: "message_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "phrase_list_ids", kind: Kind::Number, operators: EQ },
    Rule { name: "reason", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "reporter_id", kind: Kind::Text, operators: EQ },
    Rule { name: "reporter_type", kind: Kind::Text, operators: EQ },
    Rule { name: "team", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "user_id", kind: Kind::Text, operators: EQ_IN },
];

/// `QueryMessageHistoryRequest.filter`
pub(crate) const QUERY_MESSAGE_HISTORY: &[Rule] = &[
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "message_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "message_updated_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "message_updated_by_id", kind: Kind::Text, operators: EQ_IN },
];

/// `QueryModerationConfigsRequest.filter`
pub(crate) const QUERY_MODERATION_CONFIGS: &[Rule] = &[
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule {
        name: "key",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte",
    },
    Rule { name: "team", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
];

/// `QueryModerationFlagsRequest.filter`
pub(crate) const QUERY_MODERATION_FLAGS: &[Rule] = &[
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "entity_id", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_type", kind: Kind::Text, operators: CMP },
    Rule { name: "labels", kind: Kind::Text, operators: CMP },
    Rule { name: "review_queue_item_id", kind: Kind::Text, operators: CMP },
];

/// `QueryModerationLogsRequest.filter`
pub(crate) const QUERY_MODERATION_LOGS: &[Rule] = &[
    Rule { name: "ai_providers", kind: Kind::Text, operators: "$in" },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "date_range", kind: Kind::Text, operators: EQ },
    Rule { name: "entity_id", kind: Kind::Text, operators: EQ },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "moderation_category", kind: Kind::Text, operators: EQ },
    Rule { name: "reason", kind: Kind::Text, operators: EQ },
    Rule { name: "reporter_id", kind: Kind::Text, operators: CMP },
    Rule { name: "reporter_type", kind: Kind::Text, operators: EQ },
    Rule { name: "resource_type", kind: Kind::Text, operators: EQ },
    Rule { name: "review_queue_item_id", kind: Kind::Text, operators: CMP },
    Rule { name: "target_user_id", kind: Kind::Text, operators: CMP },
    Rule { name: "type", kind: Kind::Text, operators: CMP },
];

/// `QueryModerationRulesRequest.filter`
pub(crate) const QUERY_MODERATION_RULES: &[Rule] = &[
    Rule { name: "config_keys", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "description", kind: Kind::Text, operators: CMP },
    Rule { name: "enabled", kind: Kind::Bool, operators: CMP },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "is_global", kind: Kind::Bool, operators: CMP },
    Rule {
        name: "name",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte",
    },
    Rule { name: "team", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
];

/// `QueryPollsRequest.filter`
pub(crate) const QUERY_POLLS: &[Rule] = &[
    Rule { name: "allow_answers", kind: Kind::Bool, operators: EQ },
    Rule { name: "allow_user_suggested_options", kind: Kind::Bool, operators: EQ },
    Rule { name: "created_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "created_by_id", kind: Kind::Text, operators: EQ_IN },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "is_closed", kind: Kind::Bool, operators: EQ },
    Rule { name: "max_votes_allowed", kind: Kind::Number, operators: RANGE },
    Rule { name: "name", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "updated_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "voting_visibility", kind: Kind::Text, operators: EQ },
];

/// `QueryPollVotesRequest.filter`
pub(crate) const QUERY_POLL_VOTES: &[Rule] = &[
    Rule { name: "created_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "is_answer", kind: Kind::Bool, operators: EQ },
    Rule { name: "option_id", kind: Kind::Text, operators: "$eq $exists $in" },
    Rule { name: "poll_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "updated_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "user_id", kind: Kind::Text, operators: EQ_IN },
];

/// `QueryReactionsRequest.filter`
pub(crate) const QUERY_REACTIONS: &[Rule] = &[
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "type", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "user_id", kind: Kind::Text, operators: EQ_IN },
];

/// `QueryRemindersRequest.filter`
pub(crate) const QUERY_REMINDERS: &[Rule] = &[
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "created_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "message_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "remind_at", kind: Kind::Time, operators: "$eq $exists $gt $gte $lt $lte" },
];

/// `QueryReviewQueueRequest.filter`
pub(crate) const QUERY_REVIEW_QUEUE: &[Rule] = &[
    Rule { name: "ai_text_severity", kind: Kind::Text, operators: EQ },
    Rule { name: "appeal", kind: Kind::Bool, operators: EQ },
    Rule { name: "appeal_id", kind: Kind::Text, operators: EQ },
    Rule { name: "appeal_status", kind: Kind::Text, operators: EQ },
    Rule { name: "archived_at", kind: Kind::Time, operators: CMP },
    Rule { name: "bounce_count", kind: Kind::Number, operators: CMP },
    Rule { name: "category", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ },
    Rule { name: "channel_id", kind: Kind::Text, operators: EQ },
    Rule { name: "completed_at", kind: Kind::Time, operators: CMP },
    Rule { name: "config_key", kind: Kind::Text, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "date_range", kind: Kind::Text, operators: EQ },
    Rule { name: "entity_creator_id", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_creator_name", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_id", kind: Kind::Text, operators: CMP },
    Rule { name: "entity_type", kind: Kind::Text, operators: CMP },
    Rule { name: "escalated", kind: Kind::Bool, operators: EQ },
    Rule { name: "escalated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "escalated_by", kind: Kind::Text, operators: CMP },
    Rule { name: "escalation_priority", kind: Kind::Text, operators: EQ },
    Rule { name: "escalation_reason", kind: Kind::Text, operators: EQ },
    Rule { name: "flagged_user_id", kind: Kind::Text, operators: EQ },
    Rule { name: "flags_count", kind: Kind::Number, operators: EQ },
    Rule { name: "has_audio", kind: Kind::Bool, operators: EQ },
    Rule { name: "has_image", kind: Kind::Bool, operators: EQ },
    Rule { name: "has_text", kind: Kind::Bool, operators: EQ },
    Rule { name: "has_video", kind: Kind::Bool, operators: EQ },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "label", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "language", kind: Kind::Text, operators: "$contains $eq $in" },
    Rule { name: "latest_moderator_action", kind: Kind::Text, operators: CMP },
    Rule { name: "queue_type", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "recommended_action", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "reporter_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "reporter_type", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "reviewed", kind: Kind::Bool, operators: EQ },
    Rule { name: "reviewed_at", kind: Kind::Time, operators: CMP },
    Rule { name: "severity", kind: Kind::Number, operators: CMP },
    Rule { name: "status", kind: Kind::Text, operators: CMP },
    Rule { name: "teams", kind: Kind::Text, operators: "$contains $eq $in" },
    Rule { name: "type", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "user_report_reason", kind: Kind::Text, operators: EQ_IN },
];

/// `QuerySegmentsRequest.filter`
pub(crate) const QUERY_SEGMENTS: &[Rule] = &[
    Rule { name: "all_users", kind: Kind::Bool, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "name", kind: Kind::Text, operators: CMP },
    Rule { name: "type", kind: Kind::Text, operators: "$eq $exists $in" },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
];

/// `QueryThreadsRequest.filter`
pub(crate) const QUERY_THREADS: &[Rule] = &[
    Rule { name: "active_participant_count", kind: Kind::Number, operators: RANGE },
    Rule { name: "channel.disabled", kind: Kind::Bool, operators: EQ },
    Rule { name: "channel.team", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "channel_cid", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "created_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "created_by_user_id", kind: Kind::Text, operators: EQ_IN },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$autocomplete $contains $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "has_unread", kind: Kind::Bool, operators: EQ },
    Rule { name: "last_message_at", kind: Kind::Time, operators: RANGE },
    Rule { name: "parent_message_id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "participant_count", kind: Kind::Number, operators: RANGE },
    Rule { name: "reply_count", kind: Kind::Number, operators: RANGE },
    Rule { name: "updated_at", kind: Kind::Time, operators: RANGE },
];

/// `QueryUsersPayload.filter_conditions`
pub(crate) const QUERY_USERS: &[Rule] = &[
    Rule { name: "banned", kind: Kind::Bool, operators: "$eq $ne" },
    Rule { name: "bypass_moderation", kind: Kind::Bool, operators: "$eq $ne" },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule {
        name: "custom",
        kind: Kind::Custom,
        operators: "$contains $eq $exists $gt $gte $in $lt $lte",
    },
    Rule { name: "email", kind: Kind::Text, operators: EQ_IN },
    Rule {
        name: "id",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte $ne $nin",
    },
    Rule { name: "language", kind: Kind::Text, operators: EQ },
    Rule { name: "last_active", kind: Kind::Time, operators: CMP },
    Rule {
        name: "name",
        kind: Kind::Text,
        operators: "$autocomplete $eq $exists $gt $gte $in $lt $lte",
    },
    Rule { name: "role", kind: Kind::Text, operators: CMP },
    Rule { name: "shadow_banned", kind: Kind::Bool, operators: "$eq $ne" },
    Rule { name: "teams", kind: Kind::Text, operators: "$contains $eq $in" },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "username", kind: Kind::Text, operators: "$autocomplete $eq" },
];

/// `SearchPayload.message_filter_conditions`
pub(crate) const SEARCH_MESSAGES: &[Rule] = &[
    Rule { name: "attachments", kind: Kind::Bool, operators: "$exists" },
    Rule { name: "attachments.type", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "cid", kind: Kind::Text, operators: CMP },
    Rule { name: "created_at", kind: Kind::Time, operators: CMP },
    Rule { name: "custom", kind: Kind::Custom, operators: "$eq $gt $gte $in $lt $lte" },
    Rule { name: "id", kind: Kind::Text, operators: CMP },
    Rule { name: "mentioned_users.id", kind: Kind::Text, operators: "$contains" },
    Rule { name: "parent_id", kind: Kind::Text, operators: CMP },
    Rule { name: "pinned", kind: Kind::Bool, operators: EQ },
    Rule { name: "reply_count", kind: Kind::Number, operators: CMP },
    Rule {
        name: "text",
        kind: Kind::Text,
        operators: "$any $autocomplete $eq $exists $gt $gte $in $lt $lte $q",
    },
    Rule { name: "type", kind: Kind::Text, operators: CMP },
    Rule { name: "updated_at", kind: Kind::Time, operators: CMP },
    Rule { name: "user.id", kind: Kind::Text, operators: EQ_IN },
    Rule { name: "user_id", kind: Kind::Text, operators: EQ_IN },
];

/// `QueryDraftsRequest.sort`
pub(crate) const QUERY_DRAFTS_SORT: &[&str] = &["created_at"];

/// `QueryMembersPayload.sort`
pub(crate) const QUERY_MEMBERS_SORT: &[&str] = &["created_at"];

/// `QueryPollVotesRequest.sort`
pub(crate) const QUERY_POLL_VOTES_SORT: &[&str] = &["created_at", "id", "updated_at"];

/// `QueryPollsRequest.sort`
pub(crate) const QUERY_POLLS_SORT: &[&str] =
    &["created_at", "id", "is_closed", "name", "updated_at"];

/// `QueryReactionsRequest.sort`
pub(crate) const QUERY_REACTIONS_SORT: &[&str] = &["created_at"];

/// `QueryRemindersRequest.sort`
pub(crate) const QUERY_REMINDERS_SORT: &[&str] =
    &["channel_cid", "created_at", "message_id", "remind_at"];

/// `QueryThreadsRequest.sort`
pub(crate) const QUERY_THREADS_SORT: &[&str] = &[
    "active_participant_count",
    "created_at",
    "has_unread",
    "last_message_at",
    "parent_message_id",
    "participant_count",
    "reply_count",
    "updated_at",
];

/// `SearchPayload.sort`
pub(crate) const SEARCH_SORT: &[&str] = &["created_at", "id", "updated_at"];
