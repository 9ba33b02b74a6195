//! Plain resources are created, read, changed, listed and deleted by the API's rules.

use http::Method;
use serde_json::json;

use crate::support::Setup;

#[tokio::test]
async fn block_lists_are_created_changed_and_deleted() {
    let setup = Setup::new().await;
    let lists = "/api/v2/blocklists";
    let made = setup.post(lists, json!({"name": "bad", "words": ["darn"]})).await;
    assert_eq!(made["blocklist"]["type"], "word");
    assert_eq!(made["blocklist"]["is_leet_check_enabled"], false);
    let one = format!("{lists}/bad");
    setup.put(&one, json!({"words": ["darn", "heck"], "is_leet_check_enabled": true})).await;
    let found = setup.get(&one).await["blocklist"].clone();
    assert_eq!(found["words"], json!(["darn", "heck"]));
    assert_eq!(found["is_leet_check_enabled"], true);
    let all = setup.get(lists).await["blocklists"].clone();
    assert_eq!((&all[0]["name"], &all[1]["name"]), (&json!("bad"), &json!("profanity_en_2020_v1")));
    for bad in [
        json!({"name": "bad", "words": ["again"]}),
        json!({"words": ["nameless"]}),
        json!({"name": "wordless"}),
        json!({"name": "x", "words": "one"}),
        json!({"name": "x", "words": [1]}),
        json!({"name": "x", "words": [], "type": "other"}),
    ] {
        setup.fail(Method::POST, lists, Some(bad), 400, 4).await;
    }
    setup.delete(&one).await;
    setup.fail(Method::GET, &one, None, 404, 16).await;
    setup.fail(Method::DELETE, &one, None, 404, 16).await;
    setup.fail(Method::PUT, &one, Some(json!({"words": []})), 404, 16).await;
}

#[tokio::test]
async fn the_block_list_of_all_apps_stays_as_it_is() {
    let setup = Setup::new().await;
    let list = "/api/v2/blocklists/profanity_en_2020_v1";
    let words = setup.get(list).await["blocklist"]["words"].clone();
    let change = json!({"words": ["x"]});
    let said = setup.fail(Method::PUT, list, Some(change.clone()), 400, 4).await;
    assert!(said.contains("cannot update the builtin block list"), "{said}");
    setup.fail(Method::DELETE, list, None, 400, 4).await;
    let items = json!({"items": ["x"]});
    setup.fail(Method::POST, &format!("{list}/import"), Some(items), 400, 4).await;
    assert_eq!(setup.get(list).await["blocklist"]["words"], words);
    let again = json!({"name": "profanity_en_2020_v1", "words": ["x"]});
    setup.fail(Method::POST, "/api/v2/blocklists", Some(again), 400, 4).await;
    let kind = json!({"blocklist": "profanity_en_2020_v1", "blocklist_behavior": "block"});
    setup.put("/api/v2/chat/channeltypes/messaging", kind).await;
}

#[tokio::test]
async fn commands_are_created_changed_and_deleted() {
    let setup = Setup::new().await;
    let commands = "/api/v2/chat/commands";
    let made = setup.post(commands, json!({"name": "ticket", "description": "Open one"})).await;
    assert_eq!(made["command"]["args"], "");
    let one = format!("{commands}/ticket");
    setup.put(&one, json!({"description": "Open a ticket", "args": "[text]"})).await;
    assert_eq!(setup.get(&one).await["description"], "Open a ticket");
    let all = setup.get(commands).await["commands"].clone();
    let names: Vec<_> = all.as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert!(names.contains(&json!("giphy")) && names.contains(&json!("ticket")));
    assert_eq!(setup.delete(&one).await["name"], "ticket");
    setup.fail(Method::GET, &one, None, 404, 16).await;
    for bad in [
        json!({"name": "giphy", "description": "mine"}),
        json!({"name": "two words", "description": "x"}),
        json!({"name": "undescribed"}),
    ] {
        setup.fail(Method::POST, commands, Some(bad), 400, 4).await;
    }
}

#[tokio::test]
async fn credentials_of_a_storage_do_not_come_back() {
    let setup = Setup::new().await;
    let storages = "/api/v2/external_storage";
    let storage = json!({
        "name": "mine", "storage_type": "s3", "bucket": "b",
        "aws_s3": {"s3_region": "r", "s3_secret": "hush"},
    });
    setup.post(storages, storage).await;
    let all = setup.get(storages).await["external_storages"].clone();
    assert_eq!(all, json!({"mine": {"name": "mine", "type": "s3", "bucket": "b", "path": ""}}));
    let change = json!({"storage_type": "gcs", "bucket": "c"});
    let changed = setup.put(&format!("{storages}/mine"), change).await;
    assert_eq!((&changed["type"], &changed["bucket"]), (&json!("gcs"), &json!("c")));
    setup.delete(&format!("{storages}/mine")).await;
    assert_eq!(setup.get(storages).await["external_storages"], json!({}));
}

#[tokio::test]
async fn a_predefined_filter_is_checked_before_it_is_kept() {
    let setup = Setup::new().await;
    let filters = "/api/v2/chat/predefined_filters";
    let filter = json!({"name": "red", "operation": "QueryChannels", "filter": {"color": "red"}});
    let made = setup.post(filters, filter).await;
    assert_eq!(made["predefined_filter"]["filter"], json!({"color": "red"}));
    let bad = json!({"name": "x", "operation": "QueryChannels", "filter": {"cid": {"$q": "a"}}});
    setup.fail(Method::POST, filters, Some(bad), 400, 4).await;
    let all = setup.get(filters).await["predefined_filters"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1);
    let users = setup.user_token("nobody");
    let reply = setup.call_as(&users, Method::DELETE, &format!("{filters}/red"), None).await;
    reply.assert_error(403, 17);
    setup.delete(&format!("{filters}/red")).await;
}
