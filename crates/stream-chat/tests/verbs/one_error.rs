//! A custom error type with a single `From` covers all errors of the SDK.

use std::sync::Arc;
use std::time::SystemTime;

use serde_json::json;

use crate::support;
use stream_chat::auth::{ApiSecret, SecretError, TokenSigner, TokenVerifier, VerifyError};
use stream_chat::import::{
    AsyncImportWriter, ImportEncoder, ImportError, ImportItem, ImportWriter, check_import,
};
use stream_chat::models::InvalidTimestamp;
use stream_chat::models::channels::ChannelFilter;
use stream_chat::models::users::{UpdateUsersResponse, UserFilter};
use stream_chat::webhook::{
    Claimed, DuplicateFilter, Lease, Payload, QueueReceiver, RecentWebhooks, WebhookError, status,
};
use stream_chat::{
    BulkError, BulkResponse, Cid, Client, Custom, ErrorKind, FinishedTask, InvalidCid,
    RefusedMessage, Timestamp, Token, UserRequest,
};

#[derive(Debug)]
enum MyError {
    Chat(stream_chat::Error),
}

impl From<stream_chat::Error> for MyError {
    fn from(error: stream_chat::Error) -> Self {
        Self::Chat(error)
    }
}

type Result<T> = std::result::Result<T, MyError>;

/// Returns the error that `?` converted.
fn inner<T>(result: Result<T>) -> stream_chat::Error {
    let MyError::Chat(error) = result.err().unwrap();
    error
}

async fn bulk(client: &Client) -> Result<BulkResponse<UpdateUsersResponse>> {
    client.upsert_users(["john"]).await?;
    Ok(client.upsert_users(["john"]).report().await.into_result()?)
}

async fn tasks(client: &Client) -> Result<Vec<FinishedTask>> {
    client.task("t").wait().await?;
    client.delete_channels([Cid::from("messaging:general")]).and_wait().await?;
    let done = client.delete_users(["john"]).and_wait().report().await.into_result()?;
    if let Some(first) = done.first() {
        let _: serde_json::Value = first.result_as()?;
    }
    Ok(done)
}

async fn refused(client: &Client) -> std::result::Result<String, stream_chat::Error> {
    let sent = client.channel("messaging", "general").send_message("Hello").await?;
    Ok(sent.accepted()?.id.clone())
}

async fn pages(client: &Client) -> Result<usize> {
    let mut pages = client.query_channels(ChannelFilter::all()).pages();
    while let Some(page) = pages.next().await? {
        drop(page);
    }
    Ok(client.query_users(UserFilter::all()).items().collect().await?.len())
}

/// A full ID needs no parsing.
async fn cids(client: &Client, cid: &str) -> Result<Cid> {
    client.channel_by_cid(cid).mark_read("john").await?;
    Ok(client.channel_by_cid(cid).cid()?)
}

fn tokens(client: &Client, token: &Token) -> Result<()> {
    client.user_token("john").expires_at(SystemTime::now()).sign()?;
    client.user("john").token_source()?;
    client.verify_token(token.expose_secret())?;
    Ok(())
}

fn webhooks(client: &Client, headers: &http::HeaderMap, body: &[u8]) -> Result<()> {
    let receiver = client.webhook_receiver()?;
    receiver.event(headers, body)?;
    receiver.before_message_send(headers, body)?;
    receiver.custom_command(headers, body)?;
    receiver.verify(None, body)?;
    receiver.read::<stream_chat::models::events::Event>(None, body)?;
    Ok(())
}

fn queues(message: &[u8]) -> Result<()> {
    QueueReceiver::new().sqs(message)?;
    QueueReceiver::new().sns(message)?;
    Ok(())
}

async fn filters(filter: &Arc<dyn DuplicateFilter>) -> Result<()> {
    if let Claimed::New(lease) = Lease::claim(filter, "1").await? {
        lease.release().await?;
    }
    if let Claimed::New(lease) = Lease::claim(filter, "1").await? {
        lease.confirm().await?;
    }
    Ok(())
}

async fn import_files() -> Result<u64> {
    let mut file = ImportWriter::new(Vec::new());
    file.write(&ImportItem::user("john"))?;
    let lines = file.finish()?;
    let mut file = AsyncImportWriter::new(Vec::new());
    file.write(&ImportItem::user("john")).await?;
    file.finish().await?;
    ImportEncoder::new().encode(&ImportItem::user(""))?;
    Ok(check_import(&*lines, ImportEncoder::new())?)
}

