//! Queries, and handles to what they find.

use crate::support;
use serde_json::json;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::predefined_filters::PredefinedFilterOperation;
use stream_chat::{HasChannel, HasMessage, HasUser, MessageRequest, PredefinedFilter};

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
    filters.create("mine", PredefinedFilterOperation::QueryChannels, filter).await.unwrap();
    let mine = PredefinedFilter::named("mine").value("user", "john");
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
