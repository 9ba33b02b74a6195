//! Measures the CPU time of a call in other published SDKs and in this one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::RunOptions;
use crate::peers::{Installed, install};
use crate::{table, workshop};

/// A program that makes calls, with its command.
struct Contestant {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    calls: u32,
    /// The microseconds of a call, one per round.
    rounds: Vec<f64>,
}

/// The packages of `peers/` that send messages, and how many calls take about a second.
const PEERS: [(&str, &str, u32); 4] = [
    ("stream-chat-js", "npm stream-chat", 1500),
    ("node-sdk", "npm @stream-io/node-sdk", 1500),
    ("stream-chat-py", "PyPI stream-chat, asynchronous", 400),
    ("getstream-py", "PyPI getstream, asynchronous", 400),
];

const OURS: [(&str, &str); 2] =
    [("hyper", "stream-http on hyper"), ("reqwest", "stream-http on reqwest")];

pub(super) fn run(options: &RunOptions) -> Result<()> {
    let (rounds, share) = if options.quick { (1, 10) } else { (3, 1) };
    let names = PEERS.map(|(peer, ..)| peer);
    let installed = install(&names)?;
    let program = workshop::build_release("stream-bench", "http")?;
    let mut contestants = Vec::new();
    for (backend, name) in OURS {
        let arguments = vec!["call".to_owned(), backend.to_owned()];
        contestants.push(Contestant::new(name, program.clone(), arguments, 40_000 / share));
    }
    for ((_, name, calls), Installed { program, script }) in PEERS.into_iter().zip(installed) {
        let arguments = vec![script.to_string_lossy().into_owned()];
        contestants.push(Contestant::new(name, program, arguments, calls / share));
    }
    let server = Server::start(&program)?;
    for _ in 0..rounds {
        for contestant in &mut contestants {
            contestant.turn(&server.url)?;
        }
    }
    println!(
        "CPU time of a SendMessage in the calling process, user and system, 64 at a time over plain\n\
         HTTP/1.1 on loopback, to one server with a fixed response; median of {rounds} rounds.\n"
    );
    print(&contestants);
    Ok(())
}

fn print(contestants: &[Contestant]) {
    let baseline = contestants.first().map_or(f64::NAN, Contestant::median);
    let mut rows = vec![["client", "microseconds", "to ours on hyper"].map(str::to_owned).to_vec()];
    for contestant in contestants {
        let median = contestant.median();
        let ratio = format!("{:.1}", median / baseline);
        rows.push(vec![contestant.name.to_owned(), format!("{median:.1}"), ratio]);
    }
    table::print(&rows);
}

impl Contestant {
    fn new(name: &'static str, program: PathBuf, arguments: Vec<String>, calls: u32) -> Self {
        Self { name, program, arguments, calls, rounds: Vec::new() }
    }

    /// Makes the calls in a separate process, which prints the time of one call.
    fn turn(&mut self, url: &str) -> Result<()> {
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .args([url, &self.calls.to_string()])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("starting {}", self.name))?;
        ensure!(output.status.success(), "{} failed: {}", self.name, output.status);
        let printed = String::from_utf8_lossy(&output.stdout);
        let microseconds = printed.trim().parse();
        self.rounds
            .push(microseconds.with_context(|| format!("{} printed {printed:?}", self.name))?);
        Ok(())
    }

    fn median(&self) -> f64 {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// A server with fixed responses. It ends when this is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut server = Self { process, url: String::new() };
        // Its first line is the URL for plain HTTP; the rest of its output is too short to need a
        // reader.
        BufReader::new(output).read_line(&mut server.url)?;
        server.url.truncate(server.url.trim_end().len());
        ensure!(server.url.starts_with("http://"), "the server did not say where it listens");
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
