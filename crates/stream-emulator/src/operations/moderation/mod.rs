//! Moderation: bans, mutes, flags, and the review queue.

mod action;
mod ban;
pub(super) mod by_command;
mod bypass;
mod check;
mod configs;
mod flag;
mod labels;
mod mute;
mod outside;
mod policy_tests;
mod queues;
mod reports;
mod review;
pub(super) mod verdict;

use super::{Call, Outcome, operations};
use crate::state::{MESSAGE_ENTITY, Message, Record, World};

operations! {
    "ban" => ban::ban,
    "unban" => ban::unban,
    "QueryBannedUsers" => ban::query,
    "QueryFutureChannelBans" => ban::query_future,
    "bypass" => bypass::bypass,
    "flag" => flag::flag,
    "unflag" (POST "/api/v2/moderation/unflag") => flag::unflag,
    "get_flag_count" => flag::count,
    "QueryMessageFlags" => flag::query_of_messages,
    "query_moderation_flags" => flag::query,
    "mute" => mute::mute,
    "unmute" => mute::unmute,
    "check" => check::check,
    "custom_check" => check::custom_check,
    "analyze" => check::analyze,
    "query_review_queue" => review::query,
    "get_review_queue_item" => review::get,
    "submit_action" => action::submit,
    "query_moderation_logs" => review::query_logs,
    "insert_action_log" => review::insert_log,
    "appeal" => review::appeal,
    "get_appeal" => review::get_appeal,
    "query_appeals" => review::query_appeals,
    "bulk_action_appeals" => action::act_on_appeals,
    "upsert_config" => configs::upsert,
    "get_config" => configs::get,
    "delete_config" => configs::delete,
    "query_moderation_configs" => configs::query,
    "upsert_moderation_rule" => configs::upsert_rule,
    "get_moderation_rule" => configs::get_rule,
    "delete_moderation_rule" => configs::delete_rule,
    "query_moderation_rules" => configs::query_rules,
    "upsert_action_config" => configs::upsert_action,
    "bulk_upsert_action_config" => configs::upsert_actions,
    "get_action_config" => configs::get_actions,
    "delete_action_config" => configs::delete_action,
    "bulk_delete_action_config" => configs::delete_actions,
    "V2UpsertTemplate" => configs::upsert_template,
    "V2QueryTemplates" => configs::query_templates,
    "V2DeleteTemplate" => configs::delete_template,
    "upsert_setup_session" => configs::upsert_setup,
    "get_setup_session" => configs::get_setup,
    "create_queue" => queues::create,
    "get_queue" => queues::get,
    "list_queues" => queues::list,
    "update_queue" => queues::update,
    "delete_queue" => queues::delete,
    "labels" => labels::label,
    "query_label_results" => labels::query,
    "create_policy_test_set" => policy_tests::create,
    "get_policy_test_set" => policy_tests::get,
    "list_policy_test_sets" => policy_tests::list,
    "delete_policy_test_set" => policy_tests::delete,
    "start_policy_test_run" => policy_tests::start,
    "get_policy_test_run" => policy_tests::get_run,
    "bulk_image_moderation" => outside::moderate_images,
    "check_s3_access" => outside::check_s3_access,
    "submit_moderation_feedback" => outside::submit_feedback,
    "QueryFlagReports" (POST "/moderation/reports") => reports::query,
    "ReviewFlagReport" (PATCH "/moderation/reports/{id}") => reports::review,
    "UnblockMessage" (POST "/moderation/unblock_message") => reports::unblock,
    "UpdateFlags" (POST "/automod/v1/moderation/update_flags") => reports::update,
}

/// Returns the configuration of a key, if there is one.
pub(super) fn config<'a>(world: &'a World, key: &str) -> Option<&'a Record> {
    world.records.get(configs::KIND, key)
}

/// Adds a sent message to the review queue.
pub(super) fn hold_message(call: &mut Call<'_>, message: &Message, verdict: &verdict::Verdict) {
    let entity = flag::Entity {
        kind: MESSAGE_ENTITY.to_owned(),
        id: message.id.clone(),
        creator: Some(message.user_id.clone()),
        cid: Some(message.cid.clone()),
        payload: None,
    };
    check::hold(call, &entity, verdict, None);
}
