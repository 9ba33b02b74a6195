//! The token of a client that acts as a user is cached, and renewed before it expires.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use tokio::sync::oneshot;

use stream_chat::auth::{ApiSecret, TokenSigner, TokenVerifier};
use stream_chat::token_source::{CachedTokenSource, Token, TokenSource, UserTokenSource};
use stream_chat::transport::testing::ScriptedTransport;
use stream_chat::transport::{BoxError, BoxFuture, Clock};
use stream_chat::{Client, Error, UserRequest};

const SECRET: &str = "planted-secret-of-the-app";

/// A wall clock that is set by hand.
#[derive(Clone)]
struct Wall(Arc<Mutex<SystemTime>>);

impl Wall {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000))))
    }

    fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl Clock for Wall {
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn utc(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

fn signer() -> TokenSigner {
    TokenSigner::new(&ApiSecret::new(SECRET).unwrap())
}

/// Returns a token with a lifetime of `seconds` from now.
fn token(wall: &Wall, id: u32, seconds: u64) -> Token {
    signer()
        .user_token("john")
        .claim("id", id)
        .expires_in(Duration::from_secs(seconds))
        .sign_at(wall.utc())
        .unwrap()
}

type Answer = oneshot::Sender<Result<Token, BoxError>>;

/// A source whose results the test provides one by one.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<VecDeque<Answer>>>);

impl Asked {
    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn answer(&self, answer: Result<Token, BoxError>) {
        let asked = self.0.lock().unwrap().pop_front().expect("nobody asks for a token");
        let _ = asked.send(answer);
    }
}

impl TokenSource for Asked {
    async fn token(&self) -> Result<Token, BoxError> {
        let (answer, answered) = oneshot::channel();
        self.0.lock().unwrap().push_back(answer);
        answered.await?
    }
}

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn cached(wall: &Wall) -> (CachedTokenSource<Asked>, Asked) {
    let asked = Asked::default();
    (CachedTokenSource::with_clock(asked.clone(), wall.clone()), asked)
}

/// Caches this token.
fn fill(source: &CachedTokenSource<Asked>, asked: &Asked, token: &Token) {
    let mut call = pin!(source.token());
    assert!(poll(call.as_mut()).is_pending());
    asked.answer(Ok(token.clone()));
    let Poll::Ready(Ok(given)) = poll(call) else { panic!("no token") };
    assert_eq!(given, *token);
}

/// Returns the cached token, if no refresh is needed.
fn at_hand(source: &CachedTokenSource<Asked>, asked: &Asked) -> Option<Token> {
    let before = asked.len();
    match poll(pin!(source.token())) {
        Poll::Ready(token) if asked.len() == before => Some(token.unwrap()),
        _ => {
            asked.0.lock().unwrap().truncate(before);
            None
        }
    }
}

#[test]
fn a_token_is_kept_until_shortly_before_it_expires() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let first = token(&wall, 1, 3600);
    fill(&source, &asked, &first);
    wall.advance(3539);
    assert_eq!(at_hand(&source, &asked), Some(first.clone()));
    assert_eq!(at_hand(&source.clone(), &asked), Some(first));
    wall.advance(1);
    let second = token(&wall, 2, 3600);
    fill(&source, &asked, &second);
    assert_eq!(at_hand(&source, &asked), Some(second));
}

#[test]
fn a_short_token_is_replaced_in_the_middle_of_its_life() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    fill(&source, &asked, &token(&wall, 1, 60));
    wall.advance(29);
    assert!(at_hand(&source, &asked).is_some());
    wall.advance(1);
    assert!(at_hand(&source, &asked).is_none());
}

#[test]
fn the_margin_can_be_chosen() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let source = source.refresh_before(Duration::from_secs(600));
    fill(&source, &asked, &token(&wall, 1, 3600));
    wall.advance(2999);
    assert!(at_hand(&source, &asked).is_some());
    wall.advance(1);
    assert!(at_hand(&source, &asked).is_none());
}

