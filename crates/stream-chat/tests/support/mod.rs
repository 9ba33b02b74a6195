//! A client with its own emulator.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use serde_json::{Map, Value};

use stream_chat::Client;
use stream_chat::models::{OPERATIONS, ResponseMembers};
use stream_chat::transport::testing::ScriptedTransport;
use stream_emulator::Emulator;

/// Starts an emulator, with a client that connects to it.
pub(crate) async fn start() -> (Emulator, Client) {
    let emulator = Emulator::start().await.unwrap();
    let client = client(&emulator);
    (emulator, client)
}

pub(crate) fn client(emulator: &Emulator) -> Client {
    Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()
        .unwrap()
}

/// Creates users with these IDs.
pub(crate) async fn users<const N: usize>(client: &Client, ids: [&str; N]) {
    client.upsert_users(ids).await.unwrap();
}

/// Returns a client that gets prepared responses.
pub(crate) fn scripted() -> (ScriptedTransport, Client) {
    let transport = ScriptedTransport::new();
    let client = Client::builder("key", "secret").transport(transport.clone()).build().unwrap();
    (transport, client)
}

/// Returns the JSON bodies that were sent, `null` for requests without one.
pub(crate) fn bodies(transport: &ScriptedTransport) -> Vec<Value> {
    let sent = transport.sent();
    sent.iter().map(|request| serde_json::from_slice(&request.body).unwrap_or_default()).collect()
}

/// Drops a future after this number of polls, unless it is ready before.
pub(crate) async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Returns a response to any request, with every member of every response as `null`.
pub(crate) fn anything() -> String {
    let names = OPERATIONS.iter().flat_map(|info| match info.response {
        ResponseMembers::Required(names) | ResponseMembers::Optional(names) => names,
        _ => &[],
    });
    let mut members: Map<String, Value> =
        names.map(|name| ((*name).to_owned(), Value::Null)).collect();
    members.insert("duration".to_owned(), "1ms".into());
    Value::Object(members).to_string()
}
