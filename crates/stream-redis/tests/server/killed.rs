//! Workers that are killed at random moments, with handlers that fail at random: each event is
//! handled, and more than once only if a worker was killed with it or its lease expired.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::server::Server;
use stream_chat::Client;
use stream_chat::auth::ApiSecret;
use stream_chat::testing::Script;
use stream_chat::webhook::{Webhook, WebhookEndpoint, WebhookOutcome, WebhookReceiver};
use stream_redis::RedisWebhooks;

/// The environment variables with the URL of the server and the file of effects, for a worker.
const URL: &str = "STREAM_REDIS_TEST_WORK_AT";
const EFFECTS: &str = "STREAM_REDIS_TEST_EFFECTS";

const WORKERS: usize = 4;
/// The maximum number of deliveries to a worker at the same time.
const AT_ONCE: usize = 8;
const LEASE: Duration = Duration::from_secs(1);

/// What a worker says about a delivery.
enum News {
    Ended {
        id: usize,
        outcome: String,
        took: Duration,
    },
    /// The worker has ended.
    Gone,
}

/// A worker process.
struct Worker {
    process: Child,
    input: ChildStdin,
    /// The IDs of the deliveries in flight.
    in_flight: Vec<usize>,
}

impl Worker {
    /// Starts the worker of a number; its news carry the number.
    fn start(number: usize, url: &str, effects: &Path, news: Sender<(usize, News)>) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["killed::worker", "--exact", "--nocapture", "--ignored"])
            .env(URL, url)
            .env(EFFECTS, effects)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let input = process.stdin.take().unwrap();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, text)) = line.split_once("outcome ") {
                    let words: Vec<_> = text.split(' ').collect();
                    let took = Duration::from_millis(words[2].parse().unwrap());
                    let (id, outcome) = (words[0].parse().unwrap(), words[1].to_owned());
                    let _ = news.send((number, News::Ended { id, outcome, took }));
                }
            }
            let _ = news.send((number, News::Gone));
        });
        Self { process, input, in_flight: Vec::new() }
    }

    fn deliver(&mut self, id: usize) {
        self.in_flight.push(id);
        // A worker that was killed does not read it, and its end is news.
        let _ = writeln!(self.input, "{id}");
    }
}

/// What happened to the events.
struct Run {
    events: usize,
    /// Events to deliver, with the earliest time of that.
    queue: VecDeque<(Instant, usize)>,
    workers: Vec<Worker>,
    news: Receiver<(usize, News)>,
    is_done: Vec<bool>,
    /// The number of deliveries that may have been handled without being confirmed.
    unconfirmed: BTreeMap<usize, usize>,
    kills: usize,
}

impl Run {
    fn new(events: usize, url: &str, effects: &Path) -> (Self, impl Fn(usize) -> Worker + use<>) {
        let (sender, news) = channel();
        let (url, effects) = (url.to_owned(), effects.to_owned());
        let start = move |number| Worker::start(number, &url, &effects, sender.clone());
        let run = Self {
            events,
            queue: (0..events).map(|id| (Instant::now(), id)).collect(),
            workers: (0..WORKERS).map(&start).collect(),
            news,
            is_done: vec![false; events],
            unconfirmed: BTreeMap::new(),
            kills: 0,
        };
        (run, start)
    }

    fn deliver(&mut self) {
        let now = Instant::now();
        for worker in &mut self.workers {
            while worker.in_flight.len() < AT_ONCE {
                let Some(next) = self.queue.iter().position(|(at, _)| *at <= now) else { return };
                let (_, id) = self.queue.remove(next).unwrap();
                worker.deliver(id);
            }
        }
    }

    fn again(&mut self, id: usize) {
        self.queue.push_back((Instant::now() + Duration::from_millis(200), id));
    }

