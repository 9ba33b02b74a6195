//! A client with its own emulator, and the operations that a journey has verified.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support;
use stream_chat::auth::{ApiSecret, TokenSigner};
use stream_chat::{BulkResponse, Client, Error, Response};
use stream_emulator::{Emulator, EmulatorBuilder};
use stream_models::Cid;

/// The operations that succeeded.
type Succeeded = Arc<Mutex<BTreeSet<&'static str>>>;

/// A client with its own emulator.
pub(super) struct Journey {
    pub(super) client: Client,
    pub(super) emulator: Emulator,
    succeeded: Succeeded,
    proved: BTreeSet<&'static str>,
}

impl Journey {
    pub(super) async fn new() -> Result<Self> {
        Self::with(Emulator::builder()).await
    }

    /// Creates a client with an emulator whose tasks are reported as running for this many polls.
    pub(super) async fn with_slow_tasks(polls: u32) -> Result<Self> {
        Self::with(Emulator::builder().task_polls(polls)).await
    }

    async fn with(builder: EmulatorBuilder) -> Result<Self> {
        let succeeded = Succeeded::default();
        let seen = Arc::clone(&succeeded);
        let emulator = builder
            .on_exchange(move |exchange| {
                if let Some(operation) = exchange.operation.filter(|_| exchange.status.is_success())
                {
                    seen.lock().unwrap().insert(operation);
                }
            })
            .start()
            .await?;
        let client = Client::builder(emulator.api_key(), emulator.api_secret())
            .base_url(emulator.base_url())
            .build()?;
        Ok(Self { client, emulator, succeeded, proved: BTreeSet::new() })
    }

    /// Records that operations have verified each other: all succeeded, and the result is their
    /// combined effect on the state.
    pub(super) fn proves<const N: usize>(
        &mut self,
        operations: [&'static str; N],
        found: impl Into<Value>,
        expected: impl Into<Value>,
    ) -> Result<()> {
        let (found, expected) = (found.into(), expected.into());
        ensure!(N > 1, "{operations:?} prove nothing alone");
        ensure!(found == expected, "{operations:?}: {found} is not {expected}");
        let succeeded = self.succeeded.lock().unwrap();
        for operation in operations {
            ensure!(succeeded.contains(operation), "{operation} was not succeeded with success");
        }
        drop(succeeded);
        self.proved.extend(operations);
        Ok(())
    }

    /// Records an operation whose effect no other operation shows: the state itself contains a
    /// record of this kind with these fields.
    pub(super) fn keeps(
        &mut self,
        operation: &'static str,
        kind: &str,
        expected: &Value,
    ) -> Result<()> {
        let state = serde_json::to_value(self.emulator.snapshot())?;
        let kept = state["records"][kind].as_object().into_iter().flatten();
        let is_kept = kept.map(|(_, record)| &record["fields"]).any(|fields| fields == expected);
        ensure!(is_kept, "{operation}: no {kind} is {expected}");
        ensure!(self.succeeded.lock().unwrap().contains(operation), "{operation} did not succeed");
        self.proved.insert(operation);
        Ok(())
    }

    /// Adds what another journey has verified.
    pub(super) fn adopt(&mut self, other: Self) {
        self.proved.extend(other.proved);
    }

    /// Returns the operations that were verified.
    pub(super) fn into_proved(self) -> BTreeSet<&'static str> {
        self.proved
    }

    /// Creates users with these IDs.
    pub(super) async fn users<const N: usize>(&self, ids: [&str; N]) -> Result<()> {
        self.client.upsert_users(ids).await?;
        Ok(())
    }

    /// Creates `messaging:general` with these members, of whom the first one is the creator.
    pub(super) async fn general(&self, members: &[&str]) -> Result<stream_chat::Channel> {
        let maker = *members.first().context("a channel has a maker")?;
        let channel = self.client.channel("messaging", "general");
        channel.get_or_create().created_by(maker).members(members.iter().copied()).await?;
        Ok(channel)
    }

    /// Sends a text to `messaging:general`, and returns the ID of the message.
    pub(super) async fn text(&self, user_id: &str, text: &str) -> Result<String> {
        let message = stream_chat::MessageRequest::from(text).user_id(user_id);
        let sent = self.client.channel("messaging", "general").send_message(message).await?;
        Ok(sent.message.id.clone())
    }

    /// Returns the full ID of `messaging:general`.
    pub(super) fn cid() -> Cid {
        "messaging:general".parse().unwrap()
    }

    /// Returns the emulator's status for a plain request for a file.
    pub(super) async fn status_of(&self, method: &str, url: &str, body: &str) -> Result<u16> {
        let target = url.strip_prefix(self.emulator.base_url()).context("a URL of the emulator")?;
        self.bare(method, target, "", body).await
    }

    /// Sends an operation without a method in the chat layer, since the schema does not list it.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<()> {
        let secret = ApiSecret::new(self.emulator.api_secret())?;
        let token = TokenSigner::new(&secret).server_token();
        let target = format!("{path}?api_key={}", self.emulator.api_key());
        let headers =
            format!("authorization: {}\r\nstream-auth-type: jwt\r\n", token.expose_secret());
        let status = self.bare("POST", &target, &headers, &body.to_string()).await?;
        ensure!(status == 201, "{path} is succeeded with {status}");
        Ok(())
    }

    async fn bare(&self, method: &str, target: &str, headers: &str, body: &str) -> Result<u16> {
        let mut stream = TcpStream::connect(self.emulator.address()).await?;
        let length = body.len();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: emulator\r\nconnection: close\r\n{headers}\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.split(' ').nth(1).context("a status")?.parse()?)
    }
}

/// Sends a request, and encodes the response again as JSON.
pub(super) async fn ask<T: Serialize>(
    request: impl IntoFuture<Output = Result<Response<T>, Error>>,
) -> Result<Value> {
    Ok(support::json(&*request.await?)?)
}

/// Sends one or more requests, and encodes the first response again as JSON.
pub(super) async fn ask_each<T: Serialize>(
    requests: impl IntoFuture<Output = Result<BulkResponse<T>, Error>>,
) -> Result<Value> {
    let responses = requests.await?;
    Ok(support::json(&**responses.first().context("no request was sent")?)?)
}

/// Returns a string of a response, such as an ID.
pub(super) fn id(value: &Value) -> Result<String> {
    Ok(value.as_str().context("not a text")?.to_owned())
}
