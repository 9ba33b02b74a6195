//! Every method of the chat layer sends what the schema describes, and its setters reach every
//! field.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::generated::verbs::VERBS;
use crate::operations::{Received, check, empty_response};
use crate::support::{Extent, Set, Spec, Verb};
use stream_chat::Client;
use stream_http::transport::testing::ScriptedTransport;
use stream_spec::{ParameterPlace, Verbs, workspace_root};

/// Fields without a setter of their name: objects of which only the ID is set, and the whole query.
const NOT_SET: [&str; 1] = ["payload"];

#[tokio::test]
async fn every_method_sends_what_the_schema_says() {
    let spec = Spec::own();
    let table = Verbs::load(&workspace_root().join("spec")).unwrap();
    let transport = ScriptedTransport::new();
    let client = Client::builder("key", "secret").transport(transport.clone()).build().unwrap();
    let infos: BTreeMap<&str, _> =
        stream_models::OPERATIONS.iter().map(|info| (info.id, *info)).collect();
    let ids: Vec<&str> = VERBS.iter().map(|verb| verb.id).collect();
    // An operation that was just imported has no row yet, for which a test of xtask asks.
    let rows: BTreeSet<&str> = table.iter().map(|(.., verb)| verb.operation.as_str()).collect();
    assert_eq!(ids, Vec::from_iter(rows), "each operation once");
    let mut wrong = Vec::new();
    for verb in VERBS {
        for set in Set::ALL {
            transport.json(200, empty_response(infos[verb.id]));
            (verb.call)(&client, set).await.unwrap();
            let sent = transport.sent();
            let received = Received::from(sent.last().cloned().unwrap());
            if let Err(error) = check_verb(&spec, &table, verb, set, &received) {
                wrong.push(format!("{} ({set:?}): {error:#}", verb.id));
            }
        }
    }
    assert_eq!(transport.sent().len(), 3 * VERBS.len(), "one request for each call");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check_verb(
    spec: &Spec,
    table: &Verbs,
    verb: &Verb,
    set: Set,
    received: &Received,
) -> Result<()> {
    if set == Set::Cleared && !verb.cleared.is_empty() {
        let body: Value = serde_json::from_slice(&received.body)?;
        for name in verb.cleared {
            ensure!(body.get(*name) == Some(&Value::Null), "{name} is not null in {body}");
        }
        return Ok(());
    }
    check(spec, verb.id, Extent::Minimal, received)?;
    if set != Set::All {
        return Ok(());
    }
    let row = table.iter().find(|(_, _, row)| row.operation == verb.id).context("no row")?.2;
    let is_left_out = |name: &str| NOT_SET.contains(&name) || row.skip.iter().any(|s| s == name);
    let operation = spec.0.route(&received.method, &received.path).context("no operation")?;
    let query: BTreeMap<String, String> = received
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            (name.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned())
        })
        .collect();
    for parameter in operation.parameters_in(ParameterPlace::Query) {
        let name = &parameter.name;
        ensure!(query.contains_key(name) || is_left_out(name), "no setter for {name}");
    }
    if let Some(payload) = query.get("payload") {
        let parameter = operation.parameters_in(ParameterPlace::Query).next().context("none")?;
        let reference = parameter.schema["$ref"].as_str().unwrap_or_default();
        let name = stream_spec::reference_name(reference).context("no payload")?;
        let prefixed = |name: &str| row.skip.contains(&format!("payload.{name}"));
        check_members(spec, name, &serde_json::from_str(payload)?, &prefixed)?;
    }
    if let Some(body) = operation.body.as_ref().filter(|body| !body.multipart) {
        check_members(spec, &body.schema, &serde_json::from_slice(&received.body)?, &is_left_out)?;
    }
    Ok(())
}

/// Checks that every member of the schema is present, except for whole users whose ID is.
fn check_members(
    spec: &Spec,
    schema: &str,
    sent: &Value,
    is_left_out: &dyn Fn(&str) -> bool,
) -> Result<()> {
    let document = &spec.0.schemas;
    let Some(schema) = document.get(schema) else { return Ok(()) };
    let Some(properties) = schema.value.get("properties").and_then(Value::as_object) else {
        return Ok(());
    };
    for name in properties.keys() {
        let is_user = sent.get(format!("{name}_id")).is_some();
        ensure!(
            sent.get(name).is_some() || is_user || is_left_out(name),
            "no setter for {name}: {sent}"
        );
    }
    Ok(())
}

#[test]
fn every_operation_is_found_by_its_id() {
    let folder = workspace_root().join("crates/stream-chat/src/generated/handles");
    let files = std::fs::read_dir(folder).unwrap();
    let text: String =
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let table = Verbs::load(&workspace_root().join("spec")).unwrap();
    for (.., verb) in table.iter() {
        let id = &verb.operation;
        let count = text.matches(&format!("#[doc(alias = {id:?})]")).count();
        // An alias must differ from the name.
        let is_name = text.contains(&format!("    pub fn {id}("));
        assert_eq!(count, usize::from(!is_name), "{id}");
    }
}