    fn run(&mut self, start: impl Fn(usize) -> Worker) {
        let begin = Instant::now();
        let mut ended = 0;
        while self.is_done.iter().any(|done| !done) || !self.queue.is_empty() {
            assert!(begin.elapsed() < Duration::from_secs(600), "it does not end");
            self.deliver();
            let (number, news) = match self.news.recv_timeout(Duration::from_millis(20)) {
                Ok(news) => news,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => panic!("no worker is left"),
            };
            match news {
                News::Ended { id, outcome, took } => {
                    self.workers[number].in_flight.retain(|other| *other != id);
                    if took > LEASE / 2 {
                        *self.unconfirmed.entry(id).or_default() += 1;
                    }
                    ended += 1;
                    match outcome.as_str() {
                        "Handled" | "AlreadyHandled" => {
                            self.is_done[id] = true;
                            if fastrand::u8(..10) == 0 {
                                // Its response was lost.
                                self.again(id);
                            }
                        }
                        _ => self.again(id),
                    }
                    if ended % (self.events / 8).clamp(1, 200) == 0 {
                        self.kills += 1;
                        self.workers[fastrand::usize(..WORKERS)].process.kill().unwrap();
                    }
                }
                News::Gone => {
                    self.workers[number].process.wait().unwrap();
                    for id in std::mem::take(&mut self.workers[number].in_flight) {
                        *self.unconfirmed.entry(id).or_default() += 1;
                        self.again(id);
                    }
                    self.workers[number] = start(number);
                }
            }
        }
        for worker in &mut self.workers {
            worker.process.kill().unwrap();
            worker.process.wait().unwrap();
        }
    }
}

fn soak(events: usize) {
    let redis = Server::start();
    let effects = std::env::temp_dir().join(format!("stream-redis-effects-{}", redis.port()));
    File::create(&effects).unwrap();
    let (mut run, start) = Run::new(events, &redis.url(), &effects);
    run.run(start);
    let mut times = vec![0; events];
    for line in BufReader::new(File::open(&effects).unwrap()).lines() {
        times[line.unwrap().parse::<usize>().unwrap()] += 1;
    }
    std::fs::remove_file(&effects).unwrap();
    assert!(run.kills > 0);
    for (id, times) in times.iter().enumerate() {
        let explained = 1 + run.unconfirmed.get(&id).copied().unwrap_or(0);
        assert!((1..=explained).contains(times), "{id}: {times} times, explained {explained}");
    }
    let repeated = times.iter().filter(|times| **times > 1).count();
    println!("{events} events, {} kills, {repeated} handled more than once", run.kills);
}

#[test]
fn events_are_handled_although_workers_are_killed() {
    soak(200);
}

#[test]
#[ignore = "runs for minutes"]
fn ten_thousand_events_are_handled_although_workers_are_killed() {
    soak(10_000);
}

#[tokio::test]
#[ignore = "its siblings start it as a child process"]
async fn worker() {
    let Ok(url) = std::env::var(URL) else { return };
    let effects = PathBuf::from(std::env::var_os(EFFECTS).unwrap());
    let (sender, mut ids) = tokio::sync::mpsc::unbounded_channel();
    thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let handler = move |webhook: Webhook| {
        let effects = effects.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..20))).await;
            if fastrand::u8(..8) == 0 {
                return Err("the handler fails");
            }
            let id = webhook.metadata.id.unwrap();
            let mut file = OpenOptions::new().append(true).open(&effects).unwrap();
            file.write_all(format!("{id}\n").as_bytes()).unwrap();
            tokio::time::sleep(Duration::from_millis(fastrand::u64(..5))).await;
            Ok(())
        }
    };
    let receiver = WebhookReceiver::new(&ApiSecret::new("secret").unwrap());
    let filter = RedisWebhooks::connect(&url).await.unwrap().lease(LEASE);
    let endpoint = WebhookEndpoint::with_filter(receiver, filter, handler);
    let client = Client::scripted(&Script::new()).unwrap();
    while let Some(id) = ids.recv().await {
        let payload = json!({ "type": "user.updated", "user": { "id": "a" } });
        let delivery: http::Request<Vec<u8>> =
            client.signed_webhook(&payload).unwrap().id(&id).request("/").unwrap();
        let endpoint = endpoint.clone();
        tokio::spawn(async move {
            let start = Instant::now();
            let outcome = endpoint.handle(delivery.headers(), delivery.body()).await;
            let name = match outcome {
                WebhookOutcome::Handled => "Handled",
                WebhookOutcome::AlreadyHandled => "AlreadyHandled",
                _ => "Again",
            };
            println!("outcome {id} {name} {}", start.elapsed().as_millis());
        });
    }
}
