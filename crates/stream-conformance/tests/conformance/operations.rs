//! Every operation sends what the schema describes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, bail, ensure};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::generated::OPERATIONS;
use crate::support::{Call, Extent, Kind, Spec};
use stream_http::Executor;
use stream_http::transport::testing::{ScriptedTransport, SentRequest};
use stream_models::{OperationInfo, ResponseMembers};
use stream_spec::{Operation, Parameter, ParameterPlace};

/// A request as the transport or the server received it.
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl From<SentRequest> for Received {
    fn from(sent: SentRequest) -> Self {
        let content_type = sent.headers.get(http::header::CONTENT_TYPE);
        Self {
            method: sent.method.to_string(),
            path: sent.uri.path().to_owned(),
            query: sent.uri.query().unwrap_or_default().to_owned(),
            content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
            body: sent.body.to_vec(),
        }
    }
}

#[test]
fn the_operations_are_those_of_the_schema() {
    let document = stream_spec::own().unwrap();
    let ours: BTreeMap<&str, (&str, &str)> = stream_models::OPERATIONS
        .iter()
        .map(|info| (info.id, (info.method.as_str(), info.path)))
        .collect();
    let upper: BTreeMap<&str, String> = document
        .operations
        .values()
        .map(|operation| (&*operation.value.id, operation.value.method.to_uppercase()))
        .collect();
    let theirs = document
        .operations
        .values()
        .map(|operation| &operation.value)
        .map(|operation| (&*operation.id, (&*upper[&*operation.id], &*operation.path)))
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!(stream_models::OPERATIONS.len(), ours.len(), "an ID stands twice");
    let called: Vec<&str> = OPERATIONS.iter().map(|call| call.info.id).collect();
    assert_eq!(called, ours.into_keys().collect::<Vec<_>>());
}

