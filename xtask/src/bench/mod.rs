//! Benchmarks that compare with a baseline measured in the same run; see `docs/benchmarks.md`.

mod compile;
mod cpu;
mod instructions;
mod naive;
mod package;
mod peers;

use std::process::Command;

use anyhow::{Context, Result, ensure};

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(clap::Subcommand)]
enum Benchmark {
    /// Compile time of the models and of programs that use the crates
    Compile(compile::Options),
    /// Decoding of a page of channels and of a message
    Decode(RunOptions),
    /// Signing and verifying of a token
    Auth(RunOptions),
    /// Verifying and parsing of a webhook
    Webhook(RunOptions),
    /// CPU time and memory of a call on loopback
    Http(RunOptions),
    /// Instructions of a call on loopback, which can be compared on a busy machine; needs valgrind
    Instructions(RunOptions),
    /// CPU time of a call in other published SDKs, and in this one
    Peers(RunOptions),
    /// Duration and memory of upserting 100,000 users, with several batches in flight
    Bulk(RunOptions),
    /// CPU time and memory of the emulator
    Emulator(RunOptions),
}

#[derive(clap::Args)]
struct RunOptions {
    /// Run few iterations, to check that the benchmark works
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.benchmark {
        Benchmark::Compile(options) => compile::run(options),
        Benchmark::Decode(options) => run_release("stream-bench", &["decode"], options),
        Benchmark::Auth(options) => run_release("stream-bench", &["auth"], options),
        Benchmark::Webhook(options) => run_release("stream-bench", &["webhook"], options),
        Benchmark::Http(options) => {
            run_release("stream-bench", &["http"], options)?;
            println!();
            run_release("count-allocations", &[], options)
        }
        Benchmark::Instructions(options) => instructions::run(options),
        Benchmark::Peers(options) => peers::run(options),
        Benchmark::Bulk(options) => run_bench("stream-chat", "bulk", options),
        Benchmark::Emulator(options) => run_bench("stream-emulator", "emulator", options),
    }
}

/// Runs a benchmark that belongs to the measured crate, since `stream-bench` depends neither on the
/// emulator nor on the chat layer.
fn run_bench(package: &str, name: &str, options: &RunOptions) -> Result<()> {
    let mut command = Command::new(crate::cargo());
    command.current_dir(stream_spec::workspace_root()).args([
        "bench",
        "--quiet",
        "--package",
        package,
        "--bench",
        name,
        "--",
    ]);
    if options.quick {
        command.arg("--quick");
    }
    let status = command.status().context("starting cargo")?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}

/// Runs a program of `stream-bench`. This crate must not depend on it, since it has to compile when
/// the models do not.
fn run_release(program: &str, arguments: &[&str], options: &RunOptions) -> Result<()> {
    let mut command = Command::new(crate::cargo());
    command
        .current_dir(stream_spec::workspace_root())
        .args(["run", "--quiet", "--release", "--package", "stream-bench", "--features", "http"])
        .args(["--bin", program, "--"])
        .args(arguments);
    if options.quick {
        command.arg("--quick");
    }
    let status = command.status().context("starting cargo")?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}
