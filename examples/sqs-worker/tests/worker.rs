//! Runs the worker against a substitute for SQS and a Redis server, both started here. `cargo xtask
//! test-sqs` installs the substitute and runs this.

#![cfg(test)]

use std::collections::HashMap;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, thread};

use anyhow::{Result, bail};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sqs::types::QueueAttributeName;
use tokio::sync::oneshot;
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

/// A queue with the setup of its workers.
struct Setup {
    client: Client,
    queue_url: String,
    redis: Server,
    _sqs: Server,
}

impl Setup {
    async fn new() -> Self {
        let (redis, sqs) = (Server::redis(), Server::sqs());
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(format!("http://127.0.0.1:{}", sqs.port))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .build();
        let client = Client::from_conf(config);
        let queue = client.create_queue().queue_name("stream-events").send().await.unwrap();
        let queue_url = queue.queue_url.unwrap();
        Self { client, queue_url, redis, _sqs: sqs }
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
        let log = log.clone();
        let handler = move |webhook| {
            let log = log.clone();
            async move { log.handle(&webhook) }
        };
        let worker =
            Worker::new(self.client.clone(), &self.queue_url, self.leases().await, handler);
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
    let Setup { client, queue_url, redis, _sqs } = setup;
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
