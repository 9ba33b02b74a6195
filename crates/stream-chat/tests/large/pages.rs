//! Lists that are walked to their end, and those that do not go on.

use crate::support;
use serde_json::json;
use std::collections::BTreeSet;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::messages::SearchPayload;
use stream_chat::models::shared::SortParamRequest;
use stream_chat::models::users::UserFilter;
use stream_chat::{Cid, ErrorKind, MessageRequest, UserRequest};

#[tokio::test]
async fn users_are_walked_beyond_the_offset_that_the_server_takes() {
    let (emulator, client) = support::start().await;
    let users = (0..1234).map(|number| UserRequest::new(format!("user-{number:04}")));
    client.upsert_users(users).await.unwrap();
    emulator.clear_requests();

    let mut items = client.query_users(UserFilter::all()).limit(100).items();
    let mut found = BTreeSet::new();
    while let Some(user) = items.next().await.unwrap() {
        assert!(found.insert(user.id.clone()), "{} came twice", user.id);
    }
    assert_eq!(found.iter().filter(|id| id.starts_with("user-")).count(), 1234);
    for request in emulator.requests() {
        assert!(!request.query.unwrap().contains("offset"), "no offset is needed");
    }
}

#[tokio::test]
async fn channels_of_one_time_are_all_found_once() {
    let (emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    for number in 0..25 {
        let channel = client.channel("messaging", format!("room-{number}"));
        channel.get_or_create().created_by("john").members(["john"]).await.unwrap();
    }
    emulator.clear_requests();
    let filter = ChannelFilter::members().is_in(["john"]);
    let channels = client.query_channels(filter).limit(4).items().collect().await.unwrap();
    let cids: BTreeSet<Cid> = channels.iter().map(|entry| entry.channel.cid.clone()).collect();
    assert_eq!((channels.len(), cids.len()), (25, 25));
}

#[tokio::test]
async fn channels_created_at_the_same_time_as_the_last_are_skipped_by_number() {
    let (transport, client) = support::scripted();
    let entry = |id: &str, second: u8| json!({ "channel": { "cid": format!("messaging:{id}"), "created_at": format!("2026-01-01T00:00:0{second}Z") } });
    let pages = [
        vec![entry("a", 0), entry("b", 1), entry("c", 1)],
        vec![entry("d", 1), entry("e", 1), entry("f", 1)],
        vec![],
    ];
    for page in pages {
        transport.json(200, json!({ "channels": page }).to_string());
    }
    let found = client
        .query_channels(ChannelFilter::type_().eq("messaging"))
        .items()
        .collect()
        .await
        .unwrap();
    assert_eq!(found.len(), 6);
    let bodies = support::bodies(&transport);
    assert_eq!(bodies[0]["sort"], json!([{ "field": "created_at", "direction": 1 }]));
    let since = json!({ "created_at": { "$gte": "2026-01-01T00:00:01Z" } });
    assert_eq!(
        bodies[1]["filter_conditions"],
        json!({ "$and": [{ "type": { "$eq": "messaging" } }, since] })
    );
    assert_eq!((&bodies[1]["offset"], &bodies[2]["offset"]), (&json!(2), &json!(5)));
    assert_eq!(bodies[2]["filter_conditions"], bodies[1]["filter_conditions"]);
}

#[tokio::test]
async fn an_order_of_ones_own_ends_where_the_server_refuses_the_offset() {
    let (transport, client) = support::scripted();
    let page = |start: usize| {
        let users: Vec<_> =
            (start..start + 600).map(|id| json!({ "id": id.to_string() })).collect();
        json!({ "users": users }).to_string()
    };
    transport.json(200, page(0));
    transport.json(200, page(600));
    let mut pages = client
        .query_users(UserFilter::all())
        .sort(SortParamRequest::descending("created_at"))
        .pages();
    assert_eq!(pages.next().await.unwrap().unwrap().users.len(), 600);
    let error = pages.next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("1000"), "{error}");
    assert!(pages.next().await.unwrap().is_none(), "the list has ended");
}

#[tokio::test]
async fn a_list_that_repeats_itself_is_an_error() {
    // The same cursor again.
    let (transport, client) = support::scripted();
    transport.json(200, r#"{"results":[],"next":"a"}"#);
    transport.json(200, r#"{"results":[],"next":"a"}"#);
    let mut pages = client.search(SearchPayload::new(ChannelFilter::all())).text("hi").pages();
    assert!(pages.next().await.unwrap().is_some());
    assert_eq!(pages.next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(transport.sent().len(), 2);

    // An offset that is not looked at.
    let (transport, client) = support::scripted();
    for _ in 0..3 {
        transport.json(200, r#"{"reactions":[{"type":"like","user_id":"john"}]}"#);
    }
    let mut reactions = client.message("id").reactions().items();
    assert!(reactions.next().await.unwrap().is_some());
    assert_eq!(reactions.next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test]
async fn a_page_that_failed_can_be_asked_for_again() {
    let (transport, client) = support::scripted();
    transport.json(404, r#"{"code":16,"message":"no","StatusCode":404}"#);
    transport.json(200, r#"{"drafts":[{}]}"#);
    let mut pages =
        client.user("john").query_drafts(stream_chat::models::drafts::DraftFilter::all()).pages();
    assert!(pages.next().await.unwrap_err().is_not_found());
    assert_eq!(pages.next().await.unwrap().unwrap().drafts.len(), 1);
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn replies_are_walked_from_the_latest_back() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    let channel = client.channel("messaging", "talk");
    channel.get_or_create().created_by("john").await.unwrap();
    channel.send_message(MessageRequest::from("root").id("root").user_id("john")).await.unwrap();
    let thread = client.message("root").thread();
    for number in 0..5 {
        let reply = MessageRequest::from("reply").id(format!("r{number}")).user_id("john");
        thread.reply(&channel, reply).await.unwrap();
    }
    let replies = thread.replies().limit(2).items().collect().await.unwrap();
    let ids: BTreeSet<String> = replies.into_iter().map(|message| message.id).collect();
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["r0", "r1", "r2", "r3", "r4"]);
}
