//! Retention policies follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const PATH: &str = "/api/v2/chat/retention_policy";

#[tokio::test]
async fn policies_are_kept() {
    let setup = Setup::new().await;
    let policy = |hours: i32| json!({"policy": "old-messages", "max_age_hours": hours});
    setup.post(PATH, policy(720)).await;
    let set = setup.post(PATH, policy(24)).await;
    assert_eq!(set["policy"]["config"]["max_age_hours"], 24);
    let kept = setup.get(PATH).await;
    let kept = kept["policies"].as_array().unwrap();
    assert_eq!((kept.len(), &kept[0]["policy"]), (1, &json!("old-messages")));
    assert_eq!(setup.post(&format!("{PATH}/runs"), json!({})).await["runs"], json!([]));
    let delete = format!("{PATH}/delete");
    setup.post(&delete, json!({"policy": "old-messages"})).await;
    assert_eq!(setup.get(PATH).await["policies"], json!([]));
    let gone = Some(json!({"policy": "old-messages"}));
    setup.fail(Method::POST, &delete, gone, 404, 16).await;
}

#[tokio::test]
async fn bad_policies_are_refused() {
    let setup = Setup::new().await;
    for body in [
        json!({"policy": "old-socks", "max_age_hours": 24}),
        json!({"policy": "old-messages", "max_age_hours": 23}),
        json!({"policy": "old-messages", "max_age_hours": 43_801}),
        json!({"policy": "old-messages"}),
    ] {
        setup.fail(Method::POST, PATH, Some(body), 400, 4).await;
    }
    let runs: Value = json!({"filter_conditions": {"color": "red"}});
    setup.fail(Method::POST, &format!("{PATH}/runs"), Some(runs), 400, 4).await;
}

#[tokio::test]
async fn what_is_too_old_is_deleted_once_a_day() {
    let setup = Setup::with_users(&["john"]).await;
    setup.channel(&["john"]).await;
    setup.send_text("john", "old").await;
    for policy in ["old-messages", "inactive-channels"] {
        setup.post(PATH, json!({"policy": policy, "max_age_hours": 30})).await;
    }
    let advance = |hours: u64| {
        let milliseconds = hours * 3_600_000 + 1000;
        setup.post("/emulator/clock", json!({"advance_ms": milliseconds}))
    };
    let runs = async |filter: Value| {
        let query = json!({"filter_conditions": filter});
        setup.post(&format!("{PATH}/runs"), query).await["runs"].clone()
    };
    // Both run after a day, and find nothing old enough.
    advance(24).await;
    let first = runs(json!({})).await;
    assert_eq!(first.as_array().unwrap().len(), 2);
    assert_eq!(first[0]["stats"], json!({"messages_deleted": 0, "channels_deleted": 0}));
    setup.send_text("john", "new").await;
    advance(24).await;
    let of_messages = runs(json!({"policy": "old-messages"})).await;
    assert_eq!(of_messages[0]["stats"]["messages_deleted"], 1);
    assert_eq!(of_messages.as_array().unwrap().len(), 2);
    let general = "/api/v2/chat/channels/messaging/general";
    let left = setup.get(general).await["messages"].clone();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["text"]), (1, &json!("new")));
    advance(48).await;
    let of_channels = runs(json!({"policy": "inactive-channels"})).await;
    assert_eq!(of_channels[0]["stats"]["channels_deleted"], 1);
    setup.fail(Method::GET, general, None, 404, 16).await;
}
