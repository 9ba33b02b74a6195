//! Channels, members and messages can be created, read and changed, against the emulator.

use serde_json::json;

use crate::support;
use stream_chat::models::filter::Filter;
use stream_chat::models::users::UserFilter;
use stream_chat::{Attachment, ChannelMemberRequest, Cid, MessageRequest};

#[tokio::test]
async fn a_channel_lives_from_creation_to_deletion() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane", "bob"]).await;
    let channel = client.channel("messaging", "general");

    let created = channel
        .get_or_create()
        .created_by("john")
        .members(["john", "jane"])
        .custom("name", "General")
        .await
        .unwrap();
    assert_eq!(created.members.len(), 2);
    assert_eq!(channel.cid().unwrap(), created.channel.cid);

    channel.update_partial().set("color", "green").unset("name").await.unwrap();
    let held = channel.get().await.unwrap().into_inner().channel;
    assert_eq!(serde_json::Value::Object(held.custom.into_map()), json!({ "color": "green" }));

    channel
        .update()
        .custom("mood", "calm")
        .message(MessageRequest::from("changed").user_id("jane"))
        .await
        .unwrap();
    let state = channel.get().await.unwrap();
    let held = &state.channel;
    assert_eq!(held.custom.len(), 1, "an update replaces the data: {:?}", held.custom);
    assert_eq!(state.messages[0].text, "changed");

    channel.delete().await.unwrap();
    assert!(channel.get().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn members_and_their_roles_change() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane", "bob"]).await;
    let channel = client.channel("messaging", "roles");
    channel.get_or_create().created_by("john").await.unwrap();

    channel
        .add_members([ChannelMemberRequest::new("jane").custom("desk", 7), "bob".into()])
        .await
        .unwrap();
    channel.add_moderators(["bob"]).await.unwrap();
    let roles =
        |state: &stream_chat::models::channels::ChannelStateResponse| -> Vec<(String, String)> {
            let role = |member: &stream_chat::models::members::ChannelMemberResponse| {
                (member.user_id.clone().unwrap_or_default(), member.channel_role.clone())
            };
            let mut roles: Vec<_> = state.members.iter().map(role).collect();
            roles.sort();
            roles
        };
    let pair = |id: &str, role: &str| (id.to_owned(), role.to_owned());
    assert_eq!(
        roles(&channel.get().await.unwrap()),
        [pair("bob", "channel_moderator"), pair("jane", "channel_member")]
    );
    channel.demote_moderators(["bob"]).await.unwrap();
    channel.remove_members(["jane"]).await.unwrap();
    assert_eq!(roles(&channel.get().await.unwrap()), [pair("bob", "channel_member")]);
}

#[tokio::test]
async fn more_than_a_hundred_members_go_in_several_calls() {
    let (emulator, client) = support::start().await;
    let ids: Vec<String> = (0..250).map(|number| format!("user-{number}")).collect();
    client.upsert_users(&ids).await.unwrap();
    let channel = client.channel("messaging", "crowd");
    channel.get_or_create().created_by("user-0").await.unwrap();

    emulator.clear_requests();
    let answers = channel
        .add_members(ids.iter().map(String::as_str))
        .message(MessageRequest::from("welcome").user_id("user-0"))
        .await
        .unwrap();
    assert_eq!(answers.len(), 3);
    let bodies: Vec<_> =
        emulator.requests().iter().map(|request| request.json().unwrap()).collect();
    let sizes: Vec<_> =
        bodies.iter().map(|body| body["add_members"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
    assert_eq!(bodies.iter().filter(|body| body.get("message").is_some()).count(), 1);

    let members = channel.query_members(Filter::new()).limit(100).items().collect().await.unwrap();
    assert_eq!(members.len(), 250);
}

#[tokio::test]
async fn a_message_keeps_its_parts() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "josh"]).await;
    let channel = client.channel("messaging", "talk");
    channel.get_or_create().created_by("john").await.unwrap();
    let sent = channel
        .send_message(
            MessageRequest::from("@josh, look")
                .user_id("john")
                .mention("josh")
                .attachment(Attachment::image("https://example.com/a.jpg").custom("field", 123))
                .custom("other", json!({ "deep": [1, null] })),
        )
        .await
        .unwrap();

    let message = client.message(&sent.message.id);
    let held = message.get().await.unwrap().into_inner().message;
    assert_eq!(held.mentioned_users[0].id, "josh");
    assert_eq!(held.attachments[0].custom.get_as::<u32>("field").unwrap(), Some(123));
    assert_eq!(held.custom["other"], json!({ "deep": [1, null] }));

    message.update_partial("john").set("text", "seen").unset("other").await.unwrap();
    let held = message.get().await.unwrap().into_inner().message;
    assert_eq!((held.text.as_str(), held.custom.is_empty()), ("seen", true));

    message.delete().hard().await.unwrap();
    assert!(message.get().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn what_would_reach_another_endpoint_is_refused_before_it_is_sent() {
    let (emulator, client) = support::start().await;
    for (channel_type, id) in [("", "a"), ("messaging", ""), ("messaging", ".."), (".", "a")] {
        let error = client.channel(channel_type, id).get().await.unwrap_err();
        assert_eq!(error.kind(), stream_chat::ErrorKind::InvalidRequest, "{error}");
    }
    assert!(emulator.requests().is_empty());
    for wrong in ["", "messaging", ":a", "messaging:"] {
        assert!(wrong.parse::<Cid>().is_err(), "{wrong}");
    }
    assert_eq!("a:b:c".parse::<Cid>().unwrap().id(), "b:c");
}

#[tokio::test]
async fn an_id_is_a_text_of_any_kind_or_the_handle_of_the_thing() {
    let (_emulator, client) = support::start().await;
    support::users(&client, ["john", "jane", "bob"]).await;
    let (owned, john) = ("jane".to_owned(), client.user("john"));
    let channel = client.channel("messaging", &owned);
    channel.get_or_create().created_by(&john).members([&john, &client.user("bob")]).await.unwrap();
    channel.add_members([&owned]).await.unwrap();
    let sent = channel.send_message(MessageRequest::from(&owned).user_id(&john)).await.unwrap();
    let message = client.message(&sent.message.id);
    message.react("like", &owned).await.unwrap();
    john.mute(client.user("bob")).await.unwrap();
    john.mute(&owned).await.unwrap();
    client.query_users(UserFilter::id().is_in([&owned])).await.unwrap();
    client.upsert_users([&client.user("kate")]).await.unwrap();
    client.delete_users([&john]).hard().await.unwrap();
    client.delete_channels([&channel]).hard().await.unwrap();
    assert_eq!(Cid::from(&channel), "messaging:jane");
    let reply = MessageRequest::from("hi").parent_id(&message).quoted_message_id(message.id());
    assert_eq!(reply.parent_id.as_deref(), Some(message.id()));
    let option = client.polls().create("Well?", "john").option(&owned).option("no");
    assert_eq!(option.operation().body.options.as_ref().map(Vec::len), Some(2));
}
