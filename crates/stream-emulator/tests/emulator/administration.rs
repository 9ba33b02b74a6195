//! User groups, push providers, storage, limits, imports and exports follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

#[tokio::test]
async fn user_groups_have_members() {
    let setup = Setup::with_users(&["john", "jane", "kate"]).await;
    let groups = "/api/v2/usergroups";
    let new = json!({"id": "g", "name": "Support", "description": "Helps", "member_ids": ["john"]});
    let made = setup.post(groups, new.clone()).await["user_group"].clone();
    assert_eq!(made["members"][0]["user_id"], "john");
    setup.fail(Method::POST, groups, Some(new), 400, 4).await;
    let one = format!("{groups}/g");
    let members = |group: &Value| {
        let members = group["user_group"]["members"].as_array().unwrap().iter();
        members.map(|member| member["user_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let add = json!({"member_ids": ["jane", "kate"], "as_admin": true});
    let added = setup.post(&format!("{one}/members"), add).await;
    assert_eq!(members(&added), ["john", "jane", "kate"]);
    assert_eq!(added["user_group"]["members"][1]["is_admin"], true);
    let remove = json!({"member_ids": ["john", "nobody"]});
    setup.fail(Method::POST, &format!("{one}/members/delete"), Some(remove), 400, 4).await;
    setup.post(&format!("{one}/members/delete"), json!({"member_ids": ["john"]})).await;
    assert_eq!(members(&setup.get(&one).await), ["jane", "kate"]);
    let changed = setup.put(&one, json!({"name": "Renamed"})).await["user_group"].clone();
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Renamed"), &json!("Helps")));
    setup.post(groups, json!({"id": "h", "name": "Rest", "team_id": "red"})).await;
    let ids = |body: &Value| {
        let groups = body["user_groups"].as_array().unwrap().iter();
        groups.map(|group| group["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&setup.get(groups).await), ["g", "h"]);
    assert_eq!(ids(&setup.get(&format!("{groups}?limit=1&id_gt=g")).await), ["h"]);
    assert_eq!(ids(&setup.get(&format!("{groups}?team_id=red")).await), ["h"]);
    assert_eq!(ids(&setup.get(&format!("{groups}/search?query=re")).await), ["g", "h"]);
    assert!(ids(&setup.get(&format!("{groups}/search?query=named")).await).is_empty());
    setup.fail(Method::GET, &format!("{groups}/search?query="), None, 400, 4).await;
    setup.delete(&one).await;
    for (method, path, body) in [
        (Method::GET, one.clone(), None),
        (Method::PUT, one.clone(), Some(json!({"name": "Late"}))),
        (Method::POST, format!("{one}/members"), Some(json!({"member_ids": ["john"]}))),
    ] {
        setup.fail(method, &path, body, 404, 16).await;
    }
}

#[tokio::test]
async fn push_providers_need_credentials() {
    let setup = Setup::with_users(&["john"]).await;
    let providers = "/api/v2/push_providers";
    let with = |provider: Value| json!({"push_provider": provider});
    let firebase = json!({"name": "f", "type": "firebase", "firebase_credentials": "{}"});
    let made = setup.post(providers, with(firebase)).await["push_provider"].clone();
    assert_eq!((&made["name"], &made["type"]), (&json!("f"), &json!("firebase")));
    assert!(made.get("firebase_credentials").is_none());
    let later = json!({"name": "f", "type": "firebase", "description": "mine"});
    setup.post(providers, with(later)).await;
    assert_eq!(setup.get(providers).await["push_providers"][0]["description"], "mine");
    for bad in [
        json!({"name": "a", "type": "apn"}),
        json!({"name": "a", "type": "apn", "apn_auth_key": "k", "apn_key_id": "i"}),
        json!({"name": "a", "type": "pigeon"}),
        json!({"type": "firebase", "firebase_credentials": "{}"}),
        json!({"name": "x".repeat(37), "type": "firebase", "firebase_credentials": "{}"}),
    ] {
        setup.fail(Method::POST, providers, Some(with(bad)), 400, 4).await;
    }
    let templates = "/api/v2/push_templates";
    let template = r#"{"title": "{{ sender.name }}"}"#;
    let saved = json!({
        "push_provider_type": "firebase", "push_provider_name": "f", "event_type": "message.new",
        "template": template,
    });
    assert_eq!(setup.post(templates, saved.clone()).await["template"]["template"], template);
    setup.post(templates, saved).await;
    let of_firebase = format!("{templates}?push_provider_type=firebase");
    assert_eq!(setup.get(&of_firebase).await["templates"].as_array().unwrap().len(), 1);
    let bad = json!({
        "push_provider_type": "firebase", "event_type": "message.new", "template": "{",
    });
    setup.fail(Method::POST, templates, Some(bad), 400, 4).await;
    setup.fail(Method::GET, templates, None, 400, 4).await;
    setup.channel(&["john"]).await;
    let message = setup.send_text("john", "push \"me\"").await["id"].clone();
    let check = json!({
        "user_id": "john", "message_id": message, "skip_devices": true,
        "firebase_template": r#"{"title": "{{ message.text }}"}"#,
    });
    let checked = setup.post("/api/v2/check_push", check).await;
    assert_eq!(checked["rendered_firebase_template"], r#"{"title": "push \"me\""}"#);
    let checked = setup.post("/api/v2/check_push", json!({"user_id": "john"})).await;
    assert!(checked["general_errors"][0].as_str().unwrap().contains("no enabled devices"));
    let data = &checked["rendered_message"];
    assert_eq!((&data["type"], &data["message_id"]), (&json!("message.new"), &message));
    setup.delete(&format!("{providers}/firebase/f")).await;
    assert_eq!(setup.get(&of_firebase).await["templates"], json!([]));
    setup.fail(Method::DELETE, &format!("{providers}/firebase/f"), None, 404, 16).await;
}

#[tokio::test]
async fn queues_are_not_reached() {
    let setup = Setup::new().await;
    let whole = json!({"sqs_url": "https://sqs.example/q", "sqs_key": "k", "sqs_secret": "s"});
    let checked = setup.post("/api/v2/check_sqs", whole).await;
    assert_eq!(
        (&checked["status"], &checked["error"]),
        (&json!("error"), &json!("invalid SQS url"))
    );
    let url = "https://sqs.eu-west-1.amazonaws.com/1/q";
    let whole = json!({"sqs_url": url, "sqs_key": "k", "sqs_secret": "s"});
    let checked = setup.post("/api/v2/check_sqs", whole).await;
    assert_eq!(checked["error"], "the emulator does not reach SQS");
    let whole = json!({"sns_topic_arn": "arn:aws:sns:x", "sns_key": "k", "sns_secret": "s"});
    let checked = setup.post("/api/v2/check_sns", whole).await;
    let error = checked["error"].as_str().unwrap();
    assert!(error.starts_with("publishing the message failed."), "{error}");
    let checked = setup.post("/api/v2/check_sns", json!({"sns_key": "k"})).await;
    let error = checked["error"].as_str().unwrap();
    assert!(error.contains("sns_topic_arn, sns_secret"), "{error}");
}

#[tokio::test]
async fn rate_limits_are_listed_by_platform_and_endpoint() {
    let setup = Setup::new().await;
    let limits = "/api/v2/rate_limits";
    let all = setup.get(limits).await;
    for platform in ["server_side", "android", "ios", "web", "unity"] {
        assert!(all[platform]["QueryReviewQueue"]["limit"].as_i64().unwrap() > 0, "{platform}");
    }
    let some = setup.get(&format!("{limits}?web=true&endpoints=SendMessage%2CGetRateLimits")).await;
    assert!(some.get("ios").is_none());
    let names: Vec<_> = some["web"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names.len(), 2);
    assert_eq!(some["web"]["SendMessage"]["limit"], 1000);
    assert_eq!(some["web"]["GetRateLimits"]["remaining"], some["web"]["GetRateLimits"]["limit"]);
    let counted = setup.get(&format!("{limits}?server_side=true&endpoints=GetRateLimits")).await;
    let counted = &counted["server_side"]["GetRateLimits"];
    assert!(
        counted["remaining"].as_i64() < counted["limit"].as_i64(),
        "this call counts: {counted}"
    );
    setup.fail(Method::GET, &format!("{limits}?web=perhaps"), None, 400, 4).await;
}

#[tokio::test]
async fn storage_is_checked_and_kept_for_the_importer() {
    let setup = Setup::new().await;
    let storages = "/api/v2/external_storage";
    let storage = json!({
        "name": "mine", "storage_type": "s3", "bucket": "b", "aws_s3": {"s3_region": "r"},
    });
    setup.post(storages, storage).await;
    let url = setup.get(&format!("{storages}/mine/check")).await["file_url"].clone();
    let file = setup.raw(Method::GET, url.as_str().unwrap(), &[], "").await;
    assert_eq!(file.status, 200);
    setup.fail(Method::GET, &format!("{storages}/other/check"), None, 404, 16).await;
    let importer = "/api/v2/imports/v2/external-storage";
    setup.fail(Method::POST, &format!("{importer}/validate"), Some(json!({})), 404, 16).await;
    let gcs = json!({"type": "gcs", "gcs": {"bucket": "b", "credentials": "hush"}});
    setup.put(importer, gcs).await;
    let shown = setup.get(importer).await;
    assert_eq!(shown["gcs"], json!({"bucket": "b", "credentials_set": true}));
    setup.post(&format!("{importer}/validate"), json!({})).await;
    let bad = json!({"type": "aws_s3", "aws_s3": {"bucket": "b"}});
    setup.fail(Method::PUT, importer, Some(bad), 400, 4).await;
    setup.delete(importer).await;
    setup.fail(Method::GET, importer, None, 404, 16).await;
}

#[tokio::test]
async fn exports_are_files() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    setup.send_text("john", "take \"me\" along").await;
    let export = "/api/v2/chat/export_channels";
    let result = async |task: Value| {
        let path = format!("/api/v2/tasks/{}", task["task_id"].as_str().unwrap());
        loop {
            let task = setup.get(&path).await;
            if task["status"] == "completed" {
                break task["result"]["url"].as_str().unwrap().to_owned();
            }
        }
    };
    let channels = json!({"channels": [{"cid": "messaging:general"}], "export_users": true});
    let url = result(setup.post(export, channels).await).await;
    let file = setup.raw(Method::GET, &url, &[], "").await.body;
    assert_eq!(file["channels"][0]["messages"][0]["text"], "take \"me\" along");
    assert_eq!(file["users"][0]["id"], "john");
    let later = json!({"channels": [{
        "type": "messaging", "id": "general", "messages_since": "2100-01-01T00:00:00Z",
    }]});
    let url = result(setup.post(export, later).await).await;
    let file = setup.raw(Method::GET, &url, &[], "").await.body;
    assert_eq!(file["channels"][0]["messages"], json!([]));
    let users = json!({"user_ids": ["john"]});
    let url = result(setup.post("/api/v2/export/users", users).await).await;
    let file = setup.raw(Method::GET, &url, &[], "").await.body;
    assert_eq!(file["users"][0]["messages"].as_array().unwrap().len(), 1);
    let missing = json!({"channels": [{"cid": "messaging:nowhere"}]});
    setup.fail(Method::POST, export, Some(missing), 404, 16).await;
    for bad in [
        json!({"channels": []}),
        json!({"channels": [{"type": "messaging"}]}),
        json!({"channels": [{"cid": "messaging:general"}], "format": "xml"}),
    ] {
        setup.fail(Method::POST, export, Some(bad), 400, 4).await;
    }
    let many: Vec<String> = (0..26).map(|number| format!("u{number}")).collect();
    for bad in [json!({"user_ids": many}), json!({"user_ids": ["nobody"]})] {
        setup.fail(Method::POST, "/api/v2/export/users", Some(bad), 400, 4).await;
    }
}

/// Uploads a file for an import, and returns its path.
async fn uploaded(setup: &Setup, content: &Value) -> String {
    let place = setup.post("/api/v2/import_urls", json!({"filename": "import.json"})).await;
    let url = place["upload_url"].as_str().unwrap();
    assert_eq!(setup.raw(Method::PUT, url, &[], content.to_string()).await.status, 200);
    place["path"].as_str().unwrap().to_owned()
}

fn content() -> Value {
    json!([
        {"type": "user", "item": {"id": "ann", "name": "Ann", "level": 3, "role": "user"}},
        {"type": "channel", "item": {
            "id": "old", "type": "messaging", "created_by": "ann", "color": "red",
        }},
        {"type": "member", "item": {
            "channel_id": "old", "channel_type": "messaging", "user": "ann",
        }},
        {"type": "message", "item": {
            "id": "m1", "channel_id": "old", "channel_type": "messaging", "user": "ann",
            "text": "hello", "type": "regular", "created_at": "2020-01-01T00:00:00Z",
        }},
        {"type": "reaction", "item": {"message_id": "m1", "type": "like", "user": "ann"}},
    ])
}

async fn finished(setup: &Setup, path: &str) -> Value {
    loop {
        let task = setup.get(path).await;
        let task = task.get("import_task").unwrap_or(&task).clone();
        if task["state"] != "analyzing" && task["state"] != 1 {
            return task;
        }
    }
}

#[tokio::test]
async fn imports_take_over_all_or_nothing() {
    let setup = Setup::new().await;
    let imports = "/api/v2/imports";
    let path = uploaded(&setup, &content()).await;
    let import = json!({"path": path, "mode": "insert"});
    let task = setup.post(imports, import.clone()).await["import_task"].clone();
    let one = format!("{imports}/{}", task["id"].as_str().unwrap());
    assert_eq!(finished(&setup, &one).await["state"], "completed");
    let message = setup.get("/api/v2/chat/messages/m1").await["message"].clone();
    assert_eq!(message["text"], "hello");
    assert_eq!(message["created_at"], 1_577_836_800_000_000_000_i64);
    assert_eq!(message["reaction_counts"], json!({"like": 1}));
    let reply = json!({"text": "reply", "user_id": "ann", "parent_id": "m1"});
    let path = "/api/v2/chat/channels/messaging/old/message";
    setup.post(path, json!({"message": reply})).await;
    // Existing objects are not inserted again, and the whole file is refused.
    let mut again = content();
    again.as_array_mut().unwrap().insert(0, json!({"type": "user", "item": {"id": "new"}}));
    let path = uploaded(&setup, &again).await;
    let import = json!({"path": path, "mode": "insert"});
    let task = setup.post(imports, import).await["import_task"].clone();
    let one = format!("{imports}/{}", task["id"].as_str().unwrap());
    assert_eq!(finished(&setup, &one).await["state"], "analyze_failed");
    setup.fail(Method::GET, "/api/v2/users/new/export", None, 404, 16).await;
    let task = setup.post(imports, json!({"path": path, "mode": "upsert"})).await;
    let one = format!("{imports}/{}", task["import_task"]["id"].as_str().unwrap());
    assert_eq!(finished(&setup, &one).await["state"], "completed");
    // The message that was imported anew keeps its thread.
    let thread = setup.get("/api/v2/chat/threads/m1").await["thread"].clone();
    assert_eq!(thread["latest_replies"][0]["text"], "reply");
    let message = setup.get("/api/v2/chat/messages/m1").await["message"].clone();
    assert_eq!(
        (&message["reply_count"], &message["reaction_counts"]["like"]),
        (&json!(1), &json!(1))
    );
    let channel = setup.get("/api/v2/chat/channels/messaging/old").await;
    assert_eq!(channel["messages"].as_array().unwrap().len(), 1);
    assert_eq!(setup.get(imports).await["import_tasks"].as_array().unwrap().len(), 3);
    for bad in [json!({"path": "nowhere", "mode": "upsert"}), json!({"path": path, "mode": "x"})] {
        setup.fail(Method::POST, imports, Some(bad), 400, 4).await;
    }
    setup.fail(Method::GET, &format!("{imports}/gone"), None, 404, 16).await;
}

#[tokio::test]
async fn imports_of_v2_are_tasks() {
    let setup = Setup::new().await;
    let tasks = "/api/v2/imports/v2";
    let path = uploaded(&setup, &content()).await;
    let new = json!({"product": "chat", "settings": {"path": path, "mode": "upsert"}});
    let task = setup.post(tasks, new).await;
    let one = format!("{tasks}/{}", task["id"].as_str().unwrap());
    assert_eq!(finished(&setup, &one).await["result"], json!({"imported": 5}));
    setup.fail(Method::POST, &format!("{one}/cancel"), Some(json!({})), 400, 4).await;
    let other = json!({"product": "chat", "settings": {"path": "import.json", "mode": "upsert"}});
    let other = setup.post(tasks, other).await;
    let other = format!("{tasks}/{}", other["id"].as_str().unwrap());
    assert_eq!(finished(&setup, &other).await["state"], 3);
    assert_eq!(
        setup.get(&format!("{tasks}?state=3")).await["import_tasks"].as_array().unwrap().len(),
        1
    );
    setup.delete(&other).await;
    setup.fail(Method::GET, &other, None, 404, 16).await;
    let bad = json!({"product": "video", "settings": {}});
    setup.fail(Method::POST, tasks, Some(bad), 400, 4).await;
}

#[tokio::test]
async fn words_are_imported_into_block_lists() {
    let setup = Setup::new().await;
    setup.post("/api/v2/blocklists", json!({"name": "bad", "words": ["darn"]})).await;
    let import = "/api/v2/blocklists/bad/import";
    let task = setup.post(import, json!({"items": ["heck", "darn"]})).await;
    assert!(task["task_id"].is_string());
    let list = setup.get("/api/v2/blocklists/bad").await["blocklist"].clone();
    assert_eq!((&list["words"], &list["id"]), (&json!(["darn", "heck"]), &json!("bad")));
    let both = json!({"allowed_mime_types": ["a/b"], "blocked_mime_types": ["c/d"]});
    let both = json!({"file_upload_config": both});
    setup.fail(Method::PATCH, "/api/v2/app", Some(both), 400, 4).await;
    setup.fail(Method::POST, import, Some(json!({"items": []})), 400, 4).await;
    let missing = "/api/v2/blocklists/other/import";
    setup.fail(Method::POST, missing, Some(json!({"items": ["x"]})), 404, 16).await;
    let kind = "/api/v2/chat/channeltypes/team";
    setup.put(kind, json!({"blocklist": "bad", "blocklist_behavior": "flag"})).await;
    setup.fail(Method::DELETE, "/api/v2/blocklists/bad", None, 400, 4).await;
}

#[tokio::test]
async fn previews_come_from_a_table() {
    let setup = Setup::new().await;
    let og = "/api/v2/og";
    let found = setup.get(&format!("{og}?url=https%3A%2F%2Fwww.github.com%2Fa")).await;
    assert_eq!(found["title"], "GitHub");
    assert_eq!(found["og_scrape_url"], "https://www.github.com/a");
    setup.fail(Method::GET, &format!("{og}?url=http%3A%2F%2F127.0.0.1%2Fx"), None, 400, 4).await;
    setup.fail(Method::GET, og, None, 400, 4).await;
}
