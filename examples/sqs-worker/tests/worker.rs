//! Runs the worker against a substitute for SQS and a Redis server, both started here. `cargo xtask
//! test-sqs` installs the substitute and runs this.

#![cfg(test)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, thread};

use anyhow::{Result, bail};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_sqs::config::{
    BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_sqs::error::BoxError;
use aws_sdk_sqs::types::QueueAttributeName;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use sqs_worker::{Event, Webhook, Worker};
use stream_chat::webhook::{Claim, DuplicateFilter};
use stream_redis::RedisWebhooks;

/// The variable with the path of the substitute for SQS.
const MOTO_SERVER: &str = "MOTO_SERVER";
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that is killed when this is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(program: &str, arguments: impl Fn(&str) -> Vec<String>) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(program)
            .args(arguments(&port.to_string()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
        let server = Self { process, port };
        for _ in 0..1200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{program} does not listen");
    }

    fn redis() -> Self {
        Self::start("redis-server", |port| {
            let temporary = env::temp_dir().display().to_string();
            let arguments =
                ["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", &temporary];
            arguments.map(str::to_owned).to_vec()
        })
    }

    fn sqs() -> Self {
        let program = env::var(MOTO_SERVER).expect("run this with `cargo xtask test-sqs`");
        Self::start(&program, |port| ["-H", "127.0.0.1", "-p", port].map(str::to_owned).to_vec())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lets the first deletions fail, each with all its attempts.
#[derive(Debug, Clone)]
struct Failing {
    deletions: Arc<AtomicUsize>,
    failures: usize,
}

impl Intercept for Failing {
    fn name(&self) -> &'static str {
        "Failing"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_deletion =
            context.request().headers().get("x-amz-target") == Some("AmazonSQS.DeleteMessage");
        if is_deletion && self.deletions.fetch_add(1, Ordering::SeqCst) < self.failures {
            return Err("the deletion does not arrive".into());
        }
        Ok(())
    }
}

/// A queue with the setup of its workers.
struct Setup {
    client: Client,
    queue_url: String,
    failing: Failing,
    redis: Server,
    sqs: Server,
}

impl Setup {
    async fn new() -> Self {
        Self::with_failing_deletions(0).await
    }

    async fn with_failing_deletions(failures: usize) -> Self {
        let failing = Failing { deletions: Arc::default(), failures };
        let (redis, sqs) = (Server::redis(), Server::sqs());
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(format!("http://127.0.0.1:{}", sqs.port))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .interceptor(failing.clone())
            .build();
        let client = Client::from_conf(config);
        let queue = client.create_queue().queue_name("stream-events").send().await.unwrap();
        let queue_url = queue.queue_url.unwrap();
        Self { client, queue_url, failing, redis, sqs }
    }

    async fn send(&self, body: impl Into<String>) -> String {
        let sent = self.client.send_message().queue_url(&self.queue_url).message_body(body);
        sent.send().await.unwrap().message_id.unwrap()
    }

    async fn leases(&self) -> RedisWebhooks {
        let url = format!("redis://127.0.0.1:{}/", self.redis.port);
        RedisWebhooks::connect(&url).await.unwrap().lease(sqs_worker::LEASE)
    }

    /// Starts a worker, and returns the means to stop it.
    async fn work(&self, log: &Log) -> (oneshot::Sender<()>, JoinHandle<()>) {
        self.work_for(log, sqs_worker::VISIBILITY, None).await
    }

    /// Starts a worker to which messages are visible again after some time, and whose handler waits
    /// at a gate.
    async fn work_for(
        &self,
        log: &Log,
        visibility: Duration,
        gate: Option<Arc<Semaphore>>,
    ) -> (oneshot::Sender<()>, JoinHandle<()>) {
        let log = log.clone();
        let handler = move |webhook| {
            let (log, gate) = (log.clone(), gate.clone());
            async move {
                let handled = log.handle(&webhook);
                if let Some(gate) = gate {
                    gate.acquire().await?.forget();
                }
                handled
            }
        };
        let leases = self.leases().await.lease(visibility);
        let worker = Worker::new(self.client.clone(), &self.queue_url, leases, handler);
        let worker = worker.visibility(visibility);
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            worker.run_until(async move { drop(stopped.await) }).await;
        });
        (stop, running)
    }

    /// Returns the number of visible and of hidden messages in the queue.
    async fn left(&self) -> (u32, u32) {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let asked = self.client.get_queue_attributes().queue_url(&self.queue_url);
        let asked = asked.set_attribute_names(Some(names.to_vec())).send().await.unwrap();
        let counts = asked.attributes.unwrap();
        let [visible, hidden] = names.map(|name| counts.get(&name).unwrap().parse().unwrap());
        (visible, hidden)
    }
}

