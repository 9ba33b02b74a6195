//! Checks, the review queue and the configuration of moderation have their effect.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{Journey, ask, ask_each, id};
use stream_models::action_configs::UpsertActionConfigItem;
use stream_models::appeals::{AppealFilter, BulkAppealAction};
use stream_models::checks::{CustomCheckFlag, LabelResultFilter};
use stream_models::configs::{FeedsModerationTemplateConfigPayload, ModerationConfigFilter, SetupSessionStatus, SetupSessionStep};
use stream_models::policy_tests::PolicyTestRow;
use stream_models::review_queue::{ModerationLogFilter, ModerationPayload, ModerationQueueType, RejectAppealRequestPayload, ReviewQueueFilter};
use stream_models::rules::{BlockListConfig, BlockListRule, BlockListRuleAction, ModerationRuleFilter};

pub(super) async fn run(journey: &mut Journey) -> Result<()> {
    journey.users(["john", "jane", "mod"]).await?;
    journey.general(&["john", "jane"]).await?;
    let item = queue(journey).await?;
    appeals(journey, &item).await?;
    checks(journey).await?;
    set_up(journey).await?;
    kept(journey).await?;
    policy_tests(journey).await
}

/// Flags a message and reviews it, and returns the ID of the message.
async fn queue(journey: &mut Journey) -> Result<String> {
    let client = journey.client.clone();
    let moderation = client.moderation();
    let message = client.message(journey.text("john", "buy my things").await?);
    let flagged = ask(message.flag("jane")).await?;
    let item = moderation.review_item(id(&flagged["item_id"])?);
    let queue = ask(moderation.query_review_queue(ReviewQueueFilter::all())).await?["items"].clone();
    journey.proves(["query_review_queue", "flag"], queue[0]["id"].clone(), item.id())?;
    ask(item.mark_reviewed("mod")).await?;
    let shown = ask(item.get()).await?["item"]["status"].clone();
    journey.proves(["submit_action", "get_review_queue_item"], shown, "reviewed")?;

    let entity = moderation.entity("own", "1");
    ask(entity.log_action("warned", "john").reason("first time")).await?;
    let logs = ask(moderation.query_logs(ModerationLogFilter::all())).await?["logs"].clone();
    journey.proves(["insert_action_log", "query_moderation_logs"], logs[0]["type"].clone(), "warned")?;

    let queues = moderation.queues();
    let made = ask(queues.create("Mine", ModerationQueueType::PersonalView).user("mod")).await?;
    let own = id(&made["queue"]["id"])?;
    let name = async || anyhow::Ok(ask(queues.get(own.as_str())).await?["queue"]["name"].clone());
    journey.proves(["create_queue", "get_queue"], name().await?, "Mine")?;
    ask(queues.update(own.as_str()).name("Ours")).await?;
    journey.proves(["update_queue", "get_queue"], name().await?, "Ours")?;
    ask(queues.delete(own.as_str())).await?;
    let listed = ask(queues.list()).await?["queues"].clone();
    journey.proves(["delete_queue", "list_queues"], listed, json!([]))?;
    Ok(message.id().to_owned())
}

async fn appeals(journey: &mut Journey, message: &str) -> Result<()> {
    let moderation = journey.client.moderation();
    let appeals = moderation.appeals();
    let entity = moderation.entity("stream:chat:v1:message", message);
    let made = id(&ask(entity.appeal("a joke", "john")).await?["appeal_id"])?;
    let shown = ask(appeals.get(made.as_str())).await?["item"]["appeal_reason"].clone();
    journey.proves(["appeal", "get_appeal"], shown, "a joke")?;
    let reject = appeals.resolve([made], BulkAppealAction::RejectAppeal, "mod");
    ask_each(reject.reject_appeal(RejectAppealRequestPayload::new("not funny"))).await?;
    let found = ask(appeals.query(AppealFilter::all())).await?["items"][0]["status"].clone();
    journey.proves(["bulk_action_appeals", "query_appeals"], found, "rejected")
}

async fn checks(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let moderation = client.moderation();
    ask(client.block_lists().create("rude", ["darn"])).await?;
    let rule = BlockListRule::new(BlockListRuleAction::Remove).name("rude");
    let configs = moderation.configs();
    ask(configs.upsert("own").block_list_config(BlockListConfig::new().enabled(true).rules([rule])))
        .await?;
    let shown = ask(configs.get("own")).await?["config"]["block_list_config"].clone();
    journey.proves(["upsert_config", "get_config"], shown["rules"][0]["name"].clone(), "rude")?;

    let payload = ModerationPayload::new().texts(["darn it"]);
    let check = moderation.entity("own", "2").check("john").config_key("own");
    let verdict = ask(check.moderation_payload(payload)).await?["recommended_action"].clone();
    journey.proves(["check", "upsert_config"], verdict, "remove")?;
    let analyzed = ask(moderation.analyze([("a", "darn it")]).config_key("own")).await?;
    let verdict = analyzed["texts"]["a"]["action"].clone();
    journey.proves(["analyze", "upsert_config"], verdict, "remove")?;
    ask(moderation.label("darn it").policy("own")).await?;
    let labeled = ask(moderation.query_label_results(LabelResultFilter::all())).await?;
    let labeled = labeled["label_results"][0]["content"].clone();
    journey.proves(["labels", "query_label_results"], labeled, "darn it")?;

    let custom = moderation.entity("own", "3").custom_check([CustomCheckFlag::new("odd")]);
    let item = id(&ask(custom).await?["item"]["id"])?;
    let shown = ask(moderation.review_item(item).get()).await?["item"]["flags"][0]["type"].clone();
    journey.proves(["custom_check", "get_review_queue_item"], shown, "odd")?;

    ask(configs.delete("own")).await?;
    let found = ask(configs.query(ModerationConfigFilter::all())).await?["configs"].clone();
    journey.proves(["delete_config", "query_moderation_configs"], found, json!([]))
}

