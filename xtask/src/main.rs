//! Maintenance commands of the workspace, run as `cargo xtask <command>`.

mod codegen;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maintenance commands of the workspace")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generates the models, operations and events of `stream-models` from the API schema
    Codegen(codegen::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Codegen(options) => codegen::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
