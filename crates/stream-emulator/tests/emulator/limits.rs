//! Page limits and the order of results are those of the schema and the documentation.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::support::{Reply, Setup, schema};

/// Returns the fields that the queries need besides the tested one. Each query ignores unknown
/// fields.
fn needed() -> Value {
    json!({
        "user_id": "a", "type": "messaging", "id": "general", "filter_conditions": {},
        "message_filter_conditions": {"text": "x"}, "filter": {},
    })
}

/// Returns the operations that have a body or a payload, with their paths filled in, and the names
/// of their fields for which `is_sought` holds.
fn with_field(is_sought: impl Fn(&str, &Value) -> bool) -> Vec<(Method, String, String, i64)> {
    let mut found = Vec::new();
    for (method, path, _) in schema::operations() {
        for (name, property) in schema::input_properties(&method, &path) {
            if is_sought(&name, &property) {
                let id = if path.contains("/messages/") { "m" } else { "general" };
                let filled = path.replace("{id}", id).replace("{poll_id}", "p");
                let most = property["maximum"].as_i64().unwrap_or_default();
                found.push((method.clone(), filled, name, most));
            }
        }
    }
    found
}

async fn setup() -> Setup {
    let setup = Setup::with_users(&["a"]).await;
    setup.channel(&["a"]).await;
    let message = json!({"message": {"id": "m", "text": "hi", "user_id": "a"}});
    setup.post("/api/v2/chat/channels/messaging/general/message", message).await;
    setup.post("/api/v2/polls", json!({"id": "p", "name": "Lunch?", "user_id": "a"})).await;
    setup.post("/api/v2/chat/segments", json!({"id": "general", "type": "user"})).await;
    setup
}

/// Sends a field with the others that an operation needs.
async fn send(setup: &Setup, method: &Method, path: &str, name: &str, value: Value) -> Reply {
    let mut input = needed();
    input[name] = value;
    if *method != Method::GET {
        return setup.call(method.clone(), path, Some(input)).await;
    }
    let payload = input.to_string();
    let payload = utf8_percent_encode(&payload, NON_ALPHANUMERIC);
    setup.call(Method::GET, &format!("{path}?payload={payload}"), None).await
}

/// Sends a field that is refused, and returns the text of the error.
async fn refused(setup: &Setup, method: &Method, path: &str, name: &str, value: Value) -> String {
    send(setup, method, path, name, value).await.assert_error(400, 4)
}

#[tokio::test]
async fn no_page_is_longer_than_the_schema_allows() {
    let setup = setup().await;
    let limits = with_field(|name, property| {
        name.ends_with("limit") && property["maximum"].is_number() && !name.starts_with("content")
    });
    assert!(limits.len() >= 30, "{}", limits.len());
    for (method, path, name, most) in limits {
        let text = refused(&setup, &method, &path, &name, json!(most + 1)).await;
        assert!(
            text.contains("limit") && text.contains(&most.to_string()),
            "{path} {name}: {text}"
        );
        refused(&setup, &method, &path, &name, json!(-1)).await;
    }
}

#[tokio::test]
async fn unknown_directions_are_refused() {
    let setup = setup().await;
    let sorted = with_field(|name, property| {
        let items = property["items"]["$ref"].as_str().unwrap_or_default();
        name == "sort" && items.ends_with("/SortParamRequest")
    });
    assert!(sorted.len() > 20, "{}", sorted.len());
    for (method, path, name, _) in sorted {
        for direction in [0, 2, -2] {
            let sort = json!([{"field": "created_at", "direction": direction}]);
            let text = refused(&setup, &method, &path, &name, sort).await;
            assert!(text.contains("direction"), "{path}: {text}");
        }
        let many = vec![json!({"field": "created_at", "direction": 1}); 6];
        refused(&setup, &method, &path, &name, many.into()).await;
    }
    let sort = "sort=%5B%7B%22field%22%3A%22created_at%22%2C%22direction%22%3A7%7D%5D";
    for path in [
        "/api/v2/chat/messages/m/replies",
        "/api/v2/chat/channels/messaging/general/pinned_messages",
    ] {
        setup.fail(Method::GET, &format!("{path}?{sort}"), None, 400, 4).await;
    }
}

#[tokio::test]
async fn offsets_end_where_the_documents_say() {
    let setup = setup().await;
    for (method, path, most) in [
        (Method::GET, "/api/v2/users", 1000),
        (Method::POST, "/api/v2/chat/channels", 1000),
        (Method::GET, "/api/v2/chat/search", 1000),
        (Method::GET, "/api/v2/chat/members", 10_000),
        (Method::GET, "/api/v2/chat/query_banned_users", 10_000),
        (Method::GET, "/api/v2/chat/query_future_channel_bans", 10_000),
    ] {
        let text = refused(&setup, &method, path, "offset", json!(most + 1)).await;
        assert!(text.contains("offset"), "{path}: {text}");
    }
    let replies = "/api/v2/chat/messages/m/reactions?offset=1001";
    setup.fail(Method::GET, replies, None, 400, 4).await;
    setup.fail(Method::GET, "/api/v2/chat/messages/m/reactions?limit=301", None, 400, 4).await;
    setup.fail(Method::GET, "/api/v2/chat/messages/m/replies?limit=301", None, 400, 4).await;
}
