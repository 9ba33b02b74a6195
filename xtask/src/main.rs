//! Maintenance commands of the workspace, run as `cargo xtask <command>`.

mod bench;
mod book;
mod browser;
mod chromium;
mod ci;
mod codegen;
mod peers;
mod release;
mod spec;
mod table;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maintenance commands of the workspace")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures speed, memory and compile time against baselines in the same run
    Bench(bench::Options),
    /// Prepares the guide for mdBook, which calls this command
    #[command(hide = true)]
    BookPreprocessor(book::PreprocessorOptions),
    /// Runs the tests of the inspector and of the marketplace in Chromium
    Browser(browser::Options),
    /// Runs all checks that a change must pass, or some of them
    Ci(ci::Options),
    /// Generates the models, operations and events of `stream-models` from the API schema
    Codegen(codegen::Options),
    /// Runs published clients against the emulator
    Peers(peers::Options),
    /// Shows what a release of a version would do, or executes it
    Release(release::Options),
    /// Compares and imports API schemas
    #[command(subcommand)]
    Spec(spec::Command),
    /// Runs the tests that start a Redis server
    TestRedis,
    /// Runs the tests of the SQS worker example against a substitute for SQS
    TestSqs,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Bench(options) => bench::run(&options).map(|()| ExitCode::SUCCESS),
        Command::BookPreprocessor(options) => {
            book::preprocess(&options).map(|()| ExitCode::SUCCESS)
        }
        Command::Browser(options) => browser::run(&options),
        Command::Ci(options) => ci::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Codegen(options) => codegen::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Peers(options) => peers::run(&options),
        Command::Release(options) => release::run(&options).map(|()| ExitCode::SUCCESS),
        Command::Spec(command) => spec::run(&command),
        Command::TestRedis => ci::test_redis().map(|()| ExitCode::SUCCESS),
        Command::TestSqs => ci::test_sqs().map(|()| ExitCode::SUCCESS),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the path of the cargo that runs this program.
fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}
