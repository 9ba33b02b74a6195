//! Commands and responses are lost on the wire, or requests are dropped: nothing is lost with them, and
//! nothing is held for long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::server::{Server, cutting};
use crate::{begin, eventually_new, lease};
use stream_chat::Client;
use stream_chat::auth::ApiSecret;
use stream_chat::testing::Script;
use stream_chat::transport::shared_limits::{Admission, AdmissionRequest, LimitReport};
use stream_chat::transport::shared_limits::{Settlement, SharedLimits};
use stream_chat::webhook::{
    Claim, DuplicateFilter, Webhook, WebhookEndpoint, WebhookOutcome, WebhookReceiver,
};
use stream_redis::{RedisRateLimits, RedisWebhooks, redis};

#[tokio::test]
async fn a_connection_that_breaks_between_commands_is_not_noticed() {
    let server = Server::start();
    let filter = server.filter().await;
    let cut = || server.admin(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]);
    cut().await;
    let token = lease(filter.claim("a").await.unwrap());
    cut().await;
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(filter.claim("a").await.unwrap(), Claim::Done);
    let token = lease(filter.claim("b").await.unwrap());
    cut().await;
    filter.release("b", &token).await.unwrap();
    lease(filter.claim("b").await.unwrap());
}

#[tokio::test]
async fn a_command_whose_response_is_lost_has_its_effect_once() {
    let server = Server::start();
    let cuts = Arc::new(AtomicBool::new(false));
    let filter = RedisWebhooks::connect(&cutting(server.port(), cuts.clone())).await.unwrap();
    let filter = filter.lease(Duration::from_secs(3600));
    // The scripts are known to the server, so that the lost response is that of the script.
    let token = lease(filter.claim("0").await.unwrap());
    filter.confirm("0", &token).await.unwrap();
    filter.release("0", &token).await.unwrap();
    let other = server.filter().await;

    cuts.store(true, Ordering::SeqCst);
    let token = lease(filter.claim("a").await.unwrap());
    assert!(!cuts.load(Ordering::SeqCst));
    assert_eq!(other.claim("a").await.unwrap(), Claim::InProgress);
    cuts.store(true, Ordering::SeqCst);
    filter.release("a", &token).await.unwrap();
    let token = lease(filter.claim("a").await.unwrap());
    cuts.store(true, Ordering::SeqCst);
    filter.confirm("a", &token).await.unwrap();
    assert_eq!(other.claim("a").await.unwrap(), Claim::Done);
    // Whoever holds no lease confirms nothing, even if it is done.
    other.release("a", &token).await.unwrap();
    assert_eq!(other.claim("a").await.unwrap(), Claim::Done);
}

#[tokio::test]
async fn a_claim_that_is_dropped_or_times_out_holds_no_lease() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_secs(3600));
    lease(filter.claim("0").await.unwrap());
    drop(begin(filter.claim("a")).await);
    eventually_new(&filter, "a").await;

    server.pause();
    filter.claim("b").await.unwrap_err();
    server.resume();
    eventually_new(&filter, "b").await;
}

