//! The instructions of a call, which do not depend on what else the machine does.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::RunOptions;
use crate::{table, workshop};

/// A benchmark of `cargo xtask bench http`, and how many calls it takes to even out what differs from run to
/// run.
const JOBS: [(&str, &str, u32); 3] = [
    ("messages", "SendMessage, one after another", 1000),
    ("messages-together", "SendMessage, 64 at a time", 6400),
    ("pages", "the page of channels, one after another", 20),
];

const WAYS: [(&str, &str); 2] = [("plain", "plain HTTP/1.1"), ("secure", "HTTP/2 over TLS")];

const CLIENTS: [(&str, &str); 2] = [("reqwest", "reqwest-by-hand"), ("hyper", "hyper-by-hand")];

pub(super) fn run(options: &RunOptions) -> Result<()> {
    let share = if options.quick { 10 } else { 1 };
    let program = workshop::build_release("stream-bench", "http")?;
    println!(
        "Instructions of a call outside of the kernel, counted by valgrind in the calling process\n"
    );
    let heading = ["call", "client", "ours", "by hand", "ratio"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for (way, way_name) in WAYS {
        for (job, job_name, calls) in JOBS {
            for (ours, by_hand) in CLIENTS {
                let count = |who| each(&program, &[who, way, job], calls / share);
                let [ours_count, by_hand_count] = [count(ours)?, count(by_hand)?];
                rows.push(vec![
                    format!("{job_name}, {way_name}"),
                    ours.to_owned(),
                    ours_count.to_string(),
                    by_hand_count.to_string(),
                    format!("{:.3}", ours_count as f64 / by_hand_count as f64),
                ]);
            }
        }
    }
    table::print(&rows);
    Ok(())
}

/// Returns the instructions of one call: what more calls take more.
fn each(program: &Path, what: &[&str; 3], calls: u32) -> Result<u64> {
    let [few, many] = [calls, calls * 3];
    let more = count(program, what, many)?.saturating_sub(count(program, what, few)?);
    Ok(more / u64::from(many - few).max(1))
}

fn count(program: &Path, what: &[&str; 3], calls: u32) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg("repeat")
        .args(what)
        .arg(calls.to_string())
        .output()
        .context("starting valgrind, which Debian's package of that name contains")?;
    let report = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{what:?} failed:\n{report}");
    let collected = report.lines().find_map(|line| line.split_once("Collected : "));
    let (_, collected) =
        collected.with_context(|| format!("valgrind counted nothing:\n{report}"))?;
    Ok(collected.trim().parse()?)
}