async fn set_up(journey: &mut Journey) -> Result<()> {
    let client = journey.client.clone();
    let moderation = client.moderation();
    let rules = moderation.rules();
    let rule = id(&ask(rules.upsert("links", "content").enabled(true)).await?["rule"]["id"])?;
    let shown = ask(rules.get(rule.as_str())).await?["rule"]["name"].clone();
    journey.proves(["upsert_moderation_rule", "get_moderation_rule"], shown, "links")?;
    ask(rules.delete(rule)).await?;
    let found = ask(rules.query(ModerationRuleFilter::all())).await?["rules"].clone();
    journey.proves(["delete_moderation_rule", "query_moderation_rules"], found, json!([]))?;

    let step = moderation.set_setup_session(SetupSessionStep::Input, SetupSessionStatus::InProgress);
    ask(step.setup_data(Map::from_iter([("a".to_owned(), Value::from(1))]))).await?;
    let shown = ask(moderation.setup_session()).await?["setup_session"]["current_step"].clone();
    journey.proves(["upsert_setup_session", "get_setup_session"], shown, "input")?;

    let templates = moderation.templates();
    let config = FeedsModerationTemplateConfigPayload::new([("text", "text")]);
    ask(templates.upsert("posts", config)).await?;
    let listed = ask(templates.list()).await?["templates"][0]["name"].clone();
    journey.proves(["V2UpsertTemplate", "V2QueryTemplates"], listed, "posts")?;
    ask(templates.delete()).await?;
    let listed = ask(templates.list()).await?["templates"].clone();
    journey.proves(["V2DeleteTemplate", "V2QueryTemplates"], listed, json!([]))
}

async fn kept(journey: &mut Journey) -> Result<()> {
    let moderation = journey.client.moderation();
    let actions = moderation.action_configs();
    let own = async || {
        let listed = ask(actions.list().exclude_defaults(true)).await?["action_config"].clone();
        let listed = listed["own"].as_array().cloned().unwrap_or_default();
        let names = listed.iter().map(|action| action["action"].clone()).collect::<Vec<_>>();
        anyhow::Ok(Value::from(names))
    };
    let made = ask(actions.upsert("own", "thank", 1)).await?["action_config"].clone();
    journey.proves(["upsert_action_config", "get_action_config"], own().await?, json!(["thank"]))?;
    let many = [UpsertActionConfigItem::new("own", "warn", 2)];
    let many = ask(actions.upsert_many(many)).await?["action_configs"][0].clone();
    let operations = ["bulk_upsert_action_config", "get_action_config"];
    journey.proves(operations, own().await?, json!(["thank", "warn"]))?;
    ask(actions.delete(id(&made["id"])?)).await?;
    journey.proves(["delete_action_config", "get_action_config"], own().await?, json!(["warn"]))?;
    ask(actions.delete_many([id(&many["id"])?])).await?;
    journey.proves(["bulk_delete_action_config", "get_action_config"], own().await?, json!([]))?;

    // Checks of external services report that they failed, and have a task.
    let images = ask(moderation.check_images("https://example.com/images.csv")).await?;
    let task = ask(journey.client.task(id(&images["task_id"])?).get()).await?["status"].clone();
    journey.proves(["bulk_image_moderation", "GetTask"], task, "completed")?;
    let arn = "arn:aws:iam::1:role/r";
    let before = ask(moderation.check_s3_access()).await?["message"].clone();
    ask(journey.client.update_app().moderation_s3_image_access_role_arn(arn)).await?;
    let after = ask(moderation.check_s3_access()).await?["message"].clone();
    journey.proves(["check_s3_access", "UpdateApp"], before != after, true)?;
    ask(moderation.submit_feedback("message-1", "not spam", "2026-01-01T00:00:00Z")).await?;
    let kept = json!({
        "reference": "message-1", "message": "not spam", "published_at": "2026-01-01T00:00:00Z",
    });
    journey.keeps("submit_moderation_feedback", "moderation feedback", &kept)
}

async fn policy_tests(journey: &mut Journey) -> Result<()> {
    let tests = journey.client.moderation().policy_tests();
    let row = PolicyTestRow::new().text("emulated-remove").recommended_action("remove");
    let set = id(&ask(tests.create("markers").rows([row])).await?["set"]["id"])?;
    let shown = ask(tests.get(set.as_str())).await?["set"]["row_count"].clone();
    journey.proves(["create_policy_test_set", "get_policy_test_set"], shown, 1)?;
    let run = id(&ask(tests.start(set.as_str())).await?["run"]["id"])?;
    let shown = ask(tests.get_run(run)).await?["results"][0]["passed"].clone();
    journey.proves(["start_policy_test_run", "get_policy_test_run"], shown, true)?;
    ask(tests.delete(set)).await?;
    let listed = ask(tests.list()).await?["sets"].clone();
    journey.proves(["delete_policy_test_set", "list_policy_test_sets"], listed, json!([]))
}
