//! Requests need a valid key and token.

use http::Method;
use serde_json::json;

use crate::support::{Setup, now, token, token_with_header};

const APP: &str = "/api/v2/app";

#[tokio::test]
async fn the_key_is_asked_for() {
    let setup = Setup::new().await;
    let base = setup.emulator.base_url();
    let good = token(setup.emulator.api_secret(), &json!({"server": true}));
    let headers = [("authorization", good.as_str()), ("stream-auth-type", "jwt")];
    for query in ["", "?api_key=", "?api_key=other"] {
        let uri = format!("{base}{APP}{query}");
        let reply = setup.raw(Method::GET, &uri, &headers, "").await;
        reply.assert_error(401, 2);
    }
}

#[tokio::test]
async fn a_token_of_the_right_kind_is_asked_for() {
    let setup = Setup::new().await;
    let uri = format!("{}{APP}?api_key={}", setup.emulator.base_url(), setup.emulator.api_key());
    let good = token(setup.emulator.api_secret(), &json!({"server": true}));
    let bearer = format!("Bearer {good}");
    let cases: [&[(&str, &str)]; 5] = [
        &[],
        &[("stream-auth-type", "jwt")],
        &[("authorization", &good)],
        &[("authorization", &good), ("stream-auth-type", "bearer")],
        &[("authorization", &bearer), ("stream-auth-type", "jwt")],
    ];
    for headers in cases {
        let reply = setup.raw(Method::GET, &uri, headers, "").await;
        reply.assert_error(401, 5);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_token_has_its_code() {
    let setup = Setup::new().await;
    let secret = setup.emulator.api_secret();
    let server = json!({"server": true});
    let none = json!({"alg": "none", "typ": "JWT"});
    let unsigned = token_with_header(secret, &none, &server);
    let unsigned = &unsigned[..=unsigned.rfind('.').unwrap()];
    let at = |claim: &str, second: i64| token(secret, &json!({"server": true, claim: second}));
    let cases = [
        (token("another secret", &server), 43),
        (unsigned.to_owned(), 43),
        (token_with_header(secret, &json!({"alg": "HS512"}), &server), 43),
        (at("exp", now() - 10), 40),
        (at("nbf", now() + 60), 41),
        (at("iat", now() + 60), 42),
        (token(secret, &json!({"user_id": ""})), 5),
        ("a.b.c".to_owned(), 5),
        ("abc".to_owned(), 5),
    ];
    for (token, code) in cases {
        let reply = setup.call_as(&token, Method::GET, APP, None).await;
        reply.assert_error(401, code);
    }
}

#[tokio::test]
async fn a_user_token_acts_for_its_user() {
    let setup = Setup::with_users(&["jane", "bob"]).await;
    setup.channel(&["jane", "bob"]).await;
    let jane = setup.user_token("jane");
    let path = "/api/v2/chat/channels/messaging/general/message";
    // The token determines the user, whatever the request says.
    let body = json!({"message": {"text": "hi", "user_id": "bob"}});
    let reply = setup.call_as(&jane, Method::POST, path, Some(body)).await;
    assert_eq!(reply.body["message"]["user"]["id"], "jane");
    let state =
        setup.call_as(&jane, Method::GET, "/api/v2/chat/channels/messaging/general", None).await;
    assert_eq!(state.body["membership"]["user_id"], "jane");

    let refused = setup.call_as(&jane, Method::PATCH, APP, Some(json!({}))).await;
    refused.assert_error(403, 17);
    let users = json!({"users": {"bob": {"id": "bob", "name": "Not Bob"}}});
    let refused = setup.call_as(&jane, Method::POST, "/api/v2/users", Some(users)).await;
    refused.assert_error(403, 17);
    let promoted = json!({"users": {"jane": {"id": "jane", "role": "admin"}}});
    let refused = setup.call_as(&jane, Method::POST, "/api/v2/users", Some(promoted)).await;
    refused.assert_error(403, 17);
    let renamed = json!({"users": {"jane": {"id": "jane", "name": "Jane"}}});
    let reply = setup.call_as(&jane, Method::POST, "/api/v2/users", Some(renamed)).await;
    assert_eq!(reply.body["users"]["jane"]["name"], "Jane");
}

#[tokio::test]
async fn revoked_tokens_are_refused_until_the_revocation_is_undone() {
    let setup = Setup::with_users(&["jane"]).await;
    setup.channel(&["jane"]).await;
    let path = "/api/v2/chat/channels/messaging/general";
    let old = token(setup.emulator.api_secret(), &json!({"user_id": "jane", "iat": now() - 3600}));
    let undated = token(setup.emulator.api_secret(), &json!({"user_id": "jane"}));
    let get = async |token: &str| setup.call_as(token, Method::GET, path, None).await;
    assert!(get(&old).await.status.is_success());

    let instant = "2026-01-01T00:00:00Z";
    let revoke_user = |value: serde_json::Value| json!({"users": [{"id": "jane", "set": {"revoke_tokens_issued_before": value}}]});
    let recently = crate::support::rfc3339(now() - 60);
    setup.patch("/api/v2/users", revoke_user(json!(recently))).await;
    get(&old).await.assert_error(401, 40);
    get(&undated).await.assert_error(401, 40);
    assert!(get(&setup.user_token("jane")).await.status.is_success());
    setup.patch("/api/v2/users", revoke_user(json!(instant))).await;
    assert!(get(&old).await.status.is_success());
    setup.patch("/api/v2/users", revoke_user(json!(null))).await;
    assert!(get(&undated).await.status.is_success());

    setup.patch("/api/v2/app", json!({"revoke_tokens_issued_before": recently})).await;
    get(&old).await.assert_error(401, 40);
    setup.patch("/api/v2/app", json!({"revoke_tokens_issued_before": null})).await;
    assert!(get(&old).await.status.is_success());
}

#[tokio::test]
async fn a_token_that_names_nobody_is_a_backends() {
    let setup = Setup::new().await;
    for claims in [json!({}), json!({"server": true}), json!({"iat": now()})] {
        let token = token(setup.emulator.api_secret(), &claims);
        let reply = setup.call_as(&token, Method::GET, APP, None).await;
        assert!(reply.status.is_success(), "{}", reply.body);
    }
}
