//! Scripted clients return what a test prepared, without a network.

use std::time::Duration;

use serde_json::json;

use stream_chat::models::messages::{DeleteMessage, MessageResponse, SendMessage};
use stream_chat::models::tasks::GetTask;
use stream_chat::models::users::{
    DeleteUsers, FullUserResponse, QueryUsers, UpdateUsers, UserFilter,
};
use stream_chat::testing::{Build, Script};
use stream_chat::transport::TransportErrorKind;
use stream_chat::{Client, Error, ErrorCode, ErrorKind, MessageRequest, RetryPolicy, UserRequest};

fn scripted() -> (Script, Client) {
    let script = Script::new();
    let client = Client::scripted(&script).unwrap();
    (script, client)
}

async fn send(client: &Client, channel: &str, text: &str) -> Result<String, Error> {
    let message = MessageRequest::from(text).user_id("john");
    Ok(client.channel("messaging", channel).send_message(message).await?.into_inner().message.id)
}

#[tokio::test]
async fn rules_of_an_operation_are_used_in_order_and_others_do_not_matter() {
    let (script, client) = scripted();
    script.on::<SendMessage>().respond(|response| response.message.id = "first".to_owned());
    script.on::<DeleteMessage>().respond(|_| {});
    script.on::<SendMessage>().json(json!({"message": {"id": "second"}, "duration": "1ms"}));
    assert_eq!(script.unused(), ["SendMessage", "DeleteMessage", "SendMessage"]);

    assert_eq!(send(&client, "a", "one").await.unwrap(), "first");
    assert_eq!(send(&client, "b", "two").await.unwrap(), "second");
    client.message("first").delete().await.unwrap();
    assert_eq!(script.operations(), ["SendMessage", "SendMessage", "DeleteMessage"]);
    assert!(script.unused().is_empty() && script.unscripted().is_empty());

    let sent = script.sent::<SendMessage>();
    assert_eq!((sent[0].id.as_str(), sent[1].id.as_str()), ("a", "b"));
    assert_eq!(sent[1].body.message.text.as_deref(), Some("two"));
    assert_eq!(script.sent::<DeleteMessage>()[0].id, "first");
    let wire = &script.requests()[0];
    assert_eq!(wire.uri.path(), "/api/v2/chat/channels/messaging/a/message");
    assert_eq!(wire.json()["message"]["user_id"], "john");
}

#[tokio::test]
async fn a_call_without_a_rule_fails_and_is_named() {
    let (script, client) = scripted();
    let error = send(&client, "a", "one").await.unwrap_err();
    assert!(error.to_string().contains("no rule for SendMessage: add"), "{error}");
    assert!(error.is_transport() && !error.may_have_been_processed());
    script.on::<SendMessage>().respond(|_| {});
    send(&client, "a", "one").await.unwrap();
    let error = send(&client, "a", "one").await.unwrap_err();
    assert!(error.to_string().contains("has 1 for SendMessage, and each is used up"), "{error}");
    assert_eq!(script.unscripted(), ["SendMessage", "SendMessage"]);
    assert!(!format!("{script:?}").contains("Bearer"));
}

#[tokio::test]
async fn a_rule_is_for_some_requests_or_for_many() {
    let (script, client) = scripted();
    script.on::<SendMessage>().when(|send| send.id == "closed").always().error(
        403,
        ErrorCode::NotAllowed,
        "closed",
    );
    script.on::<SendMessage>().times(2).respond_to(|send, response| {
        response.message.id = format!("in-{}", send.id);
    });
    assert!(send(&client, "closed", "x").await.unwrap_err().is_permission_denied());
    assert_eq!(send(&client, "open", "x").await.unwrap(), "in-open");
    assert!(send(&client, "closed", "x").await.unwrap_err().is_permission_denied());
    assert_eq!(script.unused(), ["SendMessage"], "one of two is left");
    assert_eq!(send(&client, "door", "x").await.unwrap(), "in-door");
    assert!(send(&client, "door", "x").await.unwrap_err().is_transport());
}

