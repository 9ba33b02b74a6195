//! Lists are walked to their end, and end if the server repeats a cursor.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;

use futures_core::Stream;
use serde_json::json;

use crate::server::{Answer, Server};
use crate::support;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::drafts::{DraftFilter, QueryDrafts};
use stream_chat::models::members::MemberFilter;
use stream_chat::models::messages::SearchPayload;
use stream_chat::models::users::{UserFilter, UserSort};
use stream_chat::transport::testing::ScriptedTransport;
use stream_chat::{Cid, Client, Error, ErrorKind, MessageRequest, Pages, Stuck, UserRequest};

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
    let mut pages =
        client.query_users(UserFilter::all()).sort(UserSort::created_at().descending()).pages();
    for _ in 0..2 {
        assert_eq!(pages.next().await.unwrap().unwrap().users.len(), 600);
    }
    let error = pages.next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("1000"), "{error}");
    assert!(pages.next().await.unwrap().is_none(), "the list has ended");
}

#[tokio::test]
async fn a_list_that_repeats_itself_is_an_error() {
    // A repeated cursor.
    let (transport, client) = support::scripted();
    transport.json(200, r#"{"results":[],"next":"a"}"#);
    transport.json(200, r#"{"results":[],"next":"a"}"#);
    let mut pages = client.search(SearchPayload::new(ChannelFilter::all())).text("hi").pages();
    for _ in 0..2 {
        assert!(pages.next().await.unwrap().is_some(), "what the page has is not lost");
    }
    assert_eq!(pages.next().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(transport.sent().len(), 2);

    // An offset that the server ignores.
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
    let mut pages = client.user("john").query_drafts(DraftFilter::all()).pages();
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

/// Responds with cursors, the first to a request without one.
fn cursors(transport: &ScriptedTransport, pages: &[(&str, &str)]) {
    for (entries, next) in pages {
        let next = if next.is_empty() { "null".to_owned() } else { format!("{next:?}") };
        transport.json(200, format!(r#"{{"drafts":[{entries}],"next":{next}}}"#));
    }
}

fn drafts(client: &Client) -> Pages<QueryDrafts> {
    client.user("john").query_drafts(DraftFilter::all()).pages()
}

#[tokio::test]
async fn a_list_that_goes_around_in_a_circle_ends() {
    for length in 2..40 {
        let (transport, client) = support::scripted();
        let names: Vec<String> = (0..200)
            .map(|number| if number < 5 { number } else { 5 + (number - 5) % length })
            .map(|number| number.to_string())
            .collect();
        for name in &names {
            let entry = format!(r#"{{"channel_cid":"messaging:{name}"}}"#);
            cursors(&transport, &[(&entry, name)]);
        }
        let mut pages = drafts(&client);
        let mut count = 0;
        let error = loop {
            match pages.next().await {
                Ok(page) => count += usize::from(page.is_some()),
                Err(error) => break error,
            }
            assert!(count < 150, "a circle of {length} is not noticed");
        };
        assert_eq!(error.downcast_ref::<Stuck>(), Some(&Stuck::repeated()));
        assert!(pages.next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn the_same_next_page_for_ever_is_an_error_after_what_the_pages_have() {
    for prefetches in [false, true] {
        // The cursor is the same, and so is nothing else; or the page is, and the cursors differ.
        for (is_same_cursor, expected) in [(true, 2), (false, 1)] {
            let (transport, client) = support::scripted();
            for number in 0..20 {
                let entry = if is_same_cursor { number } else { 0 };
                let entry = format!(r#"{{"parent_id":"{entry}"}}"#);
                let next = if is_same_cursor { 0 } else { number };
                cursors(&transport, &[(&entry, &format!("cursor-{next}"))]);
            }
            let mut items = client.user("john").query_drafts(DraftFilter::all()).items();
            if prefetches {
                items = items.prefetch();
            }
            let mut found = Vec::new();
            let error = items.collect_into(&mut found).await.unwrap_err();
            assert_eq!(error.downcast_ref::<Stuck>(), Some(&Stuck::repeated()), "{error}");
            assert!(error.to_string().contains("does not go on"), "{error}");
            assert_eq!(found.len(), expected);
            let sent = transport.sent().len();
            assert!(sent <= 3, "{sent} requests");
            for _ in 0..3 {
                assert!(items.next().await.unwrap().is_none(), "it has ended");
            }
            assert_eq!(transport.sent().len(), sent);
        }
    }
}

#[tokio::test]
async fn an_empty_page_with_a_next_one_does_not_end_the_list() {
    for prefetches in [false, true] {
        let (transport, client) = support::scripted();
        let last = r#"{"parent_id":"b"},{"parent_id":"c"}"#;
        cursors(&transport, &[("", "1"), (r#"{"parent_id":"a"}"#, "2"), ("", "3"), ("", "4")]);
        cursors(&transport, &[(last, "5"), ("", "")]);
        let mut items = client.user("john").query_drafts(DraftFilter::all()).items();
        if prefetches {
            items = items.prefetch();
        }
        assert_eq!(items.collect().await.unwrap().len(), 3);
        assert_eq!((transport.sent().len(), transport.remaining()), (6, 0));
    }
}

#[tokio::test]
async fn a_maximum_need_not_be_a_multiple_of_the_page() {
    let page = |names: &[&str]| {
        let entries: Vec<_> =
            names.iter().map(|name| format!(r#"{{"parent_id":"{name}"}}"#)).collect();
        entries.join(",")
    };
    let pages = [page(&["a", "b", "c"]), page(&["d", "e", "f"]), page(&["g"])];
    for (most, requests) in
        [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (8, 3), (usize::MAX, 3)]
    {
        for prefetches in [false, true] {
            let (transport, client) = support::scripted();
            for (page, next) in pages.iter().zip(["1", "2", ""]) {
                cursors(&transport, &[(page, next)]);
            }
            let list = client.user("john").query_drafts(DraftFilter::all()).limit(3);
            let mut items = list.items().take(most);
            if prefetches {
                items = items.prefetch();
            }
            let found: Vec<_> = items.collect().await.unwrap();
            let names: Vec<_> =
                found.into_iter().map(|draft| draft.parent_id.unwrap_or_default()).collect();
            assert_eq!(names, &["a", "b", "c", "d", "e", "f", "g"][..most.min(7)]);
            assert_eq!(transport.sent().len(), requests, "{most}, prefetch: {prefetches}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_dropped_in_the_middle_cancels_its_request() {
    for (prefetches, entries) in [(false, 2), (true, 1), (true, 2)] {
        let (server, client) = Server::new(|request| {
            let first = request.body["next"].is_null();
            let page = json!({ "drafts": [{}, {}], "next": "1" });
            let wait = if first { 0 } else { 3600 };
            (std::time::Duration::from_secs(wait), Answer::Json(200, page))
        });
        let mut items = client.user("john").query_drafts(DraftFilter::all()).items();
        if prefetches {
            items = items.prefetch();
        }
        for _ in 0..entries {
            assert!(items.next().await.unwrap().is_some());
        }
        assert_eq!(server.in_flight(), usize::from(prefetches));
        let wait = std::time::Duration::from_millis(10);
        if entries == 2 {
            tokio::time::timeout(wait, items.next()).await.unwrap_err();
            assert_eq!(server.in_flight(), 1);
        }
        drop(items);
        assert_eq!(
            (server.in_flight(), server.requests().len()),
            (0, if entries == 2 || prefetches { 2 } else { 1 })
        );
    }
}

#[tokio::test]
async fn empty_pages_without_end_are_an_error() {
    let (transport, client) = support::scripted();
    for number in 0..1100 {
        cursors(&transport, &[("", &number.to_string())]);
    }
    let error =
        client.user("john").query_drafts(DraftFilter::all()).items().collect().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Stuck>(), Some(&Stuck::empty(1000)));
    assert_eq!(transport.sent().len(), 1000);
}

#[tokio::test]
async fn a_list_can_be_cut_short() {
    let (transport, client) = support::scripted();
    let two = r#"{"channel_cid":"messaging:a"},{"channel_cid":"messaging:b"}"#;
    let other = r#"{"channel_cid":"messaging:c"},{"channel_cid":"messaging:d"}"#;
    cursors(&transport, &[(two, "1"), (other, "2"), (two, "3"), (other, "4")]);
    let mut pages = drafts(&client).take(2);
    assert!(pages.next().await.unwrap().is_some() && pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(transport.sent().len(), 2);

    let request = client.user("john").query_drafts(DraftFilter::all());
    let found = request.items().prefetch().take(3).collect().await.unwrap();
    assert_eq!((found.len(), transport.sent().len()), (3, 4), "no page is fetched in vain");
}

#[tokio::test]
async fn the_next_page_is_sent_for_while_one_is_worked_on() {
    let (transport, client) = support::scripted();
    cursors(&transport, &[("{}", "1"), ("{},{}", "2"), ("{},{},{}", "")]);
    let mut pages = drafts(&client).prefetch();
    assert!(transport.sent().is_empty());
    for (entries, sent) in [(1, 2), (2, 3), (3, 3)] {
        let page = pages.next().await.unwrap().unwrap();
        assert_eq!((page.drafts.len(), transport.sent().len()), (entries, sent));
    }
    assert!(pages.next().await.unwrap().is_none());

    let (transport, client) = support::scripted();
    cursors(&transport, &[("{}", "1"), ("{},{}", "2")]);
    let mut pages = drafts(&client).prefetch().take(1);
    pages.next().await.unwrap();
    assert_eq!(transport.sent().len(), 1, "no page is fetched in vain");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_sent_for_too_early_is_sent_for_again() {
    let (server, client) = Server::steady(|request| match request.number {
        0 => Answer::Json(200, json!({ "drafts": [{}], "next": "1" })),
        1 => Answer::Nothing,
        _ => Answer::Json(200, json!({ "drafts": [{}, {}] })),
    });
    let mut pages = drafts(&client).prefetch();
    assert_eq!(pages.next().await.unwrap().unwrap().drafts.len(), 1);
    tokio::time::sleep(std::time::Duration::from_secs(100)).await;
    assert_eq!(pages.next().await.unwrap().unwrap().drafts.len(), 2);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_page_that_is_cut_off_goes_on_with_the_same_request() {
    let (server, client) = Server::new(|request| {
        let page = match request.number {
            0 => json!({ "drafts": [{}], "next": "1" }),
            _ => json!({ "drafts": [{}, {}] }),
        };
        (std::time::Duration::from_secs(5), Answer::Json(200, page))
    });
    for prefetches in [false, true] {
        let before = server.requests().len();
        let mut pages = if prefetches { drafts(&client).prefetch() } else { drafts(&client) };
        let mut found = 0;
        let mut cuts = 0;
        loop {
            let next = tokio::time::timeout(std::time::Duration::from_secs(2), pages.next());
            match next.await {
                Err(_) => cuts += 1,
                Ok(Ok(Some(page))) => found += page.drafts.len(),
                Ok(other) => break assert!(other.unwrap().is_none()),
            }
        }
        let requests = server.requests().len() - before;
        // The second list begins at a later number, and so with its last page.
        assert_eq!((found, requests), if prefetches { (2, 1) } else { (3, 2) });
        assert_eq!(cuts, 2 * requests);
    }
}

#[tokio::test]
async fn a_page_in_the_middle_that_failed_is_asked_for_again_and_nothing_is_lost_or_repeated() {
    for prefetches in [false, true] {
        let (transport, client) = support::scripted();
        cursors(&transport, &[(r#"{"parent_id":"a"}"#, "1"), ("", "2")]);
        transport.json(404, r#"{"code":16,"message":"no","StatusCode":404}"#);
        cursors(&transport, &[(r#"{"parent_id":"b"},{"parent_id":"c"}"#, "")]);
        let mut items = client.user("john").query_drafts(DraftFilter::all()).items();
        if prefetches {
            items = items.prefetch();
        }
        let (mut found, mut errors) = (Vec::new(), 0);
        loop {
            match items.next().await {
                Ok(Some(draft)) => found.push(draft.parent_id.unwrap_or_default()),
                Ok(None) => break,
                Err(error) => {
                    assert!(error.is_not_found());
                    errors += 1;
                }
            }
        }
        assert_eq!((found, errors), (["a", "b", "c"].map(str::to_owned).to_vec(), 1));
        let cursors: Vec<_> = support::bodies(&transport)
            .iter()
            .map(|body| body["next"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(cursors, ["", "1", "2", "2"], "prefetch: {prefetches}");
    }
}

#[tokio::test]
async fn users_that_are_deleted_meanwhile_hide_no_others() {
    let (emulator, client) = support::start().await;
    client.upsert_users((0..60).map(|number| format!("user-{number:02}"))).await.unwrap();
    let filter = UserFilter::id().gt("user-");
    let mut users = client.query_users(filter).limit(20).items();
    let mut found = BTreeSet::new();
    while let Some(user) = users.next().await.unwrap() {
        found.insert(user.id);
        if found.len() == 20 {
            // The whole first page, by whose last user the second one is found.
            client.delete_users(&found).hard().and_wait().await.unwrap();
        }
    }
    assert_eq!(found.len(), 60);
    drop(emulator);
}

#[tokio::test]
async fn entries_that_were_got_before_a_failure_are_kept() {
    let (transport, client) = support::scripted();
    cursors(&transport, &[("{}", "1")]);
    transport.json(404, r#"{"code":16,"message":"no","StatusCode":404}"#);
    cursors(&transport, &[("{},{}", "")]);
    let mut items = client.user("john").query_drafts(DraftFilter::all()).items();
    let mut found = Vec::new();
    assert!(items.collect_into(&mut found).await.unwrap_err().is_not_found());
    assert_eq!(found.len(), 1);
    items.collect_into(&mut found).await.unwrap();
    assert_eq!(found.len(), 3);
}

#[tokio::test]
async fn entries_that_move_to_a_later_page_are_shown_once() {
    let (transport, client) = support::scripted();
    for page in [["a", "b"], ["b", "c"], ["d", "a"]] {
        let entry = |id: &&str| json!({ "type": "like", "user_id": id });
        let entries: Vec<_> = page.iter().map(entry).collect();
        transport.json(200, json!({ "reactions": entries }).to_string());
    }
    transport.json(200, r#"{"reactions":[]}"#);
    let reactions = client.message("id").reactions().items();
    let found = reactions.unique_by(|reaction| reaction.user_id.clone()).collect().await.unwrap();
    let users: Vec<&str> = found.iter().map(|reaction| &*reaction.user_id).collect();
    assert_eq!(users, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn pages_go_on_where_others_ended() {
    let (transport, client) = support::scripted();
    cursors(&transport, &[("{}", "1"), ("{},{}", "2"), ("{},{},{}", "")]);
    let mut pages = drafts(&client);
    pages.next().await.unwrap();
    let next = pages.next_operation().cloned().unwrap();
    drop(pages);
    let mut rest = client.user("john").query_drafts(DraftFilter::all()).map(|_| next).pages();
    assert_eq!(rest.next().await.unwrap().unwrap().drafts.len(), 2);
    assert_eq!(rest.next().await.unwrap().unwrap().drafts.len(), 3);
    assert_eq!(support::bodies(&transport)[1]["next"], "1");
}

#[tokio::test]
async fn pages_and_items_are_streams() {
    async fn count(stream: impl Stream<Item = Result<impl Sized, Error>>) -> usize {
        let (mut stream, mut count) = (pin!(stream), 0);
        while let Some(item) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            item.unwrap();
            count += 1;
        }
        count
    }
    let (transport, client) = support::scripted();
    for _ in 0..2 {
        cursors(&transport, &[("{}", "1"), ("{},{}", "")]);
    }
    assert_eq!(count(drafts(&client)).await, 2);
    assert_eq!(count(client.user("john").query_drafts(DraftFilter::all()).items()).await, 3);
}

#[tokio::test]
async fn members_of_one_time_and_of_others_are_all_found_once() {
    let (emulator, client) = support::start().await;
    let ids: Vec<String> = (0..130).map(|number| format!("user-{number}")).collect();
    client.upsert_users(&ids).await.unwrap();
    let channel = client.channel("messaging", "hall");
    channel.get_or_create().created_by("user-0").await.unwrap();
    channel.add_members(&ids[..70]).await.unwrap();
    channel.add_members(&ids[70..]).await.unwrap();
    emulator.clear_requests();
    let members = channel.query_members(MemberFilter::all()).limit(20).items();
    let found: Vec<String> = members
        .collect()
        .await
        .unwrap()
        .into_iter()
        .map(|member| member.user_id.unwrap_or_default())
        .collect();
    let unique: BTreeSet<&String> = found.iter().collect();
    assert_eq!((found.len(), unique.len()), (130, 130));
    let queries = emulator.requests();
    assert!(queries[1].query.as_deref().unwrap().contains("created_at"), "by a key");
}
