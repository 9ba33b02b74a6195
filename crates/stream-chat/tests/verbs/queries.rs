//! Queries return handles to the objects that they find.

use std::time::Duration;

use serde_json::json;

use crate::support;
use stream_chat::models::channels::{ChannelFilter, ChannelInputRequest};
use stream_chat::models::threads::ReplySort;
use stream_chat::models::users::{UserFilter, UserSort};
use stream_chat::{
    Attachment, ChannelSort, HasChannel, HasMessage, HasUser, Me, MessageRequest, PredefinedFilter,
    Sort, Timestamp, UserRequest,
};

#[tokio::test]
async fn a_predefined_filter_is_built_typed_and_used_by_name() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane"]).await;
    for (id, members) in [("both", vec!["john", "jane"]), ("one", vec!["john"])] {
        let channel = client.channel("messaging", id);
        channel.get_or_create().created_by("john").members(members).await.unwrap();
    }
    let filter = ChannelFilter::members().is_in([PredefinedFilter::placeholder("user")])
        & ChannelFilter::member_count().untyped().gte(PredefinedFilter::placeholder("least"));
    let filters = client.predefined_filters();
    filters.create("mine", filter).await.unwrap();
    let mine = PredefinedFilter::new("mine").value("user", "john");
    let all = client.query_channels(mine.clone().value("least", 1)).await.unwrap();
    let groups = client.query_channels(mine.value("least", 2)).limit(10).await.unwrap();
    assert_eq!((all.channels.len(), groups.channels.len()), (2, 1));
    assert_eq!(groups.channels[0].channel.id, "both");
}

#[tokio::test]
async fn what_a_response_is_about_has_a_handle() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane"]).await;
    let created = client.distinct_channel("messaging", ["john", "jane"]).created_by("john");
    let channel = created.await.unwrap().channel_handle(&client);
    let sent = channel.send_message(MessageRequest::from("Hi").user_id("john")).await.unwrap();
    let message = sent.message_handle(&client);
    message.pin("john").await.unwrap();
    assert_eq!(sent.message.channel_handle(&client).cid().unwrap(), channel.cid().unwrap());
    assert_eq!(sent.message.user.user_handle(&client).id(), "john");
    let found = client.query_channels(ChannelFilter::cid().eq(channel.cid().unwrap().as_str()));
    let found = found.await.unwrap();
    assert_eq!(found.channels[0].channel_handle(&client).id(), channel.id());
}

#[tokio::test]
async fn filter_tags_and_batches_of_channels_go_in_parts() {
    let (transport, client) = support::scripted();
    for _ in 0..5 {
        transport.json(200, support::anything());
    }
    let tags = (0..11).map(|number| format!("tag-{number}"));
    client.channel("messaging", "general").add_filter_tags(tags).await.unwrap();
    let ids = (0..201).map(|number| format!("user-{number}"));
    let all = stream_chat::models::channels::ChannelBatchFilter::types().is_in(["messaging"]);
    let started = client.channel_batch(all).add_members(ids).await.unwrap();
    assert_eq!((started.len(), transport.remaining()), (3, 0));
    let bodies = support::bodies(&transport);
    assert_eq!(bodies[1], json!({ "add_filter_tags": ["tag-10"] }));
    assert_eq!(bodies[4]["members"], json!([{ "user_id": "user-200" }]));
    assert_eq!(bodies[4]["operation"], "addMembers");
}

