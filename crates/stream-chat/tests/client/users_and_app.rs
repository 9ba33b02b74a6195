//! Users, tokens, tasks and app settings can be created, read and changed, against the emulator.

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::support;
use stream_chat::auth::{ApiSecret, TokenVerifier};
use stream_chat::models::app::{EnforceUniqueUsernames, EventHook};
use stream_chat::models::filter::Filter;
use stream_chat::models::users::{UpdateUsersResponse, UserFilter};
use stream_chat::{BulkError, Client, ErrorCode, ErrorKind, Timestamp, UserRequest};
use stream_emulator::{Emulator, Fault};

#[tokio::test]
async fn a_failure_in_the_middle_tells_what_was_done() {
    let (emulator, client) = support::start().await;
    let users = (0..250).map(|number| match number {
        150 => UserRequest::new("not an id"),
        _ => UserRequest::new(format!("user-{number}")),
    });
    let error = client.upsert_users(users).in_flight(1).await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::Input));
    let bulk = BulkError::<UserRequest, UpdateUsersResponse>::take(error).unwrap();
    assert_eq!((bulk.done.len(), bulk.unsent.len()), (1, 50));
    assert_eq!(bulk.done[0].users.len(), 100);
    assert_eq!(emulator.requests().len(), 2, "nothing is sent after the failure");
}

#[tokio::test]
async fn without_entries_nothing_is_sent() {
    let (emulator, client) = support::start().await;
    assert!(client.upsert_users(Vec::<UserRequest>::new()).await.unwrap().is_empty());
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn users_change_in_part_and_are_deleted_in_the_background() {
    let emulator = Emulator::builder().task_polls(2).start().await.unwrap();
    let client = support::client(&emulator);
    support::users(&client, ["john", "jane"]).await;

    client.user("john").update_partial().set("level", 3).set("name", "John").await.unwrap();
    let changed = client.user("john").update_partial().unset("level").await.unwrap();
    let john = &changed.users["john"];
    assert_eq!((john.name.as_deref(), john.custom.is_empty()), (Some("John"), true));

    let deletion = client.delete_users(["john", "jane"]).await.unwrap();
    let task = client.task(&deletion[0].task_id).every(Duration::from_millis(1));
    assert_eq!(task.wait().await.unwrap().status, "completed");
    let polls =
        emulator.requests().iter().filter(|request| request.operation == Some("GetTask")).count();
    assert_eq!(polls, 3);
}

#[tokio::test]
async fn a_task_that_takes_too_long_is_not_waited_for() {
    let emulator = Emulator::builder().task_polls(1000).start().await.unwrap();
    let client = support::client(&emulator);
    support::users(&client, ["john"]).await;
    let deletion = client.delete_users(["john"]).await.unwrap();
    let task = client.task(&deletion[0].task_id);
    let error = task
        .every(Duration::from_millis(5))
        .at_most(Duration::from_millis(20))
        .wait()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TaskTimeout, "{error}");
}

fn everyone() -> Filter<UserFilter> {
    Filter::default()
}

#[tokio::test]
async fn tokens_are_revoked_and_accepted_again() {
    let (emulator, client) = support::start().await;
    support::users(&client, ["john"]).await;
    let now = SystemTime::now();
    let earlier = Timestamp::from(now - Duration::from_secs(60));
    let token = client.user_token("john").issued_at(earlier).sign().unwrap();
    let verifier = TokenVerifier::new(&ApiSecret::new(emulator.api_secret()).unwrap());
    assert_eq!(verifier.verify(token.expose_secret()).unwrap().user_id.as_deref(), Some("john"));

    let as_john =
        Client::as_user(emulator.api_key(), token).base_url(emulator.base_url()).build().unwrap();
    as_john.query_users(everyone()).await.unwrap();
    assert_eq!(as_john.user_token("john").sign().unwrap_err().kind(), ErrorKind::Configuration);

    let moment = Timestamp::from(now);
    client.user("john").revoke_tokens(moment).await.unwrap();
    assert!(as_john.query_users(everyone()).await.unwrap_err().is_authentication());
    client.user("john").undo_token_revocation().await.unwrap();
    as_john.query_users(everyone()).await.unwrap();

    client.revoke_all_tokens(moment).await.unwrap();
    assert!(as_john.query_users(everyone()).await.unwrap_err().is_authentication());
    client.undo_revocation_of_all_tokens().await.unwrap();
    as_john.query_users(everyone()).await.unwrap();

    client.revoke_user_tokens(["john"], moment).await.unwrap();
    assert!(as_john.query_users(everyone()).await.unwrap_err().is_authentication());
}

#[tokio::test]
async fn settings_are_set_cleared_and_emptied_and_nothing_else() {
    let (emulator, client) = support::start().await;
    client
        .update_app()
        .webhook_url("https://example.com/hook")
        .event_hooks([EventHook::new()
            .hook_type("webhook")
            .webhook_url("https://example.com/events")])
        .await
        .unwrap();
    client.update_app().enforce_unique_usernames(EnforceUniqueUsernames::App).await.unwrap();
    let app = client.app().await.unwrap().into_inner().app;
    assert_eq!(app.webhook_url, "https://example.com/hook");
    assert_eq!(app.event_hooks.len(), 1, "an update of one setting leaves the hooks alone");

    client.update_app().clear_webhook_url().event_hooks(Vec::<EventHook>::new()).await.unwrap();
    let bodies: Vec<_> = emulator
        .requests()
        .iter()
        .filter(|request| request.operation == Some("UpdateApp"))
        .filter_map(stream_emulator::ReceivedRequest::json)
        .collect();
    assert_eq!(bodies[1], json!({ "enforce_unique_usernames": "app" }));
    assert_eq!(bodies[2], json!({ "webhook_url": null, "event_hooks": [] }));
    let app = client.app().await.unwrap().into_inner().app;
    assert!(app.webhook_url.is_empty() && app.event_hooks.is_empty());
}

#[tokio::test]
async fn a_refused_call_is_sent_again() {
    let (emulator, client) = support::start().await;
    let refusal = Fault::error(429, 9, "too many requests").header("retry-after", "0").on("GetApp");
    emulator.fail_next(refusal);
    assert_eq!(client.app().await.unwrap().attempts(), 2);
}

#[test]
fn an_unusable_configuration_says_what_to_do() {
    for (key, secret, what) in
        [("", "secret", "key"), ("key", "", "secret"), ("key", "  ", "secret")]
    {
        let error = Client::new(key, secret).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(what), "{error}");
    }
    let client = Client::new("key", "hush-hush-secret").unwrap();
    assert!(client.user_token("").sign().is_err());
    assert!(!format!("{client:?}").contains("hush"));
}