#[tokio::test]
async fn failures_are_those_of_the_service_and_of_the_network() {
    let (script, client) = scripted();
    script.on::<SendMessage>().error(400, ErrorCode::Input, "too much");
    script.on::<SendMessage>().rate_limited(Duration::from_millis(7500));
    script.on::<SendMessage>().fail(TransportErrorKind::ConnectionReset);
    script.on::<SendMessage>().unreachable();
    script.on::<SendMessage>().json(json!({"message": 5}));

    let refused = send(&client, "a", "x").await.unwrap_err();
    assert_eq!((refused.code(), refused.message()), (Some(ErrorCode::Input), "too much"));
    let limited = send(&client, "a", "x").await.unwrap_err();
    assert_eq!(limited.retry_after(), Some(Duration::from_millis(7500)));
    assert_eq!(limited.attempts(), 1, "nothing is retried");
    let broken = send(&client, "a", "x").await.unwrap_err();
    assert!(broken.is_transport() && broken.may_have_been_processed());
    let unreachable = send(&client, "a", "x").await.unwrap_err();
    assert!(unreachable.is_transport() && !unreachable.may_have_been_processed());
    assert!(send(&client, "a", "x").await.unwrap_err().is_decode());
}

#[tokio::test(start_paused = true)]
async fn delays_meet_deadlines_and_retries_in_no_time() {
    let script = Script::new();
    let client = Client::builder("key", "secret")
        .transport(script.clone())
        .timeout(Duration::from_secs(3))
        .retry(RetryPolicy::default());
    let client = client.build().unwrap();
    script.on::<SendMessage>().after(Duration::from_secs(2)).respond(|_| {});
    script.on::<SendMessage>().after(Duration::from_secs(4)).respond(|_| {});
    script.on::<SendMessage>().rate_limited(Duration::from_secs(1));
    script.on::<SendMessage>().respond(|response| response.message.id = "again".to_owned());

    send(&client, "a", "x").await.unwrap();
    assert_eq!(send(&client, "a", "x").await.unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(send(&client, "a", "x").await.unwrap(), "again");
    assert_eq!(script.sent::<SendMessage>().len(), 4);
}

#[tokio::test]
async fn pages_batches_and_tasks_are_scripted_like_the_rest() {
    let (script, client) = scripted();
    let user = |id: &'static str| FullUserResponse::build(|user| user.id = id.to_owned());
    script.on::<QueryUsers>().respond(move |page| page.users = vec![user("ann"), user("ben")]);
    script.on::<QueryUsers>().respond(move |page| page.users = vec![user("cho")]);
    script.on::<QueryUsers>().respond(|_| {});
    let everyone = client.query_users(UserFilter::role().eq("user")).items().collect().await;
    let ids: Vec<_> = everyone.unwrap().into_iter().map(|user| user.id).collect();
    assert_eq!(ids, ["ann", "ben", "cho"]);

    script.on::<UpdateUsers>().always().respond(|_| {});
    let many = (0..250).map(|number| UserRequest::new(format!("user-{number}")));
    client.upsert_users(many).await.unwrap();
    let batches = script.sent::<UpdateUsers>();
    let sizes: Vec<_> = batches.iter().map(|batch| batch.body.users.len()).collect();
    assert_eq!(sizes, [100, 100, 50]);

    script.on::<DeleteUsers>().respond(|response| response.task_id = "t1".to_owned());
    script.on::<GetTask>().times(600).respond(|task| task.status = "running".to_owned());
    script.on::<GetTask>().respond(|task| task.status = "completed".to_owned());
    let hour = Duration::from_secs(3600);
    let tasks = client.delete_users(["ann"]).and_wait().at_most(hour).await.unwrap();
    assert_eq!(tasks.len(), 1);
    assert_eq!(script.sent::<GetTask>().len(), 601, "ten minutes are over at once");
}

#[tokio::test]
async fn a_client_of_a_user_is_scripted_by_its_transport() {
    let script = Script::new();
    let john = Client::as_user("key", stream_chat::Token::new("a.b.c"))
        .user_id("john")
        .transport(script.clone())
        .build()
        .unwrap();
    script.on::<SendMessage>().respond_to(|_, response| {
        response.message = MessageResponse::build(|message| message.id = "m".to_owned());
    });
    assert_eq!(send(&john, "a", "x").await.unwrap(), "m");
    assert_eq!(script.requests()[0].headers["authorization"], "a.b.c");
    assert!(!format!("{:?}", script.requests()).contains("a.b.c"));
}
