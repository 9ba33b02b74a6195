//! Shared locations follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Setup, now, rfc3339};

const CHANNEL: &str = "/api/v2/chat/channels/messaging/general";
const LIVE: &str = "/api/v2/users/live_locations?user_id=john";

async fn setup() -> Setup {
    let setup = Setup::with_users(&["john"]).await;
    let overrides = json!({"shared_locations": true});
    let data = json!({"created_by_id": "john", "config_overrides": overrides});
    setup.post(&format!("{CHANNEL}/query"), json!({"data": data})).await;
    setup
}

async fn share(setup: &Setup, end_at: Option<String>) -> Value {
    let location = json!({
        "latitude": 52.37,
        "longitude": 4.89,
        "created_by_device_id": "phone",
        "end_at": end_at,
    });
    let message = json!({"user_id": "john", "shared_location": location});
    let sent = setup.post(&format!("{CHANNEL}/message"), json!({"message": message})).await;
    sent["message"].clone()
}

async fn live(setup: &Setup) -> usize {
    setup.get(LIVE).await["active_live_locations"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_live_location_moves_until_its_end() {
    let setup = setup().await;
    assert_eq!(share(&setup, None).await["shared_location"]["latitude"], 52.37);
    assert_eq!(live(&setup).await, 0, "a place does not move");
    let message = share(&setup, Some(rfc3339(now() + 3600))).await;
    assert_eq!(live(&setup).await, 1);
    let state = setup.post(&format!("{CHANNEL}/query"), json!({})).await;
    assert_eq!(state["active_live_locations"][0]["message_id"], message["id"]);
    let moved = json!({"message_id": message["id"], "latitude": 1.5, "longitude": 2.5});
    let moved = setup.put(LIVE, moved).await;
    assert_eq!((&moved["latitude"], &moved["longitude"]), (&json!(1.5), &json!(2.5)));
    setup.post("/emulator/clock", json!({"advance_ms": 3_700_000})).await;
    assert_eq!(live(&setup).await, 0, "it has ended");
    let late = Some(json!({"message_id": message["id"], "latitude": 1.5, "longitude": 2.5}));
    setup.fail(Method::PUT, LIVE, late, 400, 4).await;
}

#[tokio::test]
async fn bad_locations_are_refused() {
    let setup = setup().await;
    let location = json!({"latitude": 91.0, "longitude": 0.0});
    let body = Some(json!({"message": {"user_id": "john", "shared_location": location}}));
    setup.fail(Method::POST, &format!("{CHANNEL}/message"), body, 400, 4).await;
    let missing = Some(json!({"message_id": "missing", "latitude": 1.0}));
    setup.fail(Method::PUT, LIVE, missing, 404, 16).await;
    let data = json!({"data": {"created_by_id": "john"}});
    setup.post("/api/v2/chat/channels/messaging/plain/query", data).await;
    let location = json!({"latitude": 1.0, "longitude": 0.0});
    let body = Some(json!({"message": {"user_id": "john", "shared_location": location}}));
    let path = "/api/v2/chat/channels/messaging/plain/message";
    setup.fail(Method::POST, path, body, 400, 19).await;
}
