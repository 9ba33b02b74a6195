//! Any input gets a response, and never a failure of the emulator.

use http::Method;
use serde_json::{Map, Value, json};

use crate::support::{Setup, schema};

pub(crate) async fn setup() -> Setup {
    let setup = Setup::with_users(&["a", "b"]).await;
    setup.channel(&["a", "b"]).await;
    let message = json!({"message": {"id": "m", "text": "hi", "user_id": "a"}});
    setup.post("/api/v2/chat/channels/messaging/general/message", message).await;
    setup
}

/// Returns the emulated operations that have a body, with their paths filled in.
fn operations() -> Vec<(Method, String)> {
    let emulated: Vec<&str> = stream_emulator::emulated_operations().collect();
    schema::operations()
        .into_iter()
        .filter(|(_, _, id)| emulated.contains(&id.as_str()))
        .filter(|(method, ..)| *method != Method::GET && *method != Method::DELETE)
        .map(|(method, path, _)| {
            let id = if path.contains("/messages/") { "m" } else { "general" };
            let path =
                path.replace("{type}", "messaging").replace("{id}", id).replace("{user_id}", "a");
            (method, path)
        })
        .collect()
}

#[tokio::test]
async fn fields_of_the_wrong_kind_are_refused_or_ignored() {
    let setup = setup().await;
    let odd = [
        json!(true),
        json!(u64::MAX),
        json!("text"),
        json!([null]),
        json!([{}]),
        json!({"id": [], "user_id": {}, "type": 7, "text": null}),
    ];
    for (method, path) in operations() {
        for (name, _) in schema::body_fields(&method, &path) {
            for value in &odd {
                let body = json!({name.as_str(): value});
                let reply = setup.call(method.clone(), &path, Some(body.clone())).await;
                let status = reply.status.as_u16();
                assert!(status < 500 || status == 501, "{method} {path} {body}: {}", reply.body);
            }
        }
    }
}

#[tokio::test]
async fn null_means_absence_in_every_field() {
    let (without, with_nulls) = (setup().await, setup().await);
    for (method, path) in operations() {
        // For settings of the app, `null` has another meaning.
        if path == "/api/v2/app" {
            continue;
        }
        let fields = schema::body_fields(&method, &path);
        let nulls: Map<String, Value> = fields
            .into_iter()
            .filter(|(_, is_required)| !is_required)
            .map(|(name, _)| (name, Value::Null))
            .collect();
        let empty = without.call(method.clone(), &path, Some(json!({}))).await;
        let null = with_nulls.call(method.clone(), &path, Some(nulls.into())).await;
        assert_eq!(empty.status, null.status, "{method} {path}: {}", null.body);
        if !empty.status.is_success() {
            assert_eq!(empty.body["message"], null.body["message"], "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_wrong_type_at_any_depth_is_refused_with_its_place() {
    let setup = Setup::with_users(&["a"]).await;
    let query = "/api/v2/chat/channels/messaging/x/query";
    for (path, body, problem) in [
        (query, json!({"members": {"id_gt": "a"}}), "members.id_gt: must be an integer"),
        (query, json!({"messages": [], "data": {}}), "messages: must be an object"),
        (
            "/api/v2/chat/channels/messaging/x/message",
            json!({"message": {"user": {"id": "a", "teams_role": "admin"}}}),
            "message.user.teams_role: must be an object",
        ),
        (
            "/api/v2/users",
            json!({"users": {"a": {"id": "a", "privacy_settings": {"typing_indicators": {"enabled": 1}}}}}),
            "users.a.privacy_settings.typing_indicators.enabled: must be a boolean",
        ),
        (
            "/api/v2/imports/v2",
            json!({"product": "chat", "settings": {"s3": {"bucket": ["x"]}}}),
            "settings.s3.bucket: must be a string",
        ),
        (
            "/api/v2/devices",
            json!({"id": "d", "push_provider": "apn", "user_id": "a", "voip_token": "yes"}),
            "voip_token: must be a boolean",
        ),
    ] {
        let text = setup.fail(Method::POST, path, Some(body), 400, 4).await;
        assert!(text.contains(problem), "{text}");
    }
    // Members that the API does not know may have any type, and `null` is the same as absence.
    let body =
        json!({"message": {"user_id": "a", "text": "hi", "silent": null, "color": [1]}, "more": 1});
    setup
        .post("/api/v2/chat/channels/messaging/x/query", json!({"data": {"created_by_id": "a"}}))
        .await;
    setup.post("/api/v2/chat/channels/messaging/x/message", body).await;
}
