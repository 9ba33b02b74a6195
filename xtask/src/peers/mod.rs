//! Runs published clients against the emulator; see `peers/README.md`.

mod claims;
mod emulator;
mod install;
mod outcome;
mod peer;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail, ensure};

use crate::{table, workshop};
use claims::Claims;
use outcome::Outcomes;
use peer::{Peer, Runtime};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// A peer to run, which can be given several times; without it, all peers run
    #[arg(long, value_name = "NAME")]
    peer: Vec<String>,
    /// A journey to run, which can be given several times; without it, all journeys run
    #[arg(long, value_name = "NAME")]
    journey: Vec<String>,
    /// Print the failed checks of all journeys, and not only of those that are claimed to pass
    #[arg(long)]
    failures: bool,
    /// Make `peers/claims.txt` true of this run, instead of comparing with it
    #[arg(long)]
    update_claims: bool,
    /// An emulator that is already built, instead of the one of this workspace
    #[arg(long, value_name = "PROGRAM")]
    emulator: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let peers = select(options)?;
    let mut claims = Claims::read()?;
    if options.update_claims {
        claims.retain(&peer::all()?);
    } else {
        claims.check(&peer::all()?)?;
    }
    let tools = install::Tools::find(&peers)?;
    let emulator = match &options.emulator {
        Some(program) => program.clone(),
        None => workshop::build("stream-emulator")?,
    };
    let mut outcomes = Outcomes::default();
    for peer in &peers {
        eprintln!("running {}", peer.name);
        let folder = install::install(peer, &tools)?;
        outcomes.extend(run::journeys(peer, &folder, &tools, &emulator)?);
    }
    print(&outcomes, &claims, options.failures);
    if options.update_claims {
        claims.update(&outcomes)?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(judge(&outcomes, &claims))
}

/// A peer with its packages installed.
pub(crate) struct Installed {
    /// The interpreter of its scripts.
    pub(crate) program: PathBuf,
    /// The script for the benchmark.
    pub(crate) script: PathBuf,
}

/// Installs peers for the benchmark.
///
/// # Errors
/// A requirement is missing, and the error names all of them; or the installation fails.
pub(crate) fn install(names: &[&str]) -> Result<Vec<Installed>> {
    let mut peers = peer::all()?;
    peers.retain(|peer| names.contains(&peer.name.as_str()));
    peers.sort_by_key(|peer| names.iter().position(|name| *name == peer.name));
    let tools = install::Tools::find(&peers)?;
    let installed = peers.iter().map(|peer| {
        let folder = install::install(peer, &tools)?;
        Ok(match peer.runtime {
            Runtime::Python => {
                let program = tools.python_of(&folder);
                Installed { program, script: folder.join("bench.py") }
            }
            Runtime::Node | Runtime::Browser => {
                Installed { program: tools.node().to_owned(), script: folder.join("bench.mjs") }
            }
        })
    });
    installed.collect()
}

/// Returns the selected peers with their selected journeys.
fn select(options: &Options) -> Result<Vec<Peer>> {
    let mut peers = peer::all()?;
    for name in &options.peer {
        ensure!(
            peers.iter().any(|peer| peer.name == *name),
            "{name} is not a peer: expected one of {}",
            names(&peers)
        );
    }
    peers.retain(|peer| options.peer.is_empty() || options.peer.contains(&peer.name));
    for peer in &mut peers {
        peer.journeys.retain(|name| options.journey.is_empty() || options.journey.contains(name));
    }
    peers.retain(|peer| !peer.journeys.is_empty());
    if peers.is_empty() {
        bail!("no journey has one of the names {}", options.journey.join(", "));
    }
    Ok(peers)
}

fn names(peers: &[Peer]) -> String {
    peers.iter().map(|peer| peer.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn print(outcomes: &Outcomes, claims: &Claims, all_failures: bool) {
    let mut rows =
        vec![["journey", "passed", "failed", "outcome", "claimed"].map(str::to_owned).to_vec()];
    for outcome in outcomes.iter() {
        let claimed = if claims.contains(outcome) { "yes" } else { "no" };
        rows.push(vec![
            format!("{}/{}", outcome.peer, outcome.journey),
            outcome.passed.to_string(),
            outcome.failures.len().to_string(),
            outcome.word().to_owned(),
            claimed.to_owned(),
        ]);
    }
    table::print(&rows);
    let unsupported = outcomes.iter().filter(|outcome| !outcome.not_emulated.is_empty());
    for outcome in unsupported {
        let operations: Vec<&str> = outcome.not_emulated.iter().map(String::as_str).collect();
        println!("{}/{}: not emulated: {}", outcome.peer, outcome.journey, operations.join(", "));
    }
    for outcome in outcomes.iter().filter(|outcome| all_failures || claims.contains(outcome)) {
        for failure in &outcome.failures {
            println!("\n{}/{}: {failure}", outcome.peer, outcome.journey);
        }
    }
    let passed: usize = outcomes.iter().map(|outcome| outcome.passed).sum();
    let failed: usize = outcomes.iter().map(|outcome| outcome.failures.len()).sum();
    let whole = outcomes.iter().filter(|outcome| outcome.passes()).count();
    println!(
        "\n{passed} checks passed and {failed} failed; {whole} of {} journeys pass whole",
        outcomes.iter().count()
    );
}

/// Compares the outcomes with the claims, in both directions.
fn judge(outcomes: &Outcomes, claims: &Claims) -> ExitCode {
    let mistakes: Vec<String> =
        outcomes.iter().filter_map(|outcome| claims.mistake(outcome)).collect();
    for mistake in &mistakes {
        eprintln!("error: {mistake}");
    }
    if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns `peers/` of the workspace.
fn sources() -> PathBuf {
    stream_spec::workspace_root().join("peers")
}