#[tokio::test]
async fn a_confirmation_that_is_dropped_arrives_nevertheless() {
    let server = Server::start();
    let filter = server.filter().await.lease(Duration::from_secs(3600));
    for id in ["a", "b"] {
        let token = lease(filter.claim(id).await.unwrap());
        // The command has to be sent once more.
        server.admin(&["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]).await;
        drop(begin(filter.confirm(id, &token)).await);
        let mut state = Claim::InProgress;
        for _ in 0..400 {
            state = filter.claim(id).await.unwrap();
            if state == Claim::Done {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(state, Claim::Done);
    }
}

#[tokio::test]
async fn an_event_that_was_handled_while_redis_hung_is_not_handled_again() {
    let server = Arc::new(Server::start());
    let filter = server.filter().await.lease(Duration::from_secs(3600));
    lease(filter.claim("0").await.unwrap());
    let handled = Arc::new(AtomicU32::new(0));
    let handler = {
        let (handled, server) = (handled.clone(), server.clone());
        move |_: Webhook| {
            if handled.fetch_add(1, Ordering::SeqCst) == 0 {
                server.pause();
            }
            async { Ok::<(), std::io::Error>(()) }
        }
    };
    let client = Client::scripted(&Script::new()).unwrap();
    let webhook = json!({ "type": "user.updated", "user": { "id": "a" } });
    let webhook: http::Request<Vec<u8>> =
        client.signed_webhook(&webhook).unwrap().id("a").request("/").unwrap();
    let receiver = WebhookReceiver::new(&ApiSecret::new("secret").unwrap());
    let failures = Arc::new(AtomicU32::new(0));
    let counted = failures.clone();
    let endpoint =
        WebhookEndpoint::with_filter(receiver, filter, handler).on_filter_error(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
    let deliver = || endpoint.handle(webhook.headers(), webhook.body());

    let outcome = deliver().await;
    assert!(matches!(outcome, WebhookOutcome::Handled), "{outcome:?}");
    assert_eq!(failures.load(Ordering::SeqCst), 1, "it could not be confirmed");
    server.resume();
    // The command that was not waited for any longer was sent, and so the ID is done, or its lease
    // is held: a redelivery is refused, and not handled.
    let outcome = deliver().await;
    assert!(
        matches!(outcome, WebhookOutcome::AlreadyHandled | WebhookOutcome::InProgress),
        "{outcome:?}"
    );
    assert_eq!(handled.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn scripts_that_are_lost_between_commands_are_loaded_again() {
    let server = Server::start();
    let filter = server.filter().await;
    let limits = RedisRateLimits::connect(&server.url(), "app").await.unwrap();
    let flush = || server.admin(&["SCRIPT", "FLUSH"]);
    for id in ["a", "b"] {
        flush().await;
        let token = lease(filter.claim(id).await.unwrap());
        flush().await;
        filter.release(id, &token).await.unwrap();
        let token = lease(filter.claim(id).await.unwrap());
        flush().await;
        filter.confirm(id, &token).await.unwrap();
        flush().await;
        let admission = limits.admit(AdmissionRequest::new("GetApp")).await.unwrap();
        assert!(matches!(admission, Admission::Granted(_)), "{admission:?}");
    }
}

/// Returns a field of the window of `GetApp`.
async fn field(server: &Server, name: &str) -> f64 {
    let client = redis::Client::open(server.url()).unwrap();
    let mut admin = client.get_multiplexed_async_connection().await.unwrap();
    let mut get = redis::cmd("HGET");
    get.arg("stream:limits:app:GetApp").arg(name);
    get.query_async(&mut admin).await.unwrap()
}

/// Waits until a field of the window satisfies a condition.
async fn until(server: &Server, name: &str, is_so: impl Fn(f64) -> bool) {
    let mut value = 0.0;
    for _ in 0..400 {
        value = field(server, name).await;
        if is_so(value) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{name} remains {value}");
}

#[tokio::test]
async fn requests_that_are_dropped_while_redis_decides_do_not_count() {
    let server = Server::start();
    let limits = RedisRateLimits::connect(&server.url(), "app").await.unwrap();
    let request = AdmissionRequest::new("GetApp");
    let Admission::Granted(permit) = limits.admit(request).await.unwrap() else { panic!() };
    let report = LimitReport::new(1000, Duration::from_secs(50)).limit(1001);
    limits.settle("GetApp", permit, Settlement::Limited(report));
    until(&server, "sent", |sent| sent == 0.0).await;

    server.pause();
    let mut asking = Vec::new();
    for _ in 0..1000 {
        asking.push(begin(limits.admit(request)).await);
    }
    drop(asking.split_off(500));
    server.resume();
    // A connection has only some of them on their way at once.
    until(&server, "sent", |sent| sent >= 1.0).await;
    drop(asking);
    until(&server, "sent", |sent| sent == 0.0).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    until(&server, "sent", |sent| sent == 0.0).await;
    assert!(matches!(limits.admit(request).await.unwrap(), Admission::Granted(_)));
}

#[tokio::test]
async fn a_late_response_about_the_window_before_changes_nothing() {
    let server = Server::start();
    let limits = RedisRateLimits::connect(&server.url(), "app").await.unwrap();
    let seconds = Duration::from_secs;
    let mut permits = Vec::new();
    for _ in 0..4 {
        match limits.admit(AdmissionRequest::new("GetApp")).await.unwrap() {
            Admission::Granted(permit) => permits.push(permit),
            wait => panic!("{wait:?}"),
        }
    }
    let reports = [
        LimitReport::new(30, seconds(55)),
        // These took longer than the window is old, and say when the one before was to end.
        LimitReport::new(0, seconds(2)).took(seconds(9)),
        LimitReport::new(45, seconds(1)).took(seconds(8)),
        // This one was overtaken.
        LimitReport::new(31, seconds(57)).took(seconds(4)),
    ];
    for (number, (permit, report)) in permits.into_iter().zip(reports).enumerate() {
        limits.settle("GetApp", permit, Settlement::Limited(report.limit(50)));
        // The first one alone, and the others in one report.
        if number == 0 {
            until(&server, "sent", |sent| sent == 3.0).await;
        }
    }
    let ends = field(&server, "ends").await;
    until(&server, "sent", |sent| sent == 0.0).await;
    assert_eq!(field(&server, "left").await, 30.0);
    assert!(field(&server, "ends").await <= ends);
}

#[tokio::test]
async fn a_thousand_dropped_requests_leave_no_queue() {
    let server = Server::start();
    let limits = RedisRateLimits::connect(&server.url(), "app").await.unwrap();
    let request = AdmissionRequest::new("GetApp").patience(Duration::from_secs(3600));
    let Admission::Granted(permit) = limits.admit(request).await.unwrap() else { panic!() };
    let report = LimitReport::new(0, Duration::from_secs(50)).limit(60);
    limits.settle("GetApp", permit, Settlement::Limited(report));
    until(&server, "sent", |sent| sent == 0.0).await;

    let turn = || async {
        match limits.admit(request).await.unwrap() {
            Admission::Wait { turn, opens } => turn.saturating_sub(opens),
            granted => panic!("{granted:?}"),
        }
    };
    assert_eq!(turn().await, Duration::ZERO);
    for _ in 0..1000 {
        turn().await;
    }
    let ends = field(&server, "ends").await;
    // 500 ms each.
    assert!(turn().await >= Duration::from_secs(500));
    for _ in 0..1001 {
        limits.withdraw("GetApp");
    }
    until(&server, "turn", |turn| turn <= ends + 501.0).await;
    assert!(turn().await <= Duration::from_millis(501), "only one that waits is left");

    // A wait whose decision is not awaited is withdrawn, too.
    let before = field(&server, "turn").await;
    for _ in 0..100 {
        drop(begin(limits.admit(request)).await);
    }
    // One more decision of the connection, after those.
    turn().await;
    until(&server, "turn", |turn| turn <= before + 501.0).await;
}
