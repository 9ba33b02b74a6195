//! Retention policies.

use crate::support::Setup;
use http::Method;
use serde_json::{Value, json};

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
        json!({"policy": "old-messages", "max_age_hours": 0}),
        json!({"policy": "old-messages"}),
    ] {
        setup.fail(Method::POST, PATH, Some(body), 400, 4).await;
    }
    let runs: Value = json!({"filter_conditions": {"color": "red"}});
    setup.fail(Method::POST, &format!("{PATH}/runs"), Some(runs), 400, 4).await;
}
