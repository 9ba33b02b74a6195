//! Flags, checks, the review queue and configurations follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const MESSAGE: &str = "stream:chat:v1:message";

fn at(path: &str) -> String {
    format!("/api/v2/moderation/{path}")
}

/// Creates a channel with a message of `bad` that `john` flags, and returns the IDs of the message
/// and the item.
async fn flagged(setup: &Setup) -> (String, String) {
    setup.upsert(&["mod", "bad", "john"]).await;
    setup.channel(&["mod", "bad", "john"]).await;
    let message = setup.send_text("bad", "buy my stuff").await["id"].as_str().unwrap().to_owned();
    let flag = json!({
        "entity_type": MESSAGE, "entity_id": message, "reason": "spam", "user_id": "john",
    });
    let item = setup.post(&at("flag"), flag).await["item_id"].as_str().unwrap().to_owned();
    (message, item)
}

async fn item(setup: &Setup, id: &str) -> Value {
    setup.get(&at(&format!("review_queue/{id}"))).await["item"].clone()
}

#[tokio::test]
async fn flags_gather_on_one_item() {
    let setup = Setup::new().await;
    let (message, id) = flagged(&setup).await;
    let again = json!({"entity_type": MESSAGE, "entity_id": message, "user_id": "mod"});
    assert_eq!(setup.post(&at("flag"), again.clone()).await["item_id"], id.as_str());
    let text = setup.fail(Method::POST, &at("flag"), Some(again), 400, 4).await;
    assert!(text.contains("already exists"), "{text}");
    let found = item(&setup, &id).await;
    assert_eq!(found["flags_count"], 2);
    assert_eq!(found["entity_creator_id"], "bad");
    assert_eq!(found["message"]["text"], "buy my stuff");
    assert_eq!(found["status"], "needs_review");
    let count = json!({"entity_creator_id": "bad", "entity_type": MESSAGE});
    assert_eq!(setup.post(&at("flag_count"), count).await["count"], 2);
    let flags = setup.post(&at("flags"), json!({"filter": {"entity_id": message}})).await;
    assert_eq!(flags["flags"].as_array().unwrap().len(), 2);
    let path = "/api/v2/chat/moderation/flags/message?payload=%7B%22filter_conditions%22%3A%7B%22\
                channel_cid%22%3A%22messaging%3Ageneral%22%7D%7D";
    let flags = setup.get(path).await["flags"].clone();
    assert_eq!(flags[1]["reason"], "spam");
    assert_eq!(flags[1]["message"]["id"], message.as_str());
}

