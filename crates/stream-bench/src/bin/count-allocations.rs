//! The second half of `cargo xtask bench http`: what calls allocate. A program of its own, since the
//! allocator that counts costs time.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use stream_bench::Effort;

#[derive(Parser)]
#[command(about = "What calls on loopback allocate")]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    /// Few repetitions: whether it works
    #[arg(long)]
    quick: bool,
}

#[derive(Subcommand)]
enum Part {
    /// The server of the calls, in a process of its own
    #[command(hide = true)]
    Serve,
}

/// Returns what `run` allocates: how often, how many bytes, and the most that was held at a time.
fn count(run: &mut dyn FnMut()) -> (u64, u64, u64) {
    let info = allocation_counter::measure(run);
    (info.count_total, info.bytes_total, info.bytes_max)
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.part {
        Some(Part::Serve) => stream_bench::serve(),
        None => stream_bench::allocations(Effort::quick_if(cli.quick), count),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
