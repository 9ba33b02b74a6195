//! The second half of `cargo xtask bench http`: the allocations of calls. It is a separate program,
//! because the counting allocator costs time.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use stream_bench::Effort;

#[derive(Parser)]
#[command(about = "What calls on loopback allocate")]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    /// Run few repetitions, to check that the benchmark works
    #[arg(long)]
    quick: bool,
}

#[derive(Subcommand)]
enum Part {
    /// Run the server of the calls in a separate process
    #[command(hide = true)]
    Serve,
}

/// Returns the number of allocations of `run`, their bytes, and the maximum number of bytes held at
/// a time.
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