#[test]
fn calls_at_the_same_time_share_one_refresh() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let mut calls: Vec<_> = (0..10).map(|_| Box::pin(source.token())).collect();
    for call in &mut calls {
        assert!(poll(call.as_mut()).is_pending());
    }
    assert_eq!(asked.len(), 1);
    let only = token(&wall, 1, 3600);
    asked.answer(Ok(only.clone()));
    for call in &mut calls {
        assert!(matches!(poll(call.as_mut()), Poll::Ready(Ok(token)) if token == only));
    }
    assert_eq!(asked.len(), 0);
}

#[test]
fn calls_at_the_same_time_share_one_failure() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let mut calls: Vec<_> = (0..10).map(|_| Box::pin(source.token())).collect();
    for call in &mut calls {
        assert!(poll(call.as_mut()).is_pending());
    }
    asked.answer(Err("the login endpoint is down".into()));
    for call in &mut calls {
        let Poll::Ready(Err(error)) = poll(call.as_mut()) else { panic!("not shared") };
        assert_eq!(error.to_string(), "the login endpoint is down");
    }
    assert_eq!(asked.len(), 0);
    // A later request tries again.
    fill(&source, &asked, &token(&wall, 1, 3600));
}

#[test]
fn a_valid_token_is_used_while_another_call_refreshes() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let old = token(&wall, 1, 3600);
    fill(&source, &asked, &old);
    wall.advance(3550);
    let mut refreshing = pin!(source.token());
    assert!(poll(refreshing.as_mut()).is_pending());
    assert_eq!(at_hand(&source, &asked), Some(old), "it is valid for 50 s more");
    wall.advance(50);
    assert!(poll(pin!(source.token())).is_pending(), "it has expired");
    assert_eq!(asked.len(), 1);
    let new = token(&wall, 2, 3600);
    asked.answer(Ok(new.clone()));
    assert!(matches!(poll(refreshing), Poll::Ready(Ok(token)) if token == new));
    assert_eq!(at_hand(&source, &asked), Some(new));
}

#[test]
fn a_failed_refresh_leaves_the_valid_token_and_is_put_off() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let old = token(&wall, 1, 3600);
    fill(&source, &asked, &old);
    wall.advance(3540);
    for left in [60, 30] {
        let mut call = pin!(source.token());
        assert!(poll(call.as_mut()).is_pending(), "{left} s left");
        asked.answer(Err("down".into()));
        assert!(matches!(poll(call), Poll::Ready(Ok(token)) if token == old));
        assert_eq!(at_hand(&source, &asked), Some(old.clone()));
        wall.advance(left / 2);
    }
    wall.advance(15);
    let mut call = pin!(source.token());
    assert!(poll(call.as_mut()).is_pending());
    asked.answer(Err("down".into()));
    assert!(matches!(poll(call), Poll::Ready(Err(_))), "it has expired");
}

#[test]
fn a_dropped_call_leaves_the_refresh_to_the_next() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    {
        let mut dropped = pin!(source.token());
        assert!(poll(dropped.as_mut()).is_pending());
    }
    asked.0.lock().unwrap().clear();
    fill(&source, &asked, &token(&wall, 1, 3600));
}

#[test]
fn a_token_without_expiry_is_kept_until_it_is_invalidated() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let eternal = signer().user_token("john").sign_at(wall.utc()).unwrap();
    for opaque in [Token::new(eternal.expose_secret()), Token::new("not a JWT")] {
        fill(&source, &asked, &opaque);
        wall.advance(1_000_000_000);
        assert_eq!(at_hand(&source, &asked), Some(opaque));
        source.invalidate();
        assert_eq!(at_hand(&source, &asked), None);
    }
}

