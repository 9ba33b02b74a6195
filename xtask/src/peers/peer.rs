//! The peers: their runtimes and journeys.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::emulator::Emulator;
use super::install::Tools;
use super::outcome::Outcomes;

/// The timeout of all journeys of one peer.
const DEADLINE: Duration = Duration::from_secs(300);

/// The runtime of a peer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runtime {
    /// Node, with packages that `npm` installs from `package-lock.json`.
    Node,
    /// Node as in [`Runtime::Node`], with Chromium, which the journeys control.
    Browser,
    /// Python, with packages that `pip` installs from `requirements.txt` if there is one.
    Python,
}

/// A published client with its journeys.
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) runtime: Runtime,
    /// The names of the journeys, sorted.
    pub(super) journeys: Vec<String>,
}

const PEERS: [(&str, Runtime); 7] = [
    ("rest", Runtime::Python),
    ("node-sdk", Runtime::Node),
    ("getstream-py", Runtime::Python),
    ("stream-chat-js", Runtime::Node),
    ("stream-chat-live", Runtime::Node),
    ("stream-chat-react", Runtime::Browser),
    ("stream-chat-py", Runtime::Python),
];

/// Returns all peers with all their journeys.
pub(super) fn all() -> Result<Vec<Peer>> {
    PEERS
        .iter()
        .map(|&(name, runtime)| {
            let journeys = journeys(&super::sources().join(name).join("journeys"))?;
            Ok(Peer { name: name.to_owned(), runtime, journeys })
        })
        .collect()
}

fn journeys(folder: &Path) -> Result<Vec<String>> {
    let files = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut names = Vec::new();
    for file in files {
        let path = file?.path();
        let is_journey = path.extension().is_some_and(|suffix| suffix == "mjs" || suffix == "py");
        if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
            && is_journey
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

impl Peer {
    /// Runs the journeys against a new emulator.
    pub(super) fn run(&self, folder: &Path, tools: &Tools, program: &Path) -> Result<Outcomes> {
        let emulator = Emulator::start(program)?;
        let report = folder.join("report.jsonl");
        File::create(&report).with_context(|| format!("creating {}", report.display()))?;
        let output = folder.join("output.txt");
        let log =
            File::create(&output).with_context(|| format!("creating {}", output.display()))?;
        let (interpreter, runner) = match self.runtime {
            Runtime::Node | Runtime::Browser => (tools.node().to_owned(), "run.mjs"),
            Runtime::Python => (tools.python_of(folder), "run.py"),
        };
        let mut command = Command::new(interpreter);
        command
            .arg(Path::new("..").join("harness").join(runner))
            .args(&self.journeys)
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
        let process = command.spawn().with_context(|| format!("starting {}", self.name))?;
        if !wait(process)? {
            let said = fs::read_to_string(&output).unwrap_or_default();
            eprintln!("{} did not end well:\n{}", self.name, last_lines(&said, 20));
        }
        Outcomes::read(self, &report)
    }
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