/// The event of the text `packed` as base64 of gzip.
const PACKED: &str = "H4sIAAAAAAACA6tWKqksSFWyUspNLS5OTE/Vy0stV9KB8ZSsqpVKUitKgPIFicnZqSlAqdLi1CKQeGYKUDQrMS9Vqba2FgDAY+G/RwAAAA==";

/// The handled messages by text. One text fails, and one panics.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<HashMap<String, u32>>>);

impl Log {
    fn handle(&self, webhook: &Webhook) -> Result<()> {
        let Event::MessageNew(event) = &webhook.payload else { bail!("another event") };
        let mut log = self.0.lock().unwrap();
        let times = log.entry(event.message.text.clone()).or_default();
        *times += 1;
        if event.message.text == "fails" {
            bail!("the database is away");
        }
        if event.message.text == "panics" {
            drop(log);
            panic!("a mistake in the handler");
        }
        Ok(())
    }

    fn times(&self, text: &str) -> u32 {
        self.0.lock().unwrap().get(text).copied().unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

fn event(text: &str) -> String {
    format!(r#"{{"type":"message.new","message":{{"text":"{text}","user":{{"id":"jane"}}}}}}"#)
}

/// Wraps an event like SNS for a subscribed queue.
fn in_envelope(event: &str) -> String {
    let event = event.replace('"', "\\\"");
    format!(r#"{{"Type":"Notification","MessageId":"m","TopicArn":"t","Message":"{event}"}}"#)
}

/// Waits until a condition holds.
async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let waits = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}

#[tokio::test]
async fn several_workers_handle_each_event_once_and_delete_it() {
    let setup = Setup::new().await;
    for number in 0..40 {
        setup.send(event(&format!("message {number}"))).await;
    }
    let log = Log::default();
    let workers = [setup.work(&log).await, setup.work(&log).await, setup.work(&log).await];
    until("all are handled", || async { log.len() == 40 }).await;
    until("all are deleted", || async { setup.left().await == (0, 0) }).await;
    for number in 0..40 {
        assert_eq!(log.times(&format!("message {number}")), 1);
    }
    for (stop, running) in workers {
        drop(stop);
        tokio::time::timeout(PATIENCE, running).await.expect("the worker stops").unwrap();
    }
}

#[tokio::test]
async fn what_was_handled_before_is_deleted_and_what_cannot_be_handled_stays() {
    let setup = Setup::new().await;
    let before = setup.send(event("handled before")).await;
    let fails = setup.send(event("fails")).await;
    setup.send("this is not JSON").await;
    setup.send(event("good")).await;
    setup.send(PACKED).await;
    setup.send(in_envelope(&event("from a topic"))).await;
    let panics = setup.send(event("panics")).await;

    let leases = setup.leases().await;
    let Claim::New(token) = leases.claim(&before).await.unwrap() else { panic!("it is new") };
    leases.confirm(&before, &token).await.unwrap();

    let log = Log::default();
    let (stop, running) = setup.work(&log).await;
    until("four are deleted and three hidden", || async { setup.left().await == (0, 3) }).await;
    drop(stop);
    tokio::time::timeout(PATIENCE, running).await.expect("the worker stops").unwrap();
    assert_eq!(log.times("handled before"), 0);
    assert_eq!(log.times("fails"), 1);
    for text in ["good", "packed", "from a topic", "panics"] {
        assert_eq!(log.times(text), 1, "{text}");
    }
    // Their leases were released, so the next receiver handles them.
    for id in [&fails, &panics] {
        until("it is released", || async {
            matches!(leases.claim(id).await.unwrap(), Claim::New(_))
        })
        .await;
    }
}

#[tokio::test]
async fn without_redis_messages_wait() {
    let setup = Setup::new().await;
    let log = Log::default();
    let leases = setup.leases().await;
    let Setup { client, queue_url, redis, sqs: _sqs, .. } = setup;
    drop(redis);
    let handled = log.clone();
    let worker = Worker::new(client.clone(), &queue_url, leases, move |webhook| {
        let handled = handled.clone();
        async move { handled.handle(&webhook) }
    });
    client.send_message().queue_url(&queue_url).message_body(event("early")).send().await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move {
        worker.run_until(async move { drop(stopped.await) }).await;
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    drop(stop);
    tokio::time::timeout(PATIENCE, running).await.expect("the worker stops").unwrap();
    assert_eq!(log.len(), 0);
    let attribute = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
    let asked =
        client.get_queue_attributes().queue_url(&queue_url).attribute_names(attribute.clone());
    let asked = asked.send().await.unwrap();
    assert_eq!(asked.attributes.unwrap().get(&attribute).map(String::as_str), Some("1"));
}

/// The visibility in tests in which messages are received again.
const SHORT: Duration = Duration::from_secs(3);

async fn stop((stop, running): (oneshot::Sender<()>, JoinHandle<()>)) {
    drop(stop);
    tokio::time::timeout(PATIENCE, running).await.expect("the worker stops").unwrap();
}

#[tokio::test]
async fn a_message_that_cannot_be_deleted_is_handled_once_and_deleted_later() {
    let setup = Setup::with_failing_deletions(3).await;
    setup.send(event("stubborn")).await;
    let log = Log::default();
    let worker = setup.work_for(&log, SHORT, None).await;
    until("it is deleted", || async { setup.left().await == (0, 0) }).await;
    stop(worker).await;
    assert_eq!(setup.failing.deletions.load(Ordering::SeqCst), 4, "three failed");
    assert_eq!(log.times("stubborn"), 1);
}

#[tokio::test]
async fn a_handler_that_takes_longer_than_its_message_is_hidden_is_canceled_and_runs_again() {
    let setup = Setup::new().await;
    setup.send(event("slow")).await;
    let (log, gate) = (Log::default(), Arc::new(Semaphore::new(0)));
    let workers = [
        setup.work_for(&log, SHORT, Some(gate.clone())).await,
        setup.work_for(&log, SHORT, Some(gate.clone())).await,
    ];
    until("it is handled twice", || async { log.times("slow") == 2 }).await;
    assert_ne!(setup.left().await, (0, 0), "it is not deleted");
    // The next one succeeds, or the second, which is waiting.
    gate.add_permits(1);
    until("it is deleted", || async { setup.left().await == (0, 0) }).await;
    assert!(log.times("slow") <= 3, "{} times", log.times("slow"));
    for worker in workers {
        stop(worker).await;
    }
}

#[tokio::test]
async fn a_message_that_another_worker_handles_is_left_to_it() {
    let setup = Setup::new().await;
    let id = setup.send(event("shared")).await;
    let other = setup.leases().await;
    let Claim::New(token) = other.claim(&id).await.unwrap() else { panic!("it is new") };
    let log = Log::default();
    let worker = setup.work_for(&log, SHORT, None).await;
    until("it was received", || async { setup.left().await == (0, 1) }).await;
    // It is received again and again, and neither handled nor deleted.
    until("it is visible again", || async { setup.left().await == (1, 0) }).await;
    until("it was received again", || async { setup.left().await == (0, 1) }).await;
    assert_eq!(log.len(), 0);
    other.confirm(&id, &token).await.unwrap();
    until("it is deleted", || async { setup.left().await == (0, 0) }).await;
    stop(worker).await;
    assert_eq!(log.len(), 0);
}

#[tokio::test]
async fn poison_ends_in_the_queue_for_dead_letters() {
    let setup = Setup::new().await;
    let dead = setup.client.create_queue().queue_name("dead").send().await.unwrap();
    let dead = dead.queue_url.unwrap();
    let name = dead.rsplit('/').next().unwrap();
    let policy = format!(
        r#"{{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:{name}","maxReceiveCount":"2"}}"#
    );
    let attributes = setup.client.set_queue_attributes().queue_url(&setup.queue_url);
    let attributes = attributes.attributes(QueueAttributeName::RedrivePolicy, policy);
    attributes.send().await.unwrap();
    for body in ["this is not JSON", "[]", "{}"] {
        setup.send(body).await;
    }
    setup.send(event("fails")).await;
    setup.send(event("good")).await;

    let log = Log::default();
    let worker = setup.work_for(&log, SHORT, None).await;
    until("the queue is empty", || async { setup.left().await == (0, 0) }).await;
    stop(worker).await;
    assert_eq!((log.times("fails"), log.times("good"), log.len()), (2, 1, 2));
    let mut bodies = Vec::new();
    loop {
        let received = setup.client.receive_message().queue_url(&dead);
        let messages = received.max_number_of_messages(10).send().await.unwrap().messages;
        let Some(messages) = messages.filter(|messages| !messages.is_empty()) else { break };
        bodies.extend(messages.into_iter().filter_map(|message| message.body));
    }
    bodies.sort();
    let mut expected =
        vec![event("fails"), "this is not JSON".to_owned(), "[]".to_owned(), "{}".to_owned()];
    expected.sort();
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_finishes_what_it_handles() {
    let setup = Setup::new().await;
    setup.send(event("under way")).await;
    let (log, gate) = (Log::default(), Arc::new(Semaphore::new(0)));
    let (stop, running) = setup.work_for(&log, sqs_worker::VISIBILITY, Some(gate.clone())).await;
    until("it is being handled", || async { log.len() == 1 }).await;
    drop(stop);
    let later = setup.send(event("later")).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!running.is_finished(), "it waits for the handler");
    gate.add_permits(1);
    tokio::time::timeout(PATIENCE, running).await.expect("the worker stops").unwrap();
    // The first is deleted. The queue may have given the second to the request that was under way
    // when the worker was told to stop; it is then hidden for a while.
    let (visible, hidden) = setup.left().await;
    assert_eq!(visible + hidden, 1);
    assert_eq!((log.times("under way"), log.times("later")), (1, 0));
    let leases = setup.leases().await;
    assert!(matches!(leases.claim(&later).await.unwrap(), Claim::New(_)));
}

#[tokio::test]
async fn the_program_prints_events_and_ends_on_sigterm() {
    let setup = Setup::new().await;
    setup.send(event("hello")).await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_sqs-worker"))
        .env("QUEUE_URL", &setup.queue_url)
        .env("REDIS_URL", format!("redis://127.0.0.1:{}/", setup.redis.port))
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", setup.sqs.port))
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(program.stdout.take().unwrap());
    // The program logs to the same output.
    let printed = tokio::task::spawn_blocking(move || {
        output.lines().map_while(Result::ok).find(|line| line.starts_with("jane: "))
    });
    let printed = tokio::time::timeout(PATIENCE, printed).await;
    until("it is deleted", || async { setup.left().await == (0, 0) }).await;
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || program.wait());
    let ended = tokio::time::timeout(PATIENCE, ended).await.expect("the program ends");
    assert!(ended.unwrap().unwrap().success());
    assert_eq!(printed.unwrap().unwrap().as_deref(), Some("jane: hello"));
}
