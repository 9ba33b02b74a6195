//! Bans and mutes follow the API's rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Setup;

const BAN: &str = "/api/v2/moderation/ban";
const SEND: &str = "/api/v2/chat/channels/messaging/general/message";

/// Returns a query with its input in the parameter `payload`.
fn payload(path: &str, payload: &Value) -> String {
    let text = payload.to_string();
    let encoded = percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
    format!("{path}?payload={encoded}")
}

async fn bans(setup: &Setup, conditions: Value) -> Vec<Value> {
    let path = "/api/v2/chat/query_banned_users";
    let path = payload(path, &json!({"filter_conditions": conditions}));
    setup.get(&path).await["bans"].as_array().unwrap().clone()
}

async fn user(setup: &Setup, id: &str) -> Value {
    let path = payload("/api/v2/users", &json!({"filter_conditions": {"id": id}}));
    setup.get(&path).await["users"][0].clone()
}

async fn advance(setup: &Setup, minutes: i64) {
    setup.post("/emulator/clock", json!({"advance_ms": minutes * 60_000})).await;
}

#[tokio::test]
async fn a_ban_takes_reactions_along_and_bans_are_paged_by_time() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    setup.channel(&["mod", "bad"]).await;
    let message = setup.send_text("mod", "hi").await["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v2/chat/messages/{message}");
    let reaction = json!({"reaction": {"type": "like", "user_id": "bad"}});
    setup.post(&format!("{path}/reaction"), reaction).await;
    let ban = json!({"target_user_id": "bad", "banned_by_id": "mod", "delete_reactions": true});
    setup.post(BAN, ban).await;
    assert_eq!(setup.get(&path).await["message"]["reaction_counts"], json!({}));
    for (bound, count) in [("created_at_before", 0), ("created_at_after", 1)] {
        let query = json!({"filter_conditions": {}, bound: "2020-01-01T00:00:00Z"});
        let found = setup.get(&payload("/api/v2/chat/query_banned_users", &query)).await;
        assert_eq!(found["bans"].as_array().unwrap().len(), count, "{bound}");
    }
}

#[tokio::test]
async fn a_ban_replaces_the_one_before_and_ends() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    let ban = json!({
        "target_user_id": "bad", "banned_by_id": "mod", "reason": "spam", "timeout": 60,
    });
    setup.post(BAN, ban).await;
    let banned = user(&setup, "bad").await;
    assert_eq!((&banned["banned"], &banned["shadow_banned"]), (&json!(true), &json!(false)));
    assert!(banned["ban_expires"].is_i64());
    let found = bans(&setup, json!({"user_id": "bad"})).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["banned_by"]["id"], "mod");
    assert_eq!(found[0]["reason"], "spam");
    assert!(found[0].get("channel").is_none());
    let minutes =
        (found[0]["expires"].as_i64().unwrap() - found[0]["created_at"].as_i64().unwrap()) / 60;
    assert_eq!(minutes, 60_000_000_000);

    setup.post(BAN, json!({"target_user_id": "bad", "reason": "worse", "timeout": 5})).await;
    let found = bans(&setup, json!({"reason": {"$autocomplete": "wor"}})).await;
    assert_eq!(found.len(), 1);
    assert!(bans(&setup, json!({"banned_by_id": "mod"})).await.is_empty());
    advance(&setup, 6).await;
    assert!(bans(&setup, json!({})).await.is_empty());
    assert_eq!(user(&setup, "bad").await["banned"], false);
}

#[tokio::test]
async fn a_ban_from_a_channel_holds_there() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    setup.channel(&["mod", "bad"]).await;
    let ban = json!({
        "target_user_id": "bad", "banned_by_id": "mod", "channel_cid": "messaging:general",
    });
    setup.post(BAN, ban).await;
    assert_eq!(user(&setup, "bad").await["banned"], false);
    let found = bans(&setup, json!({"channel_cid": "messaging:general"})).await;
    assert_eq!(found[0]["channel"]["cid"], "messaging:general");
    let members = payload(
        "/api/v2/chat/members",
        &json!({"type": "messaging", "id": "general", "filter_conditions": {"banned": true}}),
    );
    assert_eq!(setup.get(&members).await["members"][0]["user_id"], "bad");
    let token = setup.user_token("bad");
    let body = json!({"message": {"text": "x"}});
    let reply = setup.call_as(&token, Method::POST, SEND, Some(body.clone())).await;
    reply.assert_error(403, 17);
    let unban = "/api/v2/moderation/unban?target_user_id=bad&channel_cid=messaging%3Ageneral";
    setup.post(unban, json!({"unbanned_by_id": "mod"})).await;
    assert!(bans(&setup, json!({})).await.is_empty());
    let reply = setup.call_as(&token, Method::POST, SEND, Some(body)).await;
    assert_eq!(reply.status, 201);
    setup.post(unban, json!({})).await;
}

