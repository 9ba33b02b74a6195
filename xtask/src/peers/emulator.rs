//! The emulator as a separate process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The timeout until the emulator listens.
const PATIENCE: Duration = Duration::from_secs(30);
/// The variables that the emulator prints for clients.
const VARIABLES: [&str; 3] = ["STREAM_BASE_URL", "STREAM_API_KEY", "STREAM_API_SECRET"];

/// A running emulator, which is stopped when this is dropped.
pub(super) struct Emulator {
    process: Child,
    variables: BTreeMap<String, String>,
}

impl Emulator {
    /// Starts the program on a free port, and waits until it listens.
    pub(super) fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program)
            .args(["--port", "0", "--quiet"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let output = process.stdout.take().context("the emulator has no output")?;
        let mut emulator = Self { process, variables: BTreeMap::new() };
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || read(output, &sender));
        while emulator.variables.len() < VARIABLES.len() {
            match receiver.recv_timeout(PATIENCE) {
                Ok((name, value)) => emulator.variables.insert(name, value),
                Err(_) => bail!("the emulator did not print {}", VARIABLES.join(", ")),
            };
        }
        Ok(emulator)
    }

    /// Returns the environment variables for clients.
    pub(super) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may already have stopped.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads the output to its end, so that the emulator never blocks, and sends the variables that it
/// exports.
fn read(output: ChildStdout, sender: &Sender<(String, String)>) {
    for line in BufReader::new(output).lines() {
        let Ok(line) = line else { return };
        if let Some((name, value)) = exported(&line)
            && VARIABLES.contains(&name.as_str())
        {
            // The receiver is gone once all variables have arrived.
            let _ = sender.send((name, value));
        }
    }
}

/// Parses a line such as `export STREAM_API_KEY=key`.
fn exported(line: &str) -> Option<(String, String)> {
    let (name, value) = line.trim().strip_prefix("export ")?.split_once('=')?;
    Some((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::exported;

    #[test]
    fn exported_variables_are_read() {
        let read = exported("    export STREAM_BASE_URL=http://127.0.0.1:8080");
        let expected = ("STREAM_BASE_URL".to_owned(), "http://127.0.0.1:8080".to_owned());
        assert_eq!(read, Some(expected));
        assert_eq!(exported("export STREAM_API_KEY=\"key\"").unwrap().1, "key");
        assert_eq!(exported("The emulator listens on http://127.0.0.1:8080"), None);
    }
}
