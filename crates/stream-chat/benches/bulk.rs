//! `cargo xtask bench bulk`: the time and the peak memory of sending many users in batches.
//!
//! The emulator runs in a separate process and takes 50 ms per request. The users are created as
//! they are sent.

// A benchmark ends at the first unexpected result.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use stream_chat::{Client, UserRequest};
use stream_emulator::{Emulator, Fault};

const SECRET: &str = "benchmark";
const LATENCY: Duration = Duration::from_millis(50);
const IN_FLIGHT: usize = 16;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--serve") {
        return serve();
    }
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    measure(if is_quick { 5_000 } else { 100_000 });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn serve() {
    let runtime = runtime();
    let emulator = runtime.block_on(Emulator::builder().api_secret(SECRET).start()).unwrap();
    emulator.fail_next(Fault::delay(LATENCY).on("UpdateUsers").times(u32::MAX));
    println!("{} {}", emulator.base_url(), emulator.api_key());
    // Ends together with the measuring process.
    std::thread::spawn(|| {
        std::io::stdin().lines().for_each(drop);
        std::process::exit(0);
    });
    runtime.block_on(std::future::pending::<()>());
}

/// The emulator in a separate process.
struct Server {
    process: Child,
    base_url: String,
    api_key: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let (base_url, api_key) = line.trim().split_once(' ').unwrap();
        Self { process, base_url: base_url.to_owned(), api_key: api_key.to_owned() }
    }

    fn client(&self) -> Client {
        Client::builder(&*self.api_key, SECRET).base_url(&*self.base_url).build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

/// The results of one run: its time, and the growth of the process at its peak.
struct Run {
    took: Duration,
    grew: Option<u64>,
}

fn measure(users: usize) {
    println!(
        "{users} users, 100 a request, which takes the emulator {} ms. The memory is what the \
         process grew by at its peak, with client and responses.",
        LATENCY.as_millis()
    );
    let alone = run(users, 1);
    show("one after another", &alone);
    let together = run(users, IN_FLIGHT);
    show(&format!("{IN_FLIGHT} in flight"), &together);
    let ratio = alone.took.as_secs_f64() / together.took.as_secs_f64();
    println!("  as fast: {ratio:.1} times  target >= 8{}", missed(ratio < 8.0));
    if let Some(grew) = together.grew {
        println!("  memory: {:.1} MB  target < 20{}", megabytes(grew), missed(grew >= 20_000_000));
    }
}

fn missed(is_missed: bool) -> &'static str {
    if is_missed { " missed" } else { "" }
}

fn show(name: &str, run: &Run) {
    let grew = run.grew.map_or("?".to_owned(), |bytes| format!("{:.1} MB", megabytes(bytes)));
    println!("  {name:<20} {:>6.1} s  {grew}", run.took.as_secs_f64());
}

#[allow(clippy::cast_precision_loss, reason = "it is printed with one digit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn run(users: usize, in_flight: usize) -> Run {
    let server = Server::start();
    let client = server.client();
    let runtime = runtime();
    runtime.block_on(async {
        // Connects, and completes lazy initialization.
        client.upsert_users([UserRequest::new("first")]).await.unwrap();
        reset_peak();
        let before = status("VmRSS:");
        let users = (0..users).map(|number| {
            UserRequest::new(format!("user-{number}"))
                .name(format!("User {number}"))
                .image(format!("https://example.com/{number}.jpg"))
                .custom("city", "Amsterdam")
        });
        let (count, start) = (users.len(), Instant::now());
        let sent = client.upsert_users(users).in_flight(in_flight).discard_responses();
        assert_eq!(sent.await.unwrap().entries(), count as u64);
        let took = start.elapsed();
        let grew = status("VmHWM:").zip(before).map(|(peak, before)| peak.saturating_sub(before));
        Run { took, grew }
    })
}

/// Resets the peak of the memory, where the system supports it.
fn reset_peak() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

/// Returns a line of the process status, in bytes.
fn status(name: &str) -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
