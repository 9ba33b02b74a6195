//! Calls of all kinds through chaos.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::proxy::ChaosProxy;
use super::random::Random;
use super::{HANGS, Said, TRANSPORTS, client, eventually, files, seeds, tasks};
use crate::support;
use stream_chat::models::members::MemberFilter;
use stream_chat::models::users;
use stream_chat::transport::Response;
use stream_chat::{Client, Error, MessageRequest, Upload};
use stream_emulator::Emulator;

/// What a call was to do, once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Effect {
    /// A message with this text in the channel.
    Message {
        channel: String,
        text: String,
    },
    Reaction {
        message: String,
        kind: String,
    },
    Member {
        channel: String,
        user: String,
    },
    /// Nothing that the state shows.
    Other,
}

/// What a client said about one call.
#[derive(Debug)]
struct Record {
    what: &'static str,
    effect: Effect,
    said: Said,
    request_id: String,
    #[expect(dead_code, reason = "an assertion that fails shows it")]
    error: Option<String>,
}

type Records = Arc<Mutex<Vec<Record>>>;

/// One task: its channel, and what it has found out.
struct Caller {
    client: Client,
    channel: String,
    random: Random,
    records: Records,
    /// The IDs of messages that are there.
    sent: Vec<(String, String)>,
}

impl Caller {
    fn record<T>(&self, what: &'static str, effect: Effect, result: &Result<Response<T>, Error>) {
        let (request_id, error) = match result {
            Ok(response) => (response.request_id().to_owned(), None),
            Err(error) => (error.request_id().unwrap().to_owned(), Some(error.to_string())),
        };
        let said = Said::of(result);
        self.records.lock().unwrap().push(Record { what, effect, said, request_id, error });
    }

    async fn call(&mut self, number: usize) {
        let channel = self.client.channel("messaging", &self.channel);
        let name = format!("{}-{number}", self.channel);
        let known = match self.sent.is_empty() {
            true => None,
            false => Some(self.sent[self.random.below(self.sent.len())].clone()),
        };
        match (self.random.below(10), known) {
            (0..=1, _) | (_, None) => {
                let message = MessageRequest::from(name.as_str()).user_id("john");
                let result = channel.send_message(message).await;
                if let Ok(response) = &result {
                    assert_eq!(response.message.text, name);
                    self.sent.push((response.message.id.clone(), name.clone()));
                }
                let effect = Effect::Message { channel: self.channel.clone(), text: name };
                self.record("send", effect, &result);
            }
            (2, _) => {
                let message = MessageRequest::from(name.as_str()).id(&name).user_id("john");
                let result = channel.send_message(message).await;
                if let Ok(response) = &result {
                    assert_eq!((&response.message.id, &response.message.text), (&name, &name));
                    self.sent.push((name.clone(), name.clone()));
                }
                let effect = Effect::Message { channel: self.channel.clone(), text: name };
                self.record("send with an ID", effect, &result);
            }
            (3, Some((id, text))) => {
                let result = self.client.message(&id).get().await;
                match &result {
                    Ok(response) => {
                        assert_eq!((&response.message.id, &response.message.text), (&id, &text));
                    }
                    Err(error) => assert!(!error.is_not_found(), "{id}: {error}"),
                }
                self.record("get", Effect::Other, &result);
            }
            (4, Some((id, _))) => {
                let result = self.client.message(&id).react(&name, "john").await;
                if let Ok(response) = &result {
                    assert_eq!(response.reaction.type_, name);
                }
                self.record("react", Effect::Reaction { message: id, kind: name }, &result);
            }
            (5, _) => {
                let user = format!("user-{number}");
                let result = channel.add_members([user.as_str()]).in_flight(1).await;
                let effect = Effect::Member { channel: self.channel.clone(), user };
                let result = result.map(|responses| responses.into_iter().next().unwrap());
                self.record("add a member", effect, &result);
            }
            (6, _) => {
                let file = Upload::bytes(format!("{name}.txt"), name.repeat(400).into_bytes());
                let result = self.client.upload_file(file, "john").await;
                if let Ok(response) = &result {
                    assert!(response.file.contains(&name), "{}", response.file);
                }
                self.record("upload", Effect::Other, &result);
            }
            (7, _) => {
                let result = channel.update_partial().set("name", name.as_str()).await;
                self.record("update", Effect::Other, &result);
            }
            (8, _) => {
                let filter = users::UserFilter::id().eq("john");
                let result = self.client.query_users(filter).await;
                if let Ok(response) = &result {
                    assert_eq!(response.users[0].id, "john");
                }
                self.record("query", Effect::Other, &result);
            }
            _ => {
                let result = self.client.polls().create(&name, "john").await;
                if let Ok(response) = &result {
                    assert_eq!(response.poll.name, name);
                }
                self.record("create a poll", Effect::Other, &result);
            }
        }
    }
}