#[tokio::test]
async fn whoever_is_banned_in_the_shadow_writes_marked_messages() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    setup.channel(&["mod", "bad"]).await;
    setup.post(BAN, json!({"target_user_id": "bad", "shadow": true})).await;
    let banned = user(&setup, "bad").await;
    assert_eq!((&banned["banned"], &banned["shadow_banned"]), (&json!(false), &json!(true)));
    let message = setup.send_text("bad", "hidden").await;
    assert_eq!(message["shadowed"], false, "the author is not told");
    let path = format!("/api/v2/chat/messages/{}", message["id"].as_str().unwrap());
    assert_eq!(setup.get(&path).await["message"]["shadowed"], true);
    let own = setup.call_as(&setup.user_token("bad"), Method::GET, &path, None).await;
    assert_eq!(own.body["message"]["shadowed"], false);
    let query = "/api/v2/chat/channels/messaging/general/query";
    let seen = |body: Value| {
        let messages = body["messages"].as_array().unwrap();
        let shadowed: Vec<Value> = messages.iter().map(|it| it["shadowed"].clone()).collect();
        (shadowed, body["members"][1]["user"]["shadow_banned"].clone())
    };
    let of_mod = setup.user_token("mod");
    let reply = setup.call_as(&of_mod, Method::POST, query, Some(json!({"state": true}))).await;
    assert_eq!(seen(reply.body), (vec![json!(true)], json!(true)));
    let of_bad = setup.user_token("bad");
    let reply = setup.call_as(&of_bad, Method::POST, query, Some(json!({"state": true}))).await;
    assert_eq!(seen(reply.body).0, [json!(false)]);
    setup.post("/api/v2/moderation/unban?target_user_id=bad", json!({})).await;
    assert_eq!(setup.send_text("bad", "seen").await["shadowed"], false);
}

#[tokio::test]
async fn future_channels_of_a_user_can_be_closed() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    let path = "/api/v2/chat/query_future_channel_bans";
    let of_mod = payload(path, &json!({"user_id": "mod", "include_total": true}));
    assert_eq!(setup.get(&of_mod).await["bans"], json!([]));
    let ban = json!({
        "target_user_id": "bad", "user_id": "mod", "ban_from_future_channels": true,
        "type": "messaging", "id": "old",
    });
    let old = json!({"data": {"created_by_id": "mod", "members": [{"user_id": "bad"}]}});
    setup.post("/api/v2/chat/channels/messaging/old/query", old).await;
    setup.post("/moderation/ban", ban).await;
    let found = setup.get(&of_mod).await;
    assert_eq!((&found["bans"][0]["user"]["id"], &found["total"]), (&json!("bad"), &json!(1)));
    setup.channel(&["mod", "bad"]).await;
    let send = json!({"message": {"text": "x"}});
    let reply = setup.call_as(&setup.user_token("bad"), Method::POST, SEND, Some(send)).await;
    reply.assert_error(403, 17);
}

#[tokio::test]
async fn bans_that_make_no_sense_are_refused() {
    let setup = Setup::with_users(&["mod", "bad"]).await;
    for bad in [
        json!({"target_user_id": "nobody"}),
        json!({"target_user_id": ""}),
        json!({"banned_by_id": "mod"}),
        json!({"target_user_id": "bad", "banned_by_id": "nobody"}),
        json!({"target_user_id": "bad", "delete_messages": "some"}),
        json!({"target_user_id": "bad", "ban_from_future_channels": true}),
    ] {
        setup.fail(Method::POST, BAN, Some(bad), 400, 4).await;
    }
    let nowhere = json!({"target_user_id": "bad", "channel_cid": "messaging:nowhere"});
    setup.fail(Method::POST, BAN, Some(nowhere), 404, 16).await;
    let token = setup.user_token("bad");
    let ban = json!({"target_user_id": "mod"});
    setup.call_as(&token, Method::POST, BAN, Some(ban)).await.assert_error(403, 17);
    let path =
        payload("/api/v2/chat/query_banned_users", &json!({"filter_conditions": {"color": "red"}}));
    setup.fail(Method::GET, &path, None, 400, 4).await;
}

#[tokio::test]
async fn mutes_are_shown_and_end() {
    let setup = Setup::with_users(&["john", "loud", "noisy"]).await;
    let mute = "/api/v2/moderation/mute";
    let one = setup.post(mute, json!({"target_ids": ["loud"], "user_id": "john"})).await;
    assert_eq!(one["mutes"][0]["target"]["id"], "loud");
    assert!(one["mutes"][0].get("expires").is_none());
    assert_eq!(one["own_user"]["mutes"].as_array().unwrap().len(), 1);
    let timed = json!({"target_ids": ["noisy", "gone"], "user_id": "john", "timeout": 10});
    let timed = setup.post(mute, timed).await;
    assert!(timed["mutes"][0]["expires"].is_i64());
    assert_eq!(timed["non_existing_users"], json!(["gone"]));
    let targets = |user: Value| {
        let mutes = user["mutes"].as_array().unwrap().clone();
        mutes.iter().map(|mute| mute["target"]["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(targets(user(&setup, "john").await), ["loud", "noisy"]);
    advance(&setup, 11).await;
    assert_eq!(targets(user(&setup, "john").await), ["loud"]);
    let v1 = json!({"target_id": ["loud", "noisy"], "user_id": "john"});
    assert_eq!(setup.post("/moderation/mute", v1).await["mutes"].as_array().unwrap().len(), 2);
    let unmute = json!({"target_ids": ["loud", "noisy"], "user_id": "john"});
    setup.post("/api/v2/moderation/unmute", unmute).await;
    assert!(targets(user(&setup, "john").await).is_empty());
    for bad in [
        json!({"target_ids": ["loud"]}),
        json!({"target_ids": [], "user_id": "john"}),
        json!({"target_ids": ["john"], "user_id": "john"}),
        json!({"target_ids": ["gone"], "user_id": "john"}),
    ] {
        setup.fail(Method::POST, mute, Some(bad), 400, 4).await;
    }
}
