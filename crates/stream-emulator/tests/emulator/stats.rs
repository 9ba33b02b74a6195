//! Usage is counted by team.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const PATH: &str = "/api/v2/chat/stats/team_usage";

#[tokio::test]
async fn users_and_messages_of_a_team_are_counted() {
    let setup = Setup::new().await;
    let user = |id: &str| json!({"id": id, "teams": ["red"]});
    let users = json!({"users": {"john": user("john"), "jane": user("jane")}});
    setup.post("/api/v2/users", users).await;
    let data = json!({"data": {"created_by_id": "john", "team": "red"}});
    setup.post("/api/v2/chat/channels/messaging/general/query", data).await;
    setup.send_text("john", "hello").await;
    let found = setup.post(PATH, json!({"month": "2026-01"})).await;
    let team = &found["teams"][0];
    assert_eq!((&team["team"], &team["users_total"]["total"]), (&json!("red"), &json!(2)));
    assert_eq!(team["messages_total"]["total"], 1);
    assert_eq!(setup.post(PATH, json!({"team": "blue"})).await["teams"], json!([]));
}

#[tokio::test]
async fn malformed_dates_are_refused() {
    let setup = Setup::new().await;
    let bad: [Value; 6] = [
        json!({"month": "2026-13"}),
        json!({"month": "2026-1"}),
        json!({"start_date": "yesterday"}),
        json!({"start_date": "2026-01-07", "end_date": "2026-01-01"}),
        json!({"month": "2026-01", "start_date": "2026-01-01"}),
        json!({"limit": 31}),
    ];
    for body in bad {
        setup.fail(Method::POST, PATH, Some(body), 400, 4).await;
    }
}