#[tokio::test]
async fn orders_are_those_of_their_query_or_of_any_name() {
    let (transport, client) = support::scripted();
    for _ in 0..6 {
        transport.json(200, support::anything());
    }
    let newest = ChannelSort::pinned_at().descending().then(ChannelSort::updated_at().ascending());
    client.query_channels(ChannelFilter::all()).sort(newest).await.unwrap();
    let orders = [UserSort::last_active().descending(), Sort::field("myapp_level").ascending()];
    client.query_users(UserFilter::all()).sort(orders).await.unwrap();
    let replies = client.message("m").replies().sort(ReplySort::created_at().descending());
    replies.await.unwrap();
    let targets = client.segment("s").query_targets().limit(5);
    targets.sort(Sort::field("created_at").descending()).await.unwrap();
    client.moderation().query_future_channel_bans().target_user_id("spammer").await.unwrap();
    let filters = client.predefined_filters();
    let made = filters.create("f", ChannelFilter::all());
    made.sort(ChannelSort::last_message_at().descending()).await.unwrap();

    let key = |field: &str, way: i8| json!({ "field": field, "direction": way });
    let bodies = support::bodies(&transport);
    assert_eq!(bodies[0]["sort"], json!([key("pinned_at", -1), key("updated_at", 1)]));
    assert_eq!(bodies[3], json!({ "limit": 5, "Sort": [key("created_at", -1)] }));
    assert_eq!(bodies[5]["sort"], json!([key("last_message_at", -1)]));
    let queries: Vec<String> = transport
        .sent()
        .iter()
        .map(|request| request.uri.query().unwrap_or_default().to_owned())
        .collect();
    let encoded = |text: &str| text.replace('"', "%22").replace(',', "%2C").replace(':', "%3A");
    let last_active = encoded(r#""direction":-1,"field":"last_active""#);
    let level = encoded(r#""direction":1,"field":"myapp_level""#);
    assert!(queries[1].contains(&last_active) && queries[1].contains(&level), "{}", queries[1]);
    assert!(queries[2].contains(&encoded(r#""field":"created_at""#)), "{}", queries[2]);
    assert!(queries[4].contains(&encoded(r#""target_user_id":"spammer""#)), "{}", queries[4]);
}

#[tokio::test]
async fn channels_come_in_the_order_that_is_asked_for() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    for id in ["b", "a", "c"] {
        let channel = client.channel("messaging", id);
        channel.get_or_create().created_by("john").custom("rank", id).await.unwrap();
    }
    let ids = |order: Sort<ChannelSort>| {
        let query = client.query_channels(ChannelFilter::type_().eq("messaging")).sort(order);
        async move {
            let found = query.await.unwrap().into_inner().channels;
            found.into_iter().map(|entry| entry.channel.id).collect::<String>()
        }
    };
    assert_eq!(ids(ChannelSort::created_at().ascending()).await, "bac");
    assert_eq!(ids(ChannelSort::created_at().descending()).await, "cab");
    assert_eq!(ids(Sort::field("rank").descending()).await, "cba");
}

#[tokio::test]
async fn a_message_that_was_read_is_changed_and_written_back_whole() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane"]).await;
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").members(["john", "jane"]).await.unwrap();
    let first = channel.send_message(MessageRequest::from("One").user_id("jane")).await.unwrap();
    let message = MessageRequest::from("Two")
        .user_id("john")
        .mention("jane")
        .attachment(Attachment::image("https://example.com/cat.jpg"))
        .custom("myapp_mood", "happy")
        .pinned(true)
        .pin_expires(Timestamp::now() + Duration::from_secs(3600))
        .quoted_message_id(&first.message.id)
        .silent(true);
    let sent = channel.send_message(message).await.unwrap();

    let handle = sent.message_handle(&client);
    handle.update(MessageRequest::from(&sent.message).text("Three")).await.unwrap();
    let mut expected = sent.message.clone();
    let stored = handle.get().await.unwrap().into_inner().message;
    assert_eq!(stored.text, "Three");
    assert_eq!(MessageRequest::from(&stored), MessageRequest::from(&expected).text("Three"));
    expected.text.clone_from(&stored.text);
    assert_eq!(MessageRequest::from(stored), MessageRequest::from(expected));
}

#[tokio::test]
async fn a_user_and_a_channel_that_were_read_are_changed_and_written_back_whole() {
    let (_emulator, client) = support::start().await;
    let john = UserRequest::new("john").name("John").image("https://example.com/john.png");
    let john = john.role("admin").language("nl").custom("myapp_level", 4).invisible(true);
    client.upsert_user(john).await.unwrap();
    let stored = client.user("john").get().await.unwrap().unwrap();
    client.upsert_user(UserRequest::from(&stored).name("Johnny")).await.unwrap();
    let changed = client.user("john").get().await.unwrap().unwrap();
    assert_eq!(UserRequest::from(&changed), UserRequest::from(&stored).name("Johnny"));
    assert_eq!((changed.role.as_str(), changed.language.as_str()), ("admin", "nl"));
    assert_eq!(changed.custom["myapp_level"], 4);

    let channel = client.channel("messaging", "general");
    let created = channel.get_or_create().created_by("john").name("General").custom("color", "red");
    let created = created.await.unwrap();
    let data = ChannelInputRequest::from(&created.channel).frozen(true);
    channel.update().data(|_| data).await.unwrap();
    let changed = channel.get().await.unwrap().into_inner().channel;
    assert!(changed.frozen);
    assert_eq!(changed.custom, created.channel.custom);
}

#[tokio::test]
async fn a_pin_without_an_end_removes_the_end_of_an_earlier_one() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    let channel = client.channel("messaging", "general");
    channel.get_or_create().created_by("john").await.unwrap();
    let sent = channel.send_message(MessageRequest::from("Hi").user_id("john")).await.unwrap();
    let message = sent.message_handle(&client);
    let hour = Duration::from_secs(3600);
    let pinned = message.pin("john").pin_expires_in(hour).await.unwrap();
    assert!(pinned.message.pin_expires.is_some());
    let pinned = message.pin("john").await.unwrap();
    assert!(pinned.message.pinned && pinned.message.pin_expires.is_none());
}

#[tokio::test]
async fn the_user_of_the_client_answers_invitations() {
    let (transport, client) = support::scripted();
    for _ in 0..2 {
        transport.json(200, support::anything());
    }
    let channel = client.channel("messaging", "general");
    channel.accept_invite("john").await.unwrap();
    channel.reject_invite(Me).await.unwrap();
    let bodies = support::bodies(&transport);
    assert_eq!(bodies[0], json!({ "accept_invite": true, "user_id": "john" }));
    assert_eq!(bodies[1], json!({ "reject_invite": true }));
}