#[tokio::test]
async fn every_operation_sends_what_the_schema_says() {
    let spec = Spec::own();
    let transport = ScriptedTransport::new();
    let executor = Executor::builder()
        .api_key("key")
        .token("token")
        .transport(transport.clone())
        .build()
        .unwrap();
    let mut wrong = Vec::new();
    for (call, extent) in calls() {
        transport.json(200, empty_response(call.info));
        call.send(&executor, extent).await.unwrap();
        let received = transport.sent().pop().unwrap().into();
        if let Err(error) = check(&spec, call.info.id, extent, &received) {
            wrong.push(format!("{} ({extent:?}): {error:#}", call.info.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_operation_goes_over_a_socket() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let recorded = log.clone();
    let server = axum::Router::new().fallback(move |request| {
        let recorded = recorded.clone();
        async move {
            let received = record(request).await;
            recorded.lock().unwrap().push(received);
            ([(http::header::CONTENT_TYPE, "application/json")], any_response())
        }
    });
    tokio::spawn(async { axum::serve(listener, server).await });
    let executor = Executor::builder().api_key("key").token("token").base_url(url).build().unwrap();
    let spec = Spec::own();
    let mut wrong = Vec::new();
    for (call, extent) in calls() {
        call.send(&executor, extent).await.unwrap();
        let received = log.lock().unwrap().pop().unwrap();
        if let Err(error) = check(&spec, call.info.id, extent, &received) {
            wrong.push(format!("{} ({extent:?}): {error:#}", call.info.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns a response of an operation in which each member is `null`.
pub(crate) fn empty_response(info: OperationInfo) -> String {
    let (ResponseMembers::Required(names) | ResponseMembers::Optional(names)) = info.response
    else {
        panic!("{}: nothing is known of its response", info.id);
    };
    let members: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    Value::Object(members).to_string()
}

/// Returns a response to any operation: each member of every response as `null`.
fn any_response() -> String {
    let mut members: Map<String, Value> = stream_models::OPERATIONS
        .iter()
        .flat_map(|info| {
            serde_json::from_str::<Map<String, Value>>(&empty_response(*info)).unwrap()
        })
        .collect();
    members.insert("duration".to_owned(), "1ms".into());
    Value::Object(members).to_string()
}

#[tokio::test]
async fn a_body_that_is_not_the_response_is_an_error_and_a_sparse_one_is_not() {
    let transport = ScriptedTransport::new();
    let executor = Executor::builder()
        .api_key("key")
        .token("token")
        .transport(transport.clone())
        .build()
        .unwrap();
    for call in OPERATIONS {
        let required = matches!(call.info.response, ResponseMembers::Required(_));
        for (body, is_read) in [
            (empty_response(call.info), true),
            (r#"{"duration":"1ms"}"#.to_owned(), !required),
            ("{}".to_owned(), !required),
            ("null".to_owned(), !required),
            (r#"{"log in":"first"}"#.to_owned(), false),
        ] {
            transport.json(200, body.clone());
            let outcome = call.send(&executor, Extent::Minimal).await;
            assert_eq!(outcome.is_ok(), is_read, "{}: {body}", call.info.id);
        }
    }
}

#[test]
fn mistakes_in_requests_are_detected() {
    let spec = Spec::own();
    let outcome = |id: &str, path: &str, query: &str, body: &str| {
        let call = OPERATIONS.iter().find(|call| call.info.id == id).unwrap();
        let has_body = !body.is_empty();
        let received = Received {
            method: call.info.method.to_string(),
            path: path.to_owned(),
            query: query.to_owned(),
            content_type: has_body.then(|| "application/json".to_owned()),
            body: body.as_bytes().to_vec(),
        };
        check(&spec, call.info.id, Extent::Minimal, &received).map_err(|error| format!("{error:#}"))
    };
    let send = |body: &str| {
        let path = "/api/v2/chat/channels/text/kung%20fu%2F%C3%A9/message";
        outcome("SendMessage", path, "api_key=key", body)
    };
    let get = |query: &str| {
        outcome("GetManyMessages", "/api/v2/chat/channels/text/text/messages", query, "")
    };
    assert_eq!(send(r#"{"message":{"custom":{}}}"#), Ok(()));
    assert_eq!(get("api_key=key&ids=a%2Cb"), Ok(()));
    for (outcome, expected) in [
        (send(r#"{"message":{"custom":{"a":null}}}"#), "null in"),
        (send(r#"{"message":{"id":1}}"#), "message.id"),
        (send("{}"), "message: missing"),
        (send(""), "content type"),
        (get("api_key=key"), "ids is missing"),
        (get("ids=a"), "api_key"),
        (get("api_key=key&ids=a,b"), "not encoded"),
        (get("api_key=key&ids=a&ids=b"), "twice"),
        (get("api_key=key&ids=a&id=b"), "the schema has no"),
        (outcome("GetApp", "/api/v2/app", "api_key=key", "{}"), "body"),
        (outcome("GetApp", "/api/v2/apps", "api_key=key", ""), "no operation"),
        (outcome("GetApp", "/api/v2/tasks/text", "api_key=key", ""), "leads to GetTask"),
        (outcome("GetTask", "/api/v2/tasks/a+b", "api_key=key", ""), "{id} became"),
    ] {
        let error = outcome.unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

async fn record(request: axum::extract::Request) -> Received {
    let (head, body) = request.into_parts();
    let content_type = head.headers.get(http::header::CONTENT_TYPE);
    Received {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
        body: axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

fn calls() -> impl Iterator<Item = (&'static Call, Extent)> {
    let extents = |call| Extent::ALL.map(|extent| (call, extent));
    OPERATIONS.iter().flat_map(extents)
}

/// Compares a request with the operation of an ID.
pub(crate) fn check(spec: &Spec, id: &str, extent: Extent, received: &Received) -> Result<()> {
    let operation = spec
        .0
        .route(&received.method, &received.path)
        .with_context(|| format!("no operation for {} {}", received.method, received.path))?;
    ensure!(operation.id == id, "{} {} leads to {}", received.method, received.path, operation.id);
    check_path(operation, &received.path)?;
    check_query(spec, operation, extent, &received.query).context("query")?;
    check_body(spec, operation, extent, received).context("body")
}

/// Checks that each parameter is one encoded segment.
fn check_path(operation: &Operation, path: &str) -> Result<()> {
    for (template, segment) in operation.path.split('/').zip(path.split('/')) {
        if template.starts_with('{') {
            let text = percent_decode_str(segment).decode_utf8()?;
            let is_sample = ["text", "kung fu/é"].contains(&&*text)
                || segment.bytes().all(|byte| byte.is_ascii_lowercase());
            ensure!(is_sample, "{template} became {segment}");
            ensure!(segment.is_ascii() && !segment.contains(['+', ' ']), "{segment}");
        } else {
            ensure!(segment == template, "{segment} where {template} stands");
        }
    }
    Ok(())
}

fn check_query(spec: &Spec, operation: &Operation, extent: Extent, query: &str) -> Result<()> {
    let mut sent = BTreeMap::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').context("a parameter without value")?;
        ensure!(
            value.is_ascii() && !value.contains(['+', ',', '"', '[', '{', '/']),
            "{name} is not encoded: {value}"
        );
        let value = percent_decode_str(value).decode_utf8()?.into_owned();
        let former = sent.insert(percent_decode_str(name).decode_utf8()?.into_owned(), value);
        ensure!(former.is_none(), "{name} twice");
    }
    ensure!(sent.remove("api_key").as_deref() == Some("key"), "api_key");
    for parameter in operation.parameters_in(ParameterPlace::Query) {
        match sent.remove(&parameter.name) {
            Some(text) => check_parameter(spec, parameter, extent, &text)
                .with_context(|| format!("{} = {text}", parameter.name))?,
            None => ensure!(
                extent == Extent::Minimal && !parameter.required,
                "{} is missing",
                parameter.name
            ),
        }
    }
    ensure!(sent.is_empty(), "the schema has no {:?}", sent.keys());
    Ok(())
}

fn check_parameter(spec: &Spec, parameter: &Parameter, extent: Extent, text: &str) -> Result<()> {
    let schema = &parameter.schema;
    if parameter.json {
        return check_json(spec, schema, extent, text.as_bytes());
    }
    match spec.kind(schema) {
        Kind::List(items) => match spec.kind(items) {
            Kind::Object(_) => check_json(spec, schema, extent, text.as_bytes()),
            items => text
                .split(',')
                .filter(|item| !item.is_empty())
                .try_for_each(|item| check_scalar(items, item)),
        },
        kind => check_scalar(kind, text),
    }
}

fn check_scalar(kind: Kind<'_>, text: &str) -> Result<()> {
    match kind {
        Kind::Text => {}
        Kind::Enum(values) => ensure!(values.iter().any(|value| value == text), "not listed"),
        Kind::Bool => drop(text.parse::<bool>()?),
        Kind::Whole => drop(text.parse::<i64>()?),
        Kind::Float => drop(text.parse::<f64>()?),
        Kind::Time => {
            ensure!(text.contains('T'), "not RFC 3339");
            text.parse::<stream_models::Timestamp>()?;
        }
        // Those of parameters are sent as texts.
        Kind::Union(_) => {}
        other => bail!("a parameter of the kind {other:?}"),
    }
    Ok(())
}

fn check_body(
    spec: &Spec,
    operation: &Operation,
    extent: Extent,
    received: &Received,
) -> Result<()> {
    let Some(body) = &operation.body else {
        ensure!(received.body.is_empty(), "there is one, of {} bytes", received.body.len());
        ensure!(received.content_type.is_none(), "a content type without one");
        return Ok(());
    };
    ensure!(
        !matches!(operation.method.as_str(), "get" | "delete"),
        "the schema gives one to a {}",
        operation.method
    );
    let content_type = received.content_type.as_deref().unwrap_or_default();
    if body.is_raw {
        ensure!(!content_type.is_empty(), "no content type");
        return Ok(());
    }
    if body.multipart {
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .with_context(|| format!("content type {content_type:?}"))?;
        return check_form(spec, &body.schema, extent, boundary, &received.body);
    }
    let expected = body.media.as_deref().unwrap_or("application/json");
    ensure!(content_type == expected, "content type {content_type:?}");
    let reference = serde_json::json!({ "$ref": format!("#/components/schemas/{}", body.schema) });
    check_json(spec, &reference, extent, &received.body)
}

/// Checks for JSON without null in the shape of the schema, with every member for a full extent.
fn check_json(spec: &Spec, schema: &Value, extent: Extent, json: &[u8]) -> Result<()> {
    let value: Value = serde_json::from_slice(json).context("not JSON")?;
    ensure!(!has_null(&value), "null in {value}");
    let check = |schema: &Value, value: &Value| {
        if let Some(name) = schema["$ref"].as_str().and_then(stream_spec::reference_name) {
            spec.0.check_sent(name, value)?;
        }
        if extent == Extent::Full
            && let Kind::Object(object) = spec.kind(schema)
        {
            for (name, _) in object.members() {
                ensure!(value.get(name).is_some(), "{name} is not sent");
            }
        }
        Ok(())
    };
    match spec.kind(schema) {
        Kind::List(items) => {
            let list = value.as_array().context("not a list")?;
            list.iter().try_for_each(|item| check(items, item))
        }
        _ => check(schema, &value),
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(object) => object.values().any(has_null),
        _ => false,
    }
}

/// Checks that the parts are the members of the schema, and that the file has a name and a media
/// type.
fn check_form(
    spec: &Spec,
    schema: &str,
    extent: Extent,
    boundary: &str,
    body: &[u8],
) -> Result<()> {
    let text = std::str::from_utf8(body)?;
    let closing = format!("--{boundary}--\r\n");
    let text = text.strip_suffix(&closing).context("no closing boundary")?;
    let object = spec.object(schema);
    let mut names = BTreeSet::new();
    for part in text.split(&format!("--{boundary}\r\n")).skip(1) {
        let (head, content) = part.split_once("\r\n\r\n").context("a part without head")?;
        let content = content.strip_suffix("\r\n").context("a part without end")?;
        let name = head
            .split("; name=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .with_context(|| format!("a part without name: {head}"))?;
        ensure!(names.insert(name.to_owned()), "{name} twice");
        let (_, member) = object
            .members()
            .find(|(member, _)| *member == name)
            .with_context(|| format!("the schema has no {name}"))?;
        let head = head.to_ascii_lowercase();
        if name == "file" {
            ensure!(head.contains("; filename=\""), "{head}");
            ensure!(head.contains("content-type: "), "{head}");
            ensure!(content == "content", "the file became {content}");
        } else {
            check_json(spec, member, extent, content.as_bytes())
                .with_context(|| name.to_owned())?;
        }
    }
    for (name, _) in object.members() {
        let is_needed = extent == Extent::Full || name == "file";
        ensure!(names.contains(name) || !is_needed, "{name} is missing");
    }
    Ok(())
}
