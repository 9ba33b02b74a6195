//! Every operation of the API is emulated, or responds with 501.

use std::collections::BTreeSet;

use http::Method;
use serde_json::json;

use crate::support::{Setup, schema};

#[tokio::test]
async fn unemulated_operations_return_501() {
    let setup = Setup::new().await;
    let emulated: BTreeSet<&str> = stream_emulator::emulated_operations().collect();
    let mut refused = 0;
    for (method, path, id) in schema::operations() {
        if emulated.contains(id.as_str()) {
            continue;
        }
        let path: String = path.replace(['{', '}'], "");
        let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
        let text = setup.fail(method, &path, body, 501, -1).await;
        assert!(text.contains(&id) && text.contains("not emulated"), "{text}");
        refused += 1;
    }
    assert_eq!(refused + emulated.len(), stream_emulator::all_operations().count());
}

#[test]
fn the_catalogue_is_the_schema() {
    let known: BTreeSet<&str> = stream_emulator::all_operations().collect();
    let operations = schema::operations();
    let of_schema: BTreeSet<&str> = operations.iter().map(|(_, _, id)| id.as_str()).collect();
    assert_eq!(known, of_schema);
    for id in stream_emulator::emulated_operations() {
        assert!(known.contains(id), "{id}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_errors() {
    let setup = Setup::new().await;
    setup.fail(Method::GET, "/api/v2/nowhere", None, 404, 16).await;
    setup.fail(Method::GET, "/", None, 404, 16).await;
    setup.fail(Method::PUT, "/api/v2/app", None, 405, 16).await;
}

#[tokio::test]
async fn a_refusal_asks_for_the_token_first() {
    let setup = Setup::new().await;
    let path = "/api/v2/polls";
    let reply = setup.call_as("nonsense", Method::POST, path, Some(json!({}))).await;
    reply.assert_error(401, 5);
}

#[test]
fn the_readme_names_what_is_emulated() {
    let readme = include_str!("../../README.md");
    for id in stream_emulator::emulated_operations() {
        let is_named = readme.contains(&format!(" {id},")) || readme.contains(&format!(" {id} |"));
        assert!(is_named, "{id}");
    }
}