#[tokio::test]
async fn one_conversion_is_enough() {
    let (transport, client) = support::scripted();
    transport.json(400, r#"{"code":4,"message":"no","StatusCode":400}"#);
    let error = inner(bulk(&client).await);
    assert!(BulkError::<UserRequest, UpdateUsersResponse>::of(&error).is_some(), "{error}");

    let task = json!({ "task_id": "t", "status": "failed" }).to_string();
    transport.json(200, task);
    assert_eq!(inner(tasks(&client).await).kind(), ErrorKind::TaskFailed);

    transport.json(403, "{}");
    assert_eq!(inner(pages(&client).await).status().map(|status| status.as_u16()), Some(403));

    let error = inner(cids(&client, "general").await);
    assert!(error.is_invalid_input(), "{error}");
    let error = inner(client.channel("", "general").cid().map_err(MyError::from));
    assert!(error.downcast_ref::<InvalidCid>().is_some());

    let past = client.user_token("john").sign().unwrap();
    assert!(inner(tokens(&client, &past)).is_invalid_input(), "it has expired before it is signed");
    assert!(inner(client.verify_token("a.b.c").map_err(MyError::from)).is_unverified());

    let error = inner(webhooks(&client, &http::HeaderMap::new(), b"{}"));
    assert!(matches!(error.downcast_ref(), Some(WebhookError::MissingSignature)), "{error}");
    assert_eq!(status(&error), 401);
    let error = inner(queues(b"{}"));
    assert!(matches!(error.downcast_ref(), Some(WebhookError::MissingType)), "{error}");

    transport.json(201, json!({ "message": { "type": "error", "text": "frozen" } }).to_string());
    let error = refused(&client).await.unwrap_err();
    assert_eq!(error.downcast_ref().map(RefusedMessage::reason), Some("frozen"));
    assert!(error.is_refused() && !error.may_have_been_processed(), "{error}");

    let filter: Arc<dyn DuplicateFilter> = Arc::new(RecentWebhooks::new());
    filters(&filter).await.unwrap();

    let error = inner(import_files().await);
    assert!(matches!(ImportError::of(&error), Some(ImportError::Invalid { .. })), "{error}");
}

#[derive(serde::Deserialize)]
struct Level {
    level: u8,
}

/// A message of a custom queue.
struct Job;

impl Payload for Job {
    fn from_json(json: &[u8]) -> std::result::Result<Self, WebhookError> {
        match json.is_empty() {
            true => Err(WebhookError::MissingType),
            false => Ok(Self),
        }
    }
}

/// A function with this error type needs no conversions: `?` accepts the errors of every crate.
fn question_marks(
    cid: &str,
    time: &str,
    custom: &Custom,
    secret: &str,
    token: &str,
    json: &[u8],
) -> std::result::Result<u8, stream_chat::Error> {
    let cid: Cid = cid.parse()?;
    Cid::new(cid.channel_type(), cid.id())?;
    let time: Timestamp = time.parse()?;
    Timestamp::from_unix_seconds(time.as_unix_seconds())?;
    let one = custom.get_as::<u8>("level")?.unwrap_or_default();
    let whole: Level = custom.read()?;
    custom.read_prefixed::<Level>("my_")?;
    let secret = ApiSecret::new(secret)?;
    TokenVerifier::new(&secret).verify(token)?;
    TokenSigner::new(&secret).user_token("john").sign()?;
    stream_chat::auth::token::dangerous_decode_unverified(token)?;
    Job::from_json(json)?;
    Ok(one.max(whole.level))
}

#[test]
fn question_marks_are_enough() {
    let secret = ApiSecret::new("secret").unwrap();
    let token = TokenSigner::new(&secret).server_token();
    let token = token.expose_secret();
    let custom = Custom::from_iter([("level", 3), ("my_level", 4)]);
    let odd = Custom::from_iter([("level", "private")]);
    let none = Custom::new();
    let time = "2126-01-01T00:00:00Z";
    let all = question_marks("a:b", time, &custom, "secret", token, b"{}");
    assert_eq!(all.unwrap(), 3);

    let fails = |cid, time, custom: &Custom, secret, token, json: &[u8]| {
        question_marks(cid, time, custom, secret, token, json).unwrap_err()
    };
    let error = fails("general", time, &custom, "secret", token, b"{}");
    assert!(error.downcast_ref::<InvalidCid>().is_some() && error.is_invalid_input(), "{error}");
    let error = fails("a:b", "never", &custom, "secret", token, b"{}");
    assert!(error.downcast_ref::<InvalidTimestamp>().is_some(), "{error}");
    for custom in [&odd, &none] {
        let error = fails("a:b", time, custom, "secret", token, b"{}");
        assert!(error.downcast_ref::<serde_json::Error>().is_some(), "{error}");
        assert!(error.is_decode() && !error.to_string().contains("private"), "{error}");
    }
    let error = fails("a:b", time, &custom, "", token, b"{}");
    assert!(error.downcast_ref::<SecretError>().is_some(), "{error}");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = fails("a:b", time, &custom, "another", token, b"{}");
    assert!(error.downcast_ref::<VerifyError>().is_some() && error.is_unverified(), "{error}");
    let error = fails("a:b", time, &custom, "secret", token, b"");
    assert!(matches!(error.downcast_ref(), Some(WebhookError::MissingType)), "{error}");
}

/// A single conversion also suffices for functions that decode values of the models, whose own
/// errors are unrelated to requests.
#[derive(Debug)]
enum AnyError {
    Chat(stream_chat::Error),
}

impl<E: Into<stream_chat::Error>> From<E> for AnyError {
    fn from(error: E) -> Self {
        Self::Chat(error.into())
    }
}

async fn everything(client: &Client, cid: &str, time: &str) -> std::result::Result<(), AnyError> {
    let cid: Cid = cid.parse()?;
    let time: Timestamp = time.parse()?;
    Cid::new(cid.channel_type(), cid.id())?;
    Timestamp::from_unix_seconds(1)?;
    stream_chat::auth::ApiSecret::new("secret")?;
    client.user_token("john").expires_at(SystemTime::try_from(time)?).sign()?;
    client.channel_by_cid(&cid).get().await?;
    Ok(())
}

#[tokio::test]
async fn a_conversion_of_whatever_becomes_the_one_error_takes_the_rest() {
    let (transport, client) = support::scripted();
    transport.json(200, support::anything());
    everything(&client, "messaging:general", "2126-01-01T00:00:00Z").await.unwrap();
    let AnyError::Chat(error) = everything(&client, "general", "").await.unwrap_err();
    assert!(error.downcast_ref::<InvalidCid>().is_some(), "{error}");
    let AnyError::Chat(error) = everything(&client, "a:b", "never").await.unwrap_err();
    assert!(error.is_invalid_input(), "{error}");
}