#[tokio::test]
async fn v1_responds_with_the_flag() {
    let setup = Setup::new().await;
    let (message, id) = flagged(&setup).await;
    let body = json!({"target_message_id": message, "user_id": "mod"});
    let reply = setup.post("/moderation/flag", body.clone()).await;
    assert_eq!(reply["flag"]["target_message_id"], message.as_str());
    assert_eq!(reply["review_queue_item_id"], id.as_str());
    setup.post("/moderation/unflag", body.clone()).await;
    assert_eq!(item(&setup, &id).await["flags_count"], 1);
    setup.fail(Method::POST, "/moderation/unflag", Some(body), 400, 4).await;
    let user = json!({"target_user_id": "bad", "user_id": "mod"});
    assert_eq!(setup.post("/moderation/flag", user).await["flag"]["target_user"]["id"], "bad");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_flagged() {
    let setup = Setup::with_users(&["john"]).await;
    for (kind, id) in [(MESSAGE, "nothing"), ("stream:user", "nobody")] {
        let flag = json!({"entity_type": kind, "entity_id": id, "user_id": "john"});
        setup.fail(Method::POST, &at("flag"), Some(flag), 404, 16).await;
    }
    for bad in [
        json!({"entity_type": "own", "entity_id": "1"}),
        json!({"entity_type": "", "entity_id": "1", "user_id": "john"}),
        json!({"entity_type": "own", "user_id": "john"}),
        json!({
            "entity_type": "own", "entity_id": "1", "user_id": "john", "reason": "x".repeat(256),
        }),
    ] {
        setup.fail(Method::POST, &at("flag"), Some(bad), 400, 4).await;
    }
    let own = json!({"entity_type": "own", "entity_id": "1", "user_id": "john"});
    setup.post(&at("flag"), own).await;
}

#[tokio::test]
async fn actions_change_what_they_are_about() {
    let setup = Setup::new().await;
    let (message, id) = flagged(&setup).await;
    let act = |kind: &str, details: Value| json!({"action_type": kind, "item_id": id, "user_id": "mod", kind: details});
    let submit = at("submit_action");
    let get = format!("/api/v2/chat/messages/{message}");
    setup.post(&submit, act("mark_reviewed", json!({}))).await;
    let reviewed = item(&setup, &id).await;
    assert_eq!(
        (&reviewed["reviewed_by"], &reviewed["status"]),
        (&json!("mod"), &json!("reviewed"))
    );
    setup.post(&submit, act("shadow_block", json!({}))).await;
    assert_eq!(setup.get(&get).await["message"]["shadowed"], true);
    setup.post(&submit, act("delete_message", json!({"hard_delete": false}))).await;
    assert_eq!(setup.get(&get).await["message"]["type"], "deleted");
    setup.post(&submit, act("restore", json!({}))).await;
    let restored = setup.get(&get).await["message"].clone();
    assert_eq!((&restored["type"], &restored["shadowed"]), (&json!("regular"), &json!(false)));
    setup.post(&submit, act("ban", json!({"reason": "enough", "timeout": 5}))).await;
    let banned = item(&setup, &id).await;
    assert_eq!(banned["bans"][0]["reason"], "enough");
    assert_eq!(banned["entity_creator"]["ban_count"], 1);
    setup.post(&submit, act("unban", json!({}))).await;
    assert_eq!(item(&setup, &id).await["bans"], json!([]));
    setup.post(&submit, act("escalate", json!({"reason": "legal", "priority": "high"}))).await;
    let query = json!({"filter": {"escalated": true, "escalation_priority": "high"}});
    assert_eq!(setup.post(&at("review_queue"), query).await["items"][0]["id"], id.as_str());
    setup.post(&submit, act("de_escalate", json!({}))).await;
    setup.post(&submit, act("delete_user_messages", json!({"delete_messages": "hard"}))).await;
    setup.fail(Method::GET, &get, None, 404, 16).await;
    setup.post(&submit, act("bypass", json!({"enabled": true}))).await;
    setup.post(&submit, act("delete_user", json!({}))).await;
    let logs = setup.post(&at("logs"), json!({"filter": {"review_queue_item_id": id}})).await;
    assert_eq!(logs["logs"][0]["type"], "delete_user");
    assert_eq!(logs["logs"].as_array().unwrap().len(), 11);
    for (bad, status, code) in [
        (act("end_call", json!({})), 400, 4),
        (act("dance", json!({})), 400, 4),
        (json!({"action_type": "mark_reviewed", "user_id": "mod"}), 400, 4),
        (json!({"action_type": "mark_reviewed", "item_id": "x"}), 404, 16),
        (json!({"action_type": "reject_appeal", "item_id": id}), 400, 4),
    ] {
        setup.fail(Method::POST, &submit, Some(bad), status, code).await;
    }
}

#[tokio::test]
async fn the_queue_counts_filters_and_keeps_views() {
    let setup = Setup::new().await;
    let (_, id) = flagged(&setup).await;
    let query = |filter: Value| json!({"filter": filter});
    for (filter, count) in [
        (json!({"reporter_id": "john"}), 1),
        (json!({"channel_cid": "messaging:general", "has_text": true}), 1),
        (json!({"reviewed": true}), 0),
        (json!({"status": {"$in": ["needs_review"]}}), 1),
    ] {
        let found = setup.post(&at("review_queue"), query(filter.clone())).await;
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{filter}");
        assert_eq!(found["stats"]["needs_review"], 1);
    }
    let stats = setup.post(&at("review_queue"), json!({"stats_only": true})).await;
    assert_eq!(stats["items"], json!([]));
    let bad = query(json!({"id": {"$q": "a"}}));
    setup.fail(Method::POST, &at("review_queue"), Some(bad), 400, 4).await;
    let queue = json!({
        "name": "Mine", "type": "personal_view", "user_id": "mod",
        "filters": {"entity_type": MESSAGE},
    });
    let queue = setup.post(&at("queues"), queue).await["queue"].clone();
    assert_eq!((&queue["item_count"], &queue["created_by"]), (&json!(1), &json!("mod")));
    let one = at(&format!("queues/{}", queue["id"].as_str().unwrap()));
    let changed = setup.patch(&one, json!({"name": "Ours"})).await["queue"].clone();
    assert_eq!((&changed["name"], &changed["type"]), (&json!("Ours"), &json!("personal_view")));
    assert_eq!(setup.get(&at("queues")).await["queues"][0]["name"], "Ours");
    setup.post(&format!("{one}/delete"), json!({})).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
    assert_eq!(item(&setup, &id).await["id"], id.as_str());
}

#[tokio::test]
async fn appeals_are_decided() {
    let setup = Setup::new().await;
    let (message, id) = flagged(&setup).await;
    let appeal = json!({
        "appeal_reason": "a joke", "entity_id": message, "entity_type": MESSAGE, "user_id": "bad",
    });
    let appealed = setup.post(&at("appeal"), appeal.clone()).await["appeal_id"].clone();
    let appealed = appealed.as_str().unwrap();
    setup.fail(Method::POST, &at("appeal"), Some(appeal.clone()), 400, 4).await;
    let shown = setup.get(&at(&format!("appeal/{appealed}"))).await["item"].clone();
    assert_eq!(shown["user"]["id"], "bad");
    assert_eq!(shown["review_queue_item_id"], id.as_str());
    assert_eq!(item(&setup, &id).await["appeal"]["id"], appealed);
    let reject = json!({
        "action_type": "reject_appeal", "appeal_id": appealed, "user_id": "mod",
        "reject_appeal": {"decision_reason": "not funny"},
    });
    let rejected = setup.post(&at("submit_action"), reject).await["appeal_item"].clone();
    assert_eq!(rejected["status"], "rejected");
    assert_eq!(rejected["decision_reason"], "not funny");
    let second = setup.post(&at("appeal"), appeal).await["appeal_id"].clone();
    let many = json!({
        "action_type": "restore", "appeal_ids": [second, "gone"], "user_id": "mod",
        "restore": {"decision_reason": "funny"},
    });
    let done = setup.post(&at("appeals/bulk_action"), many).await;
    assert_eq!(done["results"][0]["appeal_item"]["status"], "accepted");
    assert_eq!(done["errors"][0]["appeal_id"], "gone");
    let query = json!({"filter": {"status": "accepted"}});
    assert_eq!(setup.post(&at("appeals"), query).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn checks_follow_the_configuration_and_the_markers() {
    let setup = Setup::with_users(&["john"]).await;
    setup.post("/api/v2/blocklists", json!({"name": "words", "words": ["forbidden"]})).await;
    let rules = json!([{"name": "words", "action": "remove"}]);
    let config = json!({"key": "k", "block_list_config": {"enabled": true, "rules": rules}});
    let shown = setup.post(&at("config"), config).await["config"].clone();
    assert_eq!(shown["block_list_config"]["rules"], rules);
    let check = |text: &str, test: bool| {
        json!({
            "entity_type": "own", "entity_id": text, "entity_creator_id": "john",
            "moderation_payload": {"texts": [text]}, "config_key": "k", "test_mode": test,
        })
    };
    let path = at("check");
    for (text, action) in [
        ("a kind word", "keep"),
        ("a forbidden word", "remove"),
        ("forbiddenly", "keep"),
        ("emulated-flag", "flag"),
    ] {
        let checked = setup.post(&path, check(text, true)).await;
        assert_eq!(checked["recommended_action"], action, "{text}");
        assert!(checked.get("item").is_none());
    }
    let held = setup.post(&path, check("a forbidden word", false)).await["item"].clone();
    assert_eq!(held["flags"][0]["labels"], json!(["words"]));
    let rule = json!({
        "name": "links", "rule_type": "content", "config_keys": ["k"],
        "conditions": [{"type": "text_content", "text_content_params": {"contains_url": true}}],
        "action": {"type": "bounce_content"},
    });
    let rule = setup.post(&at("moderation_rule"), rule.clone()).await["rule"].clone();
    let checked = setup.post(&path, check("see https://a.example", true)).await;
    assert_eq!(checked["recommended_action"], "bounce");
    assert_eq!(checked["triggered_rules"][0]["rule_id"], rule["id"]);
    let again = json!({"name": "links", "rule_type": "content", "enabled": false});
    assert_eq!(setup.post(&at("moderation_rule"), again).await["rule"]["id"], rule["id"]);
    let checked = setup.post(&path, check("see https://a.example", true)).await;
    assert_eq!(checked["recommended_action"], "keep");
    let rules = setup.post(&at("moderation_rules"), json!({"filter": {"name": "links"}})).await;
    assert_eq!(rules["rules"].as_array().unwrap().len(), 1);
    let one = at(&format!("moderation_rule/{}", rule["id"].as_str().unwrap()));
    setup.delete(&one).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
    let texts = json!({"texts": {"a": "forbidden", "b": "fine"}, "config_key": "k"});
    let analyzed = setup.post(&at("analyze"), texts).await["texts"].clone();
    assert_eq!(
        (&analyzed["a"]["action"], &analyzed["b"]["action"]),
        (&json!("remove"), &json!("keep"))
    );
    let label = json!({"content": "so forbidden", "policy": "k"});
    assert_eq!(setup.post(&at("labels"), label).await["masked_content"], "so *********");
    let results = setup.post(&at("labels/results"), json!({"filter": {"labels": "words"}})).await;
    assert_eq!(results["label_results"][0]["content"], "so forbidden");
    let custom = json!({
        "entity_type": "own", "entity_id": "7", "flags": [{"type": "mine", "labels": ["odd"]}],
    });
    let custom = setup.post(&at("custom_check"), custom).await;
    assert_eq!(custom["item"]["flags"][0]["type"], "mine");
    setup.delete(&at("config/k")).await;
    setup.fail(Method::GET, &at("config/k"), None, 404, 16).await;
    let checked = setup.post(&path, check("a forbidden word", true)).await;
    assert_eq!(checked["recommended_action"], "keep");
    let missing =
        json!({"key": "x", "block_list_config": {"rules": [{"name": "no", "action": "flag"}]}});
    setup.fail(Method::POST, &at("config"), Some(missing), 400, 4).await;
}

#[tokio::test]
async fn messages_are_checked_by_the_block_lists_of_their_channel() {
    let setup = Setup::with_users(&["john", "jane"]).await;
    setup.channel(&["john", "jane"]).await;
    setup.post("/api/v2/blocklists", json!({"name": "words", "words": ["darn"]})).await;
    let kind = "/api/v2/chat/channeltypes/messaging";
    let token = setup.user_token("john");
    let send = async |text: &str| {
        let body = json!({"message": {"text": text}});
        let path = "/api/v2/chat/channels/messaging/general/message";
        setup.call_as(&token, Method::POST, path, Some(body)).await.body["message"].clone()
    };
    for (behavior, kind_of_message, shadowed) in
        [("block", "error", false), ("shadow_block", "regular", true), ("flag", "regular", false)]
    {
        let change = json!({"blocklist": "words", "blocklist_behavior": behavior});
        setup.put(kind, change).await;
        let message = send("darn it").await;
        let stored = match kind_of_message {
            "error" => message,
            _ => {
                let id = message["id"].as_str().unwrap();
                setup.get(&format!("/api/v2/chat/messages/{id}")).await["message"].clone()
            }
        };
        assert_eq!(
            (&stored["type"], &stored["shadowed"]),
            (&json!(kind_of_message), &json!(shadowed))
        );
        assert_eq!(send("fine").await["type"], "regular");
    }
    let queue =
        setup.post(&at("review_queue"), json!({"filter": {"reporter_type": "automod"}})).await;
    assert_eq!(queue["items"].as_array().unwrap().len(), 1);
    assert_eq!(setup.send_text("john", "darn it").await["type"], "regular");
    setup.post(&at("bypass"), json!({"target_user_id": "john", "enabled": true})).await;
    setup.put(kind, json!({"blocklist_behavior": "block"})).await;
    assert_eq!(send("darn it").await["type"], "regular");
}

#[tokio::test]
async fn actions_templates_and_policy_tests_are_stored() {
    let setup = Setup::new().await;
    let action = json!({"action": "thank", "entity_type": "own", "order": 1});
    let made = setup.post(&at("action_config"), action.clone()).await["action_config"].clone();
    let many =
        json!({"action_configs": [action, {"action": "x", "entity_type": "own", "order": 200}]});
    setup.fail(Method::POST, &at("action_config/bulk"), Some(many), 400, 4).await;
    let shown = setup.get(&at("action_config")).await["action_config"].clone();
    assert_eq!(shown["own"].as_array().unwrap().len(), 1);
    assert!(shown[MESSAGE].as_array().unwrap().len() > 1);
    let ids = json!({"ids": [made["id"], "gone"]});
    assert_eq!(setup.post(&at("action_config/bulk_delete"), ids).await["deleted"], 1);
    let template = json!({"name": "t", "config": {"data_types": {"text": "text"}}});
    setup.post(&at("feeds_moderation_template"), template).await;
    let all = setup.get(&at("feeds_moderation_template")).await["templates"].clone();
    assert_eq!(all[0]["name"], "t");
    setup.delete(&at("feeds_moderation_template")).await;
    let session = json!({"current_step": "input", "status": "in_progress", "setup_data": {"a": 1}});
    setup.post(&at("setup"), session).await;
    assert_eq!(setup.get(&at("setup")).await["setup_session"]["setup_data"], json!({"a": 1}));
    let entry = json!({
        "action_type": "warn", "entity_type": "own", "entity_id": "1", "entity_creator_id": "x",
    });
    setup.post(&at("action_logs"), entry).await;
    assert_eq!(setup.post(&at("logs"), json!({})).await["logs"][0]["type"], "warn");
    let rows = json!([
        {"text": "emulated-remove", "recommended_action": "remove"},
        {"text": "fine", "recommended_action": "flag"},
        {"text": "fine"},
    ]);
    let set = setup.post(&at("policy_tests/sets"), json!({"name": "s", "rows": rows})).await;
    let one = at(&format!("policy_tests/sets/{}", set["set"]["id"].as_str().unwrap()));
    let run = setup.post(&format!("{one}/runs"), json!({})).await;
    let totals = &run["run"]["metrics"]["totals"];
    assert_eq!(
        (&totals["passed"], &totals["failed"], &totals["unscored"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let run = at(&format!("policy_tests/runs/{}", run["run"]["id"].as_str().unwrap()));
    assert_eq!(setup.get(&run).await["results"][1]["passed"], false);
    assert_eq!(setup.get(&at("policy_tests/sets")).await["sets"][0]["row_count"], 3);
    setup.delete(&one).await;
    setup.fail(Method::GET, &run, None, 404, 16).await;
    let images = json!({"csv_file": "https://a.example/b.csv"});
    assert!(setup.post(&at("bulk_image_moderation"), images).await["task_id"].is_string());
    assert_eq!(setup.post(&at("check_s3_access"), json!({})).await["success"], false);
    let feedback =
        json!({"message": "m", "published_at": "2026-01-01T00:00:00Z", "reference": "r"});
    setup.post(&at("submit_moderation_feedback"), feedback).await;
}
