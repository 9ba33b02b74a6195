//! Runs the journeys of a peer.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::emulator::Emulator;
use super::install::Tools;
use super::outcome::Outcomes;
use super::peer::{Peer, Runtime};

/// The timeout of all journeys of one peer.
const DEADLINE: Duration = Duration::from_secs(300);

/// Runs the journeys of a peer against a new emulator.
pub(super) fn journeys(
    peer: &Peer,
    folder: &Path,
    tools: &Tools,
    program: &Path,
) -> Result<Outcomes> {
    let emulator = Emulator::start(program)?;
    let report = folder.join("report.jsonl");
    File::create(&report).with_context(|| format!("creating {}", report.display()))?;
    let output = folder.join("output.txt");
    let log = File::create(&output).with_context(|| format!("creating {}", output.display()))?;
    let (interpreter, runner) = match peer.runtime {
        Runtime::Node | Runtime::Browser => (tools.node().to_owned(), "run.mjs"),
        Runtime::Python => (tools.python_of(folder), "run.py"),
    };
    let mut command = Command::new(interpreter);
    command
        .arg(Path::new("..").join("harness").join(runner))
        .args(&peer.journeys)
        .current_dir(folder)
        .envs(emulator.variables())
        .env("PEER_REPORT", &report)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    if let Some(chromium) = tools.chromium() {
        command.env("CHROMIUM", chromium);
    }
    let process = command.spawn().with_context(|| format!("starting {}", peer.name))?;
    if !wait(process)? {
        let said = fs::read_to_string(&output).unwrap_or_default();
        eprintln!("{} did not end well:\n{}", peer.name, last_lines(&said, 20));
    }
    Outcomes::read(peer, &report)
}

/// Waits for the end of a process, and returns whether it succeeded in time.
fn wait(mut process: Child) -> Result<bool> {
    let started = Instant::now();
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(status.success());
        }
        if started.elapsed() > DEADLINE {
            process.kill()?;
            process.wait()?;
            return Ok(false);
        }
        sleep(Duration::from_millis(20));
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(count);
    lines.get(start..).unwrap_or_default().join("\n")
}