#[test]
fn a_clock_that_is_ahead_does_not_refresh_on_every_call() {
    let server = Wall::new();
    let wall = Wall::new();
    wall.advance(2 * 3600);
    let (source, asked) = cached(&wall);
    let first = token(&server, 1, 3600);
    fill(&source, &asked, &first);
    for _ in 0..100 {
        assert_eq!(at_hand(&source, &asked), Some(first.clone()));
    }
    wall.advance(59);
    assert_eq!(at_hand(&source, &asked), Some(first));
    wall.advance(1);
    // Concurrent requests share the refresh and its outcome.
    let mut calls: Vec<_> = (0..3).map(|_| Box::pin(source.token())).collect();
    assert!(calls.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
    assert_eq!(asked.len(), 1);
    let second = token(&server, 2, 3600);
    asked.answer(Ok(second.clone()));
    for mut call in calls {
        assert!(matches!(poll(call.as_mut()), Poll::Ready(Ok(token)) if token == second));
    }
    assert_eq!(asked.len(), 0);
}

#[test]
fn a_clock_that_is_behind_does_not_keep_a_token_beyond_its_life() {
    let server = Wall::new();
    server.advance(2 * 3600);
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let first = token(&server, 1, 3600);
    fill(&source, &asked, &first);
    wall.advance(3600 - 61);
    assert_eq!(at_hand(&source, &asked), Some(first));
    // `iat` is backdated by 5 seconds.
    wall.advance(7);
    assert_eq!(at_hand(&source, &asked), None);
}

#[test]
fn a_token_that_lives_shortly_and_comes_late_is_kept_shortly() {
    let wall = Wall::new();
    let (source, asked) = cached(&wall);
    let late = token(&wall, 1, 15);
    wall.advance(15);
    fill(&source, &asked, &late);
    assert_eq!(at_hand(&source, &asked), Some(late));
    wall.advance(10);
    assert_eq!(at_hand(&source, &asked), None);
}

/// A clock whose wall clock is set while its monotonic one goes on.
#[derive(Clone)]
struct Adjusted {
    wall: Wall,
    monotonic: Arc<Mutex<Duration>>,
}

impl Adjusted {
    fn new() -> Self {
        Self { wall: Wall::new(), monotonic: Arc::default() }
    }

    fn advance(&self, seconds: u64) {
        self.wall.advance(seconds);
        *self.monotonic.lock().unwrap() += Duration::from_secs(seconds);
    }

    fn set_back(&self, seconds: u64) {
        *self.wall.0.lock().unwrap() -= Duration::from_secs(seconds);
    }
}

impl Clock for Adjusted {
    fn monotonic(&self) -> Duration {
        *self.monotonic.lock().unwrap()
    }

    fn utc(&self) -> SystemTime {
        self.wall.utc()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

#[test]
fn a_token_that_a_fast_clock_signed_is_replaced_when_the_clock_is_corrected() {
    let clock = Adjusted::new();
    let verifier = TokenVerifier::new(&ApiSecret::new(SECRET).unwrap());
    let source = UserTokenSource::with_clock(signer(), "john", clock.clone());
    let first = signed(&source);
    clock.advance(60);
    clock.set_back(2 * 3600);
    assert!(verifier.verify_at(first.expose_secret(), clock.utc()).is_err());
    let second = signed(&source);
    verifier.verify_at(second.expose_secret(), clock.utc()).unwrap();
    // The new token is kept, and so is one over a correction that backdating covers.
    clock.advance(60);
    assert_eq!(signed(&source), second);
    clock.set_back(5);
    assert_eq!(signed(&source), second);
    verifier.verify_at(second.expose_secret(), clock.utc()).unwrap();
    // A clock that is set forward replaces the token once.
    clock.wall.advance(2 * 3600);
    let third = signed(&source);
    assert_ne!(third, second);
    assert_eq!(signed(&source), third);
}

#[test]
fn a_clock_that_is_set_back_does_not_refresh_on_every_call() {
    let clock = Adjusted::new();
    let asked = Asked::default();
    let source = CachedTokenSource::with_clock(asked.clone(), clock.clone());
    let first = token(&clock.wall, 1, 3600);
    fill(&source, &asked, &first);
    clock.set_back(2 * 3600);
    // The login endpoint is not available: the token remains in use, and is not refreshed again
    // until half of its remaining life is over.
    let mut refreshing = pin!(source.token());
    assert!(poll(refreshing.as_mut()).is_pending());
    asked.answer(Err("no network".into()));
    assert!(matches!(poll(refreshing), Poll::Ready(Ok(token)) if token == first));
    for _ in 0..100 {
        assert_eq!(at_hand(&source, &asked), Some(first.clone()));
    }
    clock.advance(1799);
    assert_eq!(at_hand(&source, &asked), Some(first));
    clock.advance(4);
    assert_eq!(at_hand(&source, &asked), None);
}

fn signed(source: &UserTokenSource) -> Token {
    let Poll::Ready(token) = poll(pin!(source.token())) else {
        panic!("signing waits for nothing")
    };
    token.unwrap()
}

#[test]
fn a_token_is_signed_when_needed_and_again_before_it_expires() {
    let wall = Wall::new();
    let source = UserTokenSource::with_clock(signer(), "john", wall.clone())
        .with(|token| token.role("moderator"));
    let first = signed(&source);
    let verifier = TokenVerifier::new(&ApiSecret::new(SECRET).unwrap());
    let claims = verifier.verify_at(first.expose_secret(), wall.utc()).unwrap();
    assert_eq!(claims.user_id.as_deref(), Some("john"));
    assert_eq!(claims.role.as_deref(), Some("moderator"));
    assert_eq!(claims.expires_at, Some(wall.utc() + Duration::from_secs(3600)));

    wall.advance(3539);
    assert_eq!(signed(&source.clone()), first);
    wall.advance(1);
    let second = signed(&source);
    assert_ne!(second, first);
    assert!(verifier.verify_at(second.expose_secret(), wall.utc()).is_ok());

    let short = source.expires_in(Duration::from_secs(100)).refresh_before(Duration::from_secs(10));
    let third = signed(&short);
    wall.advance(89);
    assert_eq!(signed(&short), third);
    wall.advance(1);
    assert_ne!(signed(&short), third);
}

#[test]
fn invalid_tokens_are_an_error() {
    let source = UserTokenSource::with_clock(signer(), "", Wall::new());
    assert!(matches!(poll(pin!(source.token())), Poll::Ready(Err(_))));
}

const ANSWER: &str = r#"{"app":{},"duration":"1ms"}"#;

#[tokio::test]
async fn a_client_acts_as_the_user_of_its_tokens() {
    let app = Client::new("key", SECRET).unwrap();
    let transport = ScriptedTransport::new();
    transport.json(200, ANSWER);
    transport.json(200, ANSWER);
    let tokens = app.user("john").token_source().unwrap();
    let john = Client::as_user("key", tokens).transport(transport.clone()).build().unwrap();
    john.app().await.unwrap();
    john.app().await.unwrap();
    let sent = transport.sent();
    let token = sent[0].headers["authorization"].to_str().unwrap();
    let claims = TokenVerifier::new(&ApiSecret::new(SECRET).unwrap()).verify(token).unwrap();
    assert_eq!(claims.user_id.as_deref(), Some("john"));
    assert_eq!(sent[1].headers["authorization"], token);
    assert!(john.user("jane").token_source().unwrap_err().is_configuration());
    assert!(john.user_token("jane").sign().unwrap_err().is_configuration());
}

const SENT: &str = r#"{"message":{"id":"1","text":"hi"},"duration":"1ms"}"#;
const REFUSED: &str = r#"{"code":40,"message":"token is expired","StatusCode":401}"#;

#[tokio::test]
async fn a_token_that_the_server_refuses_for_its_times_is_renewed_once() {
    let clock = Adjusted::new();
    let transport = ScriptedTransport::new();
    let tokens = UserTokenSource::with_clock(signer(), "john", clock.clone());
    let john = Client::as_user("key", tokens).transport(transport.clone()).build().unwrap();
    // The token is too young for another one to differ, which would not help.
    transport.json(401, REFUSED);
    let error = write(&john).await.unwrap_err();
    assert!(error.is_authentication() && error.attempts() == 1, "{error:?}");
    // Later, another one is signed, and the write is sent again.
    clock.advance(60);
    transport.json(401, REFUSED);
    transport.json(201, SENT);
    assert_eq!(write(&john).await.unwrap(), 2);
    let sent = transport.sent();
    assert_eq!(sent[0].headers["authorization"], sent[1].headers["authorization"]);
    assert_ne!(sent[1].headers["authorization"], sent[2].headers["authorization"]);
    // A server that refuses the new token as well is not asked again.
    clock.advance(60);
    transport.json(401, REFUSED);
    transport.json(401, REFUSED);
    let error = write(&john).await.unwrap_err();
    assert!(error.is_authentication() && error.attempts() == 2, "{error:?}");
    assert!(!error.may_have_been_processed());
}

#[tokio::test]
async fn a_cached_token_that_the_server_refuses_is_asked_for_again() {
    let clock = Adjusted::new();
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let source = Numbered(count);
    let tokens = CachedTokenSource::with_clock(source, clock.clone());
    let transport = ScriptedTransport::new();
    let john = Client::as_user("key", tokens.clone()).transport(transport.clone()).build().unwrap();
    transport.json(200, ANSWER);
    john.app().await.unwrap();
    clock.advance(60);
    transport.json(401, REFUSED);
    transport.json(200, ANSWER);
    john.app().await.unwrap();
    assert_eq!(*asked.lock().unwrap(), 2);
    // What another call has replaced is not discarded, and a wrong signature is not a matter of time.
    assert!(tokens.refused(&Token::new("token 1")));
    transport.json(401, r#"{"code":43,"message":"no","StatusCode":401}"#);
    assert_eq!(john.app().await.unwrap_err().attempts(), 1);
    assert_eq!(*asked.lock().unwrap(), 2);
    let sent: Vec<_> =
        transport.sent().iter().map(|sent| sent.headers["authorization"].clone()).collect();
    assert_eq!(sent, ["token 1", "token 1", "token 2", "token 2"]);
}

/// Sends a request that is not idempotent, and returns the number of its attempts.
async fn write(client: &Client) -> Result<u32, Error> {
    Ok(client.channel("messaging", "general").send_message("hi").await?.attempts())
}

/// A source that numbers its tokens.
struct Numbered(Arc<Mutex<u32>>);

impl TokenSource for Numbered {
    async fn token(&self) -> Result<Token, BoxError> {
        let mut number = self.0.lock().unwrap();
        *number += 1;
        Ok(Token::new(format!("token {number}")))
    }
}

#[tokio::test]
async fn a_function_can_give_the_tokens() {
    let transport = ScriptedTransport::new();
    transport.json(200, ANSWER);
    let tokens = CachedTokenSource::from_fn(|| async { Ok(Token::new("from elsewhere")) });
    let john = Client::as_user("key", tokens).transport(transport.clone()).build().unwrap();
    john.app().await.unwrap();
    assert_eq!(transport.sent()[0].headers["authorization"], "from elsewhere");

    let tokens = CachedTokenSource::from_fn(|| async { Err("the login endpoint is down".into()) });
    let john = Client::as_user("key", tokens).transport(transport).build().unwrap();
    let error = john.app().await.unwrap_err();
    assert!(error.to_string().contains("the login endpoint is down"), "{error}");
}

#[tokio::test]
async fn a_visitor_is_anonymous_and_becomes_a_guest() {
    let transport = ScriptedTransport::new();
    transport.json(
        201,
        r#"{"access_token":"guest-token","user":{"id":"guest-1-visitor","role":"guest"},"duration":"1ms"}"#,
    );
    let anyone = Client::anonymous("key").transport(transport.clone()).build().unwrap();
    let guest = anyone.create_guest(UserRequest::new("visitor")).await.unwrap();
    assert_eq!(guest.user.id, "guest-1-visitor");
    assert_eq!(guest.access_token.expose_secret(), "guest-token");
    assert!(!format!("{guest:?}").contains("guest-token"));
    let sent = &transport.sent()[0];
    assert_eq!(sent.uri.path(), "/api/v2/guest");
    assert_eq!(sent.headers["stream-auth-type"], "anonymous");
    assert!(!sent.headers.contains_key("authorization"));
    assert!(anyone.user_token("john").sign().unwrap_err().is_configuration());
}
