//! `cargo xtask bench emulator`: measures the emulator against a plain route in the same run.

// A benchmark stops at the first unexpected result.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use stream_emulator::Emulator;

/// The secret of the server under test.
const SECRET: &str = "benchmark";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let role = arguments.iter().position(|argument| argument == "--serve");
    match role.map(|index| arguments[index + 1].as_str()) {
        Some("emulator") => serve_emulator(),
        Some("bare") => serve_bare(&arguments[arguments.len() - 1]),
        Some(other) => panic!("there is no server {other}"),
        None => measure(arguments.iter().any(|argument| argument == "--quick")),
    }
}

// The servers run in separate processes, and only they are measured.

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn serve_emulator() {
    let runtime = runtime();
    let emulator = runtime.block_on(Emulator::builder().api_secret(SECRET).start()).unwrap();
    println!("{}", emulator.address());
    std::thread::spawn(report);
    runtime.block_on(std::future::pending::<()>());
}

fn serve_bare(response: &str) {
    let response = Bytes::from(response.to_owned());
    let runtime = runtime();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        std::thread::spawn(report);
        let handler = async move |_: Bytes| ([("content-type", "application/json")], response);
        axum::serve(listener, Router::new().route("/{*path}", post(handler))).await.unwrap();
    });
}

/// Prints the CPU time and memory of the process for each line of its input.
fn report() {
    for line in std::io::stdin().lines() {
        if line.is_err() {
            break;
        }
        println!("{} {}", cpu_time().as_nanos(), resident());
    }
    std::process::exit(0);
}

#[cfg(unix)]
fn cpu_time() -> Duration {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().into()
}

#[cfg(not(unix))]
fn cpu_time() -> Duration {
    panic!("CPU time is measured on Unix only")
}

/// Returns the resident memory in bytes; 0 if it is unknown.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}

// The measuring side.

/// A server in a separate process, with one connection to it.
struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    connection: BufReader<TcpStream>,
    token: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("--serve")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut address = String::new();
        output.read_line(&mut address).unwrap();
        let connection = TcpStream::connect(address.trim()).unwrap();
        connection.set_nodelay(true).unwrap();
        Self { process, input, output, connection: BufReader::new(connection), token: token() }
    }

    /// Returns the CPU time in seconds, and the resident bytes.
    fn usage(&mut self) -> (f64, u64) {
        writeln!(self.input).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let (cpu, memory) = line.trim().split_once(' ').unwrap();
        (cpu.parse::<f64>().unwrap() / 1e9, memory.parse().unwrap())
    }

    fn post(&mut self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        let request = format!(
            "POST {path}?api_key=emulator HTTP/1.1\r\nhost: localhost\r\nauthorization: {}\r\n\
             stream-auth-type: jwt\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n\
             {body}",
            self.token,
            body.len()
        );
        self.connection.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut length, mut line) = (0, String::new());
        let mut status = String::new();
        loop {
            line.clear();
            self.connection.read_line(&mut line).unwrap();
            if status.is_empty() {
                status.clone_from(&line);
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut response = vec![0; length];
        self.connection.read_exact(&mut response).unwrap();
        let text = String::from_utf8_lossy(&response);
        assert!(status.starts_with("HTTP/1.1 2"), "{path}: {status}{text}");
        response
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn token() -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(json!({"alg": "HS256", "typ": "JWT"})),
        part(json!({"server": true}))
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The number of messages over which memory is measured.
const MEASURED_MESSAGES: usize = 20_000;

const GENERAL: &str = "/api/v2/chat/channels/messaging/general";

fn message(number: usize) -> Value {
    let text = format!("message number {number}, about as long as people write in a chat, or so");
    json!({"message": {"text": text, "user_id": "jane"}})
}

fn measure(is_quick: bool) {
    let (rounds, sends, channels, messages) =
        if is_quick { (5, 500, 200, 25) } else { (15, 2_000, 10_000, 100) };
    let mut emulator = Server::start(&["emulator"]);
    let users = json!({"users": {"jane": {"id": "jane"}, "bob": {"id": "bob"}}});
    emulator.post("/api/v2/users", &users);
    let members = json!([{"user_id": "jane"}, {"user_id": "bob"}]);
    let data = json!({"data": {"created_by_id": "jane", "members": members}});
    emulator.post(&format!("{GENERAL}/query"), &data);
    let path = format!("{GENERAL}/message");
    let response = String::from_utf8(emulator.post(&path, &message(0))).unwrap();
    let mut bare = Server::start(&["bare", &response]);

    let mut ratios = Vec::new();
    let mut rates = Vec::new();
    for _ in 0..rounds {
        let bare = rate(&mut bare, &path, sends);
        let ours = rate(&mut emulator, &path, sends);
        ratios.push(ours / bare);
        rates.push(ours);
    }
    println!(
        "messages sent per CPU second: {:.0}, {:.2} of a bare route that answers the same bytes (aim: 0.30)",
        median(&mut rates),
        median(&mut ratios)
    );
    drop(bare);

    // The record of requests keeps 4,096; once it is full, only the messages take more memory.
    for number in 0..5_000 {
        emulator.post(&path, &message(number));
    }
    let before = emulator.usage().1;
    for number in 0..MEASURED_MESSAGES {
        emulator.post(&path, &message(number));
    }
    let grown = emulator.usage().1.saturating_sub(before);
    let count = u64::try_from(MEASURED_MESSAGES).unwrap();
    println!("memory per message: {} bytes (aim: below 2000)", grown / count);

    query(emulator, channels, messages, rounds);
}

/// Returns the number of messages that a server handles in a CPU second.
fn rate(server: &mut Server, path: &str, sends: usize) -> f64 {
    let (before, _) = server.usage();
    for number in 0..sends {
        server.post(path, &message(number));
    }
    let (after, _) = server.usage();
    sends as f64 / (after - before)
}

/// Measures queries for the channels of one member among many.
fn query(mut emulator: Server, channels: usize, messages: usize, rounds: usize) {
    for number in 0..channels {
        let path = format!("/api/v2/chat/channels/messaging/c{number}");
        // One in a thousand belongs to the queried member.
        let other = if number % (channels / 10) == 0 { "bob" } else { "jane" };
        let members = json!([{"user_id": "jane"}, {"user_id": other}]);
        let data = json!({"data": {"created_by_id": "jane", "members": members}, "state": false});
        emulator.post(&format!("{path}/query"), &data);
        let path = format!("{path}/message");
        for number in 0..messages {
            emulator.post(&path, &message(number));
        }
    }
    let by_member = |message_limit: usize| {
        json!({
            "filter_conditions": {"members": {"$in": ["bob"]}},
            "message_limit": message_limit,
            "member_limit": 10,
        })
    };
    for limit in [1, 25] {
        let mut times = Vec::new();
        let mut size = 0;
        for _ in 0..rounds {
            let (before, _) = emulator.usage();
            for _ in 0..10 {
                size = emulator.post("/api/v2/chat/channels", &by_member(limit)).len();
            }
            let (after, _) = emulator.usage();
            times.push((after - before) * 1000.0 / 10.0);
        }
        println!(
            "QueryChannels by member, 10 of {channels} channels of {messages} messages, {limit} shown of \
             each ({size} bytes): {:.3} ms of CPU (aim: below 1)",
            median(&mut times)
        );
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
