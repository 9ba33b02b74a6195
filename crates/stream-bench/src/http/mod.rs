//! Calls on loopback, ours and written by hand, on the same two HTTP clients.

mod by_hand;
mod job;
mod memory;
mod ours;
mod peers;
mod repeat;
mod server;

pub use job::Job;
pub use memory::{Count, allocations};
pub use peers::{Backend, call};
pub use repeat::{Way, Who, repeat};
pub use server::serve;

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

use crate::measure::{Contestant, Effort, Ratio, compare};
use by_hand::{HyperByHand, ReqwestByHand};
use job::Caller;
use ours::Ours;
use server::{Origin, Server};

const KEY: &str = "a8fs2kq3m7xz";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzZXJ2ZXIiOnRydWV9.\
    7CZFzuzVzVu0dkzZTCdI9PZnZmdPYfBdBhVQXVzIWtM";
const TIMEOUT: Duration = Duration::from_secs(30);

const REQWEST: &str = "stream-http on reqwest";
const REQWEST_BY_HAND: &str = "reqwest by hand";
const HYPER: &str = "stream-http on hyper";
const HYPER_BY_HAND: &str = "hyper by hand";

/// The state of both benchmarks: the server, and the callers of each of its protocols.
struct Field {
    runtime: Runtime,
    plain: Callers,
    secure: Callers,
    _server: Server,
}

/// The callers that use one protocol.
struct Callers {
    way: &'static str,
    reqwest: Ours,
    reqwest_by_hand: ReqwestByHand,
    hyper: Ours,
    hyper_by_hand: HyperByHand,
}

impl Field {
    fn new() -> Result<Self> {
        // The clients written by hand name no crypto provider, so rustls uses the installed one.
        let installed = rustls::crypto::ring::default_provider().install_default();
        installed.ok().context("another crypto provider is installed")?;
        let server = Server::start()?;
        Ok(Self {
            // One thread, so that no thread waits for another and all allocations are counted.
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            plain: Callers::new("plain HTTP/1.1", &server.plain)?,
            secure: Callers::new("HTTP/2 over TLS", &server.secure)?,
            _server: server,
        })
    }

    fn run(&self, caller: &impl Caller, job: Job, calls: u64) -> Result<()> {
        self.runtime.block_on(job.run(caller, calls))
    }
}

impl Callers {
    fn new(way: &'static str, origin: &Origin) -> Result<Self> {
        Ok(Self {
            way,
            reqwest: Ours::on_reqwest(origin)?,
            reqwest_by_hand: ReqwestByHand::new(origin)?,
            hyper: Ours::on_hyper(origin)?,
            hyper_by_hand: HyperByHand::new(origin)?,
        })
    }
}

pub(crate) fn run(effort: Effort) -> Result<()> {
    let field = Field::new()?;
    println!(
        "CPU time per call of the calling process, user and system, one thread, on loopback, median\n\
          of {} rounds (quartiles). By hand: the same request with the same headers, over connections\n\
         with the same settings, a deadline of 30 s, and serde_json into the same types.",
        effort.rounds
    );
    for callers in [&field.plain, &field.secure] {
        for job in [Job::Messages, Job::MessagesTogether, Job::Pages] {
            measure(&field, callers, job, effort)?;
        }
    }
    Ok(())
}

fn measure(field: &Field, callers: &Callers, job: Job, effort: Effort) -> Result<()> {
    compare(
        &format!("{}, {}", job.name(), callers.way),
        effort,
        vec![
            contestant(REQWEST, field, &callers.reqwest, job),
            contestant(REQWEST_BY_HAND, field, &callers.reqwest_by_hand, job),
            contestant(HYPER, field, &callers.hyper, job),
            contestant(HYPER_BY_HAND, field, &callers.hyper_by_hand, job),
        ],
        &[
            Ratio { ours: REQWEST, baseline: REQWEST_BY_HAND, target: Some(1.05) },
            Ratio { ours: HYPER, baseline: HYPER_BY_HAND, target: Some(1.05) },
        ],
    )
}

fn contestant<'a>(
    name: &'static str,
    field: &'a Field,
    caller: &'a impl Caller,
    job: Job,
) -> Contestant<'a> {
    Contestant { name, run: Box::new(move |calls| field.run(caller, job, calls)) }
}
