//! Secrets that are planted anywhere appear in no output.
#![cfg(feature = "testing")]

use std::error::Error as _;
use std::fmt::Debug;
use std::io::Write;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::operations::{GetApp, QueryUsers, SendMessage};
use stream_http::transport::testing::{Recorder, Replayer, ScriptedTransport};
use stream_http::{
    ApiError, CallOptions, Error, Executor, PreparedRequest, RequestBody, ResponseBody,
    RetryPolicy, Token, TransportError, TransportErrorKind,
};
use stream_models::{Method, Operation, OperationInfo, Query};

const KEY: &str = "PLANTED-api-key";
const TOKEN: &str = "PLANTED.token";

/// Collects all output.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    fn debug(&self, value: &impl Debug) {
        writeln!(self.clone(), "{value:?} {value:#?}").unwrap();
    }

    fn error(&self, error: &Error) {
        writeln!(self.clone(), "{error} {}", error.message()).unwrap();
        self.debug(error);
        let mut source = error.source();
        while let Some(cause) = source {
            writeln!(self.clone(), "{cause} {cause:?}").unwrap();
            source = cause.source();
        }
        if let Some(api) = error.api_error() {
            self.debug(api);
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Output {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(data)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Output {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A call with secrets in its query.
#[derive(Clone)]
struct WithQuery;

impl Operation for WithQuery {
    type Response = serde_json::Value;
    const INFO: OperationInfo = OperationInfo::new("WithQuery", Method::Get, "/api/v2/x");

    fn path(&self) -> Result<String, stream_models::InvalidRequest> {
        Ok("/api/v2/x".to_owned())
    }

    fn query(&self) -> Result<Query, stream_models::InvalidRequest> {
        let mut query = Query::new();
        query.pair("token", "PLANTED");
        query.json("payload", Some(&json!({"a": [{"b": {"api_secret": "PLANTED"}}]})))?;
        Ok(query)
    }
}

fn body_with_secrets() -> serde_json::Value {
    json!({
        "message": {"text": "hello"},
        "push_config": {"apn_config": {"auth_key": "PLANTED", "p12_cert": "PLANTED"},
            "firebase_config": {"credentials_json": "PLANTED", "server_key": "PLANTED"},
            "huawei_config": {"secret": "PLANTED"}, "xiaomi_config": {"secret": "PLANTED"}},
        "hooks": [{"sqs_secret": "PLANTED", "sqs_key": "PLANTED", "sns_secret": "PLANTED", "inner": [[{"password": "PLANTED"}]]}],
        "forwarded": "{\"api_secret\":\"PLANTED\"}",
    })
}

fn word_as_secret() -> serde_json::Value {
    json!({"message": {"text": "a message", "password": "message"}})
}

#[tokio::test]
async fn planted_secrets_are_never_logged() {
    let output = Output::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(output.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let transport = ScriptedTransport::new();
    let recorder = Recorder::new(transport.clone());
    let builder = Executor::builder()
        .api_key(KEY)
        .token(TOKEN)
        .transport(recorder.clone())
        .retry(RetryPolicy::off())
        .log_bodies(true);
    output.debug(&builder);
    let executor = builder.build().unwrap();
    let options = CallOptions::new()
        .header(HeaderName::from_static("x-extra"), HeaderValue::from_static("PLANTED"))
        .keep_raw_body();

    transport.json(200, body_with_secrets().to_string());
    let good = executor.send_with(&SendMessage(body_with_secrets()), &options).await.unwrap();
    writeln!(output.clone(), "{:?}", good.map(|_| ())).unwrap();
    transport.json(200, "{}");
    output.debug(&executor.send(&WithQuery).await.unwrap());

    // A server that repeats what it received.
    let echo = json!({"code": 5, "message": format!("token {TOKEN} of app {KEY} is not valid"),
        "exception_fields": {"token": TOKEN}, "details": {"token": "PLANTED"}});
    transport.json(401, echo.to_string());
    output.error(&executor.send(&GetApp).await.unwrap_err());
    let echo = json!({"code": 4, "message": "", "more_info": format!("https://example.com/{KEY}"),
        "exception_fields": {(TOKEN): "is no field"}});
    transport.json(400, echo.to_string());
    output.error(&executor.send(&GetApp).await.unwrap_err());
    transport.json(502, format!("<html>{TOKEN}</html>"));
    output.error(&executor.send(&GetApp).await.unwrap_err());
    transport.json(200, format!("{{\"users\":\"{TOKEN}\"}}"));
    output.error(&executor.send(&QueryUsers).await.unwrap_err());
    transport.fail(TransportError::new(TransportErrorKind::Unknown, "broken"));
    output.error(&executor.send(&GetApp).await.unwrap_err());
    let mut encoded = Response::new(ResponseBody::bytes(Bytes::from_static(b"PLANTED")));
    encoded.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
    transport.response(encoded);
    output.error(&executor.send(&GetApp).await.unwrap_err());

    transport.json(200, r#"{"message":{"type":"message"}}"#);
    executor.send(&SendMessage(word_as_secret())).await.unwrap();

    // In headers, and in a text that is JSON only in part.
    let body = body_with_secrets();
    let echo = json!({"code": 4, "message": format!("bad body {body}")}).to_string();
    let mut echo = Response::new(ResponseBody::bytes(echo));
    *echo.status_mut() = http::StatusCode::BAD_REQUEST;
    for (name, value) in [
        ("location", "https://user:PLANTED@example.com/?token=PLANTED"),
        ("x-echo", TOKEN),
        ("x-session-token", "PLANTED"),
    ] {
        echo.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    transport.response(echo);
    output.error(&executor.send(&SendMessage(body)).await.unwrap_err());

    let direct =
        Executor::builder().api_key(KEY).token(TOKEN).transport(transport.clone()).build().unwrap();
    for status in [200, 500] {
        let mut encoded = Response::new(ResponseBody::bytes("x"));
        *encoded.status_mut() = status.try_into().unwrap();
        encoded.headers_mut().insert("content-encoding", HeaderValue::from_static(TOKEN));
        transport.response(encoded);
        output.error(&direct.send(&GetApp).await.unwrap_err());
    }

    output.debug(&executor);
    output.debug(&options);
    output.debug(&executor.send(&GetApp));
    output.debug(&PreparedRequest::from_operation(&WithQuery).unwrap());
    output.debug(&Token::new(TOKEN));
    output.debug(&RequestBody::bytes("PLANTED"));
    output.debug(&transport);
    output.debug(&transport.sent());
    output.debug(&recorder.cassette());
    for url in
        ["https://user:PLANTED@example.com", "PLANTED", "https://example.com?api_key=PLANTED"]
    {
        output.error(
            &Executor::builder().api_key(KEY).token(TOKEN).base_url(url).build().unwrap_err(),
        );
    }
    let bad =
        Executor::builder().api_key(KEY).token("PLANTED\n").transport(transport).build().unwrap();
    output.error(&bad.send(&GetApp).await.unwrap_err());

    let path =
        std::env::temp_dir().join(format!("stream-http-cassette-{}.json", std::process::id()));
    recorder.cassette().save(&path).unwrap();
    writeln!(output.clone(), "{}", std::fs::read_to_string(&path).unwrap()).unwrap();

    // A replayer returns the recorded responses, without the secrets.
    let replayer = Replayer::new(stream_http::transport::testing::Cassette::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let again = Executor::builder()
        .api_key("other")
        .token("other")
        .transport(replayer.clone())
        .build()
        .unwrap();
    let replayed = again.send(&SendMessage(body_with_secrets())).await.unwrap();
    assert_eq!(replayed["message"]["text"], "hello");
    // A secret that is an ordinary word garbles neither the request nor a successful response.
    let replayed = again.send(&SendMessage(word_as_secret())).await.unwrap();
    assert_eq!(replayed["message"]["type"], "message");
    again.send(&WithQuery).await.unwrap();
    assert!(again.send(&WithQuery).await.unwrap_err().to_string().contains("not on the cassette"));
    assert_eq!(again.send(&GetApp).await.unwrap_err().status().unwrap(), 401);

    let text = output.text();
    for event in [
        "client.initialized",
        "http.request.sent",
        "http.response.received",
        "http.request.failed",
        "api_key=[redacted]",
        "hello",
        "otel.name=\"SendMessage\"",
    ] {
        assert!(text.contains(event), "{event} is missing");
    }
    // Plain text that the server wrote remains in the cassette: the page of the 502.
    let leaks: Vec<_> = text.lines().filter(|line| line.contains("PLANTED")).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    let _ = std::any::type_name::<ApiError>();
}

/// A call whose query contains the signed URL of a file.
#[derive(Clone)]
struct DeleteFile;

impl Operation for DeleteFile {
    type Response = serde_json::Value;
    const INFO: OperationInfo =
        OperationInfo::new("DeleteFile", Method::Delete, "/api/v2/uploads/file");

    fn path(&self) -> Result<String, stream_models::InvalidRequest> {
        Ok("/api/v2/uploads/file".to_owned())
    }

    fn query(&self) -> Result<Query, stream_models::InvalidRequest> {
        let mut query = Query::new();
        query.pair(
            "url",
            "https://user:PLANTED@cdn.example.com/a.png?Key-Pair-Id=PLANTED&Policy=PLANTED&Signature=PLANTED",
        );
        Ok(query)
    }
}

fn logged(log_bodies: bool) -> (Output, ScriptedTransport, Executor, impl Sized) {
    let output = Output::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(output.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let transport = ScriptedTransport::new();
    let executor = Executor::builder()
        .api_key(KEY)
        .token(TOKEN)
        .transport(transport.clone())
        .retry(RetryPolicy::off())
        .log_bodies(log_bodies)
        .build()
        .unwrap();
    (output, transport, executor, guard)
}

fn assert_nothing_planted(output: &Output, shown: &[&str]) {
    let text = output.text();
    for shown in shown {
        assert!(text.contains(shown), "{shown} is missing: {text}");
    }
    let leaks: Vec<_> = text.lines().filter(|line| line.contains("PLANTED")).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
}

#[tokio::test]
async fn signed_urls_do_not_come_out_with_the_url_of_the_request() {
    let (output, transport, executor, _guard) = logged(false);
    transport.json(200, "{}");
    executor.send(&DeleteFile).await.unwrap();
    transport
        .json(400, r#"{"code":4,"message":"https://cdn.example.com/a.png?Signature=PLANTED: no"}"#);
    output.error(&executor.send(&DeleteFile).await.unwrap_err());
    assert_nothing_planted(&output, &["cdn.example.com/a.png", "Signature=[redacted]"]);
}

#[tokio::test]
async fn where_webhooks_and_uploads_go_does_not_come_out_with_bodies() {
    let (output, transport, executor, _guard) = logged(true);
    let urls = json!({
        "webhook_url": "https://user:PLANTED@hooks.example.com/in/PLANTED?key=PLANTED",
        "event_hooks": [{"hook_type": "webhook", "webhook_url": "https://example.com/PLANTED"}],
        "custom_action_handler_url": "https://example.com/PLANTED",
        "before_message_send_hook_url": "https://example.com/PLANTED",
        "async_moderation_config": {"callback": {"server_url": "https://example.com/PLANTED"}},
        "upload_url": "https://bucket.example.com/PLANTED?X-Amz-Signature=PLANTED",
        "image": "https://cdn.example.com/public.png?Signature=PLANTED&Expires=1",
        "text": "  {\"api_secret\":\"PLANTED\"}",
    });
    transport.json(200, urls.to_string());
    executor.send(&SendMessage(urls)).await.unwrap();
    assert_nothing_planted(&output, &["hooks.example.com", "bucket.example.com", "public.png"]);
}

#[tokio::test]
async fn a_server_that_repeats_the_secrets_of_the_request_is_not_repeated() {
    let (output, transport, executor, _guard) = logged(false);
    let request = json!({
        "sqs_secret": "PLANTED sqs",
        "push_config": {"credentials": ["PLANTED push"]},
        "webhook_url": "https://example.com/PLANTED/path",
    });
    let echo = json!({
        "code": 4,
        "message": "UpdateApp failed: PLANTED sqs, PLANTED push and https://example.com/PLANTED/path",
        "exception_fields": {"sqs_secret": "PLANTED sqs is not valid"},
        "details": [{"secret": "PLANTED push"}],
        "more_info": "https://example.com/PLANTED/path",
    });
    transport.json(400, echo.to_string());
    let error = executor.send(&SendMessage(request)).await.unwrap_err();
    output.error(&error);
    let api = error.api_error().unwrap();
    writeln!(
        output.clone(),
        "{:?} {:?} {:?}",
        api.details(),
        api.more_info(),
        api.exception_fields()
    )
    .unwrap();
    assert_nothing_planted(
        &output,
        &["UpdateApp failed: [redacted], [redacted]", "http.request.failed"],
    );
}