/// The number of tasks that share a client.
const TASKS: usize = 64;

/// Sends `count` calls in each task through one proxy, and compares what the client said with what
/// the emulator has. Returns the number of calls that succeeded.
async fn run(transport: &str, seed: u64, count: usize) -> usize {
    let emulator = Emulator::start().await.unwrap();
    let direct = support::client(&emulator);
    let people = (0..count).map(|number| format!("user-{number}")).chain(["john".to_owned()]);
    direct.upsert_users(people).await.unwrap();
    for number in 0..TASKS {
        let channel = direct.channel("messaging", format!("channel-{number}"));
        channel.get_or_create().created_by("john").await.unwrap();
    }
    emulator.clear_requests();
    drop(direct);
    eventually("the emulator is idle", || tasks() <= 4).await;
    let (tasks_before, files_before) = (tasks(), files());

    let proxy = ChaosProxy::start(emulator.address(), seed).await;
    let shared = client(&emulator, &proxy, transport);
    let records = Records::default();
    let mut callers = JoinSet::new();
    for number in 0..TASKS {
        let mut caller = Caller {
            client: shared.clone(),
            channel: format!("channel-{number}"),
            random: Random::new(seed, 1_000_000 + number as u64),
            records: records.clone(),
            sent: Vec::new(),
        };
        callers.spawn(async move {
            for number in 0..count {
                timeout(HANGS, caller.call(number)).await.expect("a call hangs");
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.unwrap();
    }
    drop(shared);
    drop(proxy);
    let context = format!("{transport}, seed {seed}");
    eventually(&format!("all tasks end: {context}"), || tasks() <= tasks_before).await;
    if std::env::var_os("SOAK_SEEDS").is_some() {
        eventually(&format!("all files are closed: {context}"), || files() <= files_before).await;
    }

    let records = std::mem::take(&mut *records.lock().unwrap());
    check(&emulator, &records, &context).await;
    emulator.shutdown().await;
    records.iter().filter(|record| record.said == Said::Done).count()
}

async fn check(emulator: &Emulator, records: &[Record], context: &str) {
    // By the requests.
    let mut arrived: HashMap<String, usize> = HashMap::new();
    for request in emulator.requests() {
        if let Some(id) = request.header("x-client-request-id") {
            *arrived.entry(id.to_owned()).or_default() += 1;
        }
    }
    let repeats = |what| matches!(what, "get" | "query" | "update" | "send with an ID");
    for record in records {
        let times = arrived.get(&record.request_id).copied().unwrap_or(0);
        let times = if repeats(record.what) { times.min(1) } else { times };
        assert!(record.said.is_true(times), "{context}: arrived {times} times: {record:?}");
    }

    // By the state.
    let direct = support::client(emulator);
    let mut there: HashMap<Effect, usize> = HashMap::new();
    for number in 0..TASKS {
        let id = format!("channel-{number}");
        let channel = direct.channel("messaging", &id);
        let mut members = channel.query_members(MemberFilter::all()).items();
        while let Some(member) = members.next().await.unwrap() {
            let effect = Effect::Member { channel: id.clone(), user: member.user_id.unwrap() };
            *there.entry(effect).or_default() += 1;
        }
        let state = channel.get().messages_limit(300).await.unwrap();
        for message in state.into_inner().messages {
            for (kind, times) in &message.reaction_counts {
                let effect = Effect::Reaction { message: message.id.clone(), kind: kind.clone() };
                *there.entry(effect).or_default() += *times as usize;
            }
            let effect = Effect::Message { channel: id.clone(), text: message.text };
            *there.entry(effect).or_default() += 1;
        }
    }
    for record in records.iter().filter(|record| record.effect != Effect::Other) {
        let times = there.remove(&record.effect).unwrap_or(0);
        assert!(record.said.is_true(times), "{context}: is there {times} times: {record:?}");
    }
    there.retain(|effect, _| !matches!(effect, Effect::Member { user, .. } if user == "john"));
    assert!(there.is_empty(), "{context}: nobody asked for {there:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_reported_is_what_happened() {
    for transport in TRANSPORTS {
        let succeeded = run(transport, 1, 5).await;
        assert!((1..TASKS * 5).contains(&succeeded), "{transport}: {succeeded}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs for minutes"]
async fn what_is_reported_is_what_happened_for_many_seeds() {
    for seed in seeds() {
        for transport in TRANSPORTS {
            let started = std::time::Instant::now();
            let succeeded = run(transport, seed, 50).await;
            println!("{transport}, seed {seed}: {succeeded} succeed, {:?}", started.elapsed());
        }
    }
}
