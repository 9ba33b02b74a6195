//! `cargo xtask bench decode|auth|webhook|http`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use stream_bench::Effort;

#[derive(Parser)]
#[command(about = "Benchmarks against baselines of the same run")]
struct Cli {
    #[command(subcommand)]
    benchmark: Benchmark,
    /// Run few repetitions, to check that the benchmark works
    #[arg(long, global = true)]
    quick: bool,
}

#[derive(Subcommand)]
enum Benchmark {
    /// Decode a page of channels and a message
    Decode,
    /// Mint and verify a token
    Auth,
    /// Verify and decode a webhook
    Webhook,
    /// Make calls on loopback, and measure their CPU time
    #[cfg(feature = "http")]
    Http,
    /// Run the server of the calls in a separate process
    #[cfg(feature = "http")]
    #[command(hide = true)]
    Serve,
    /// Make calls to a server, for the comparison with other SDKs: prints microseconds of CPU time
    #[cfg(feature = "http")]
    #[command(hide = true)]
    Call { backend: stream_bench::Backend, url: String, calls: u32 },
    /// Make calls of a single contestant, for `cargo xtask bench instructions` and for profilers
    #[cfg(feature = "http")]
    #[command(hide = true)]
    Repeat { who: stream_bench::Who, way: stream_bench::Way, job: stream_bench::Job, calls: u64 },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let effort = Effort::quick_if(cli.quick);
    let result = match cli.benchmark {
        Benchmark::Decode => stream_bench::decode(effort),
        Benchmark::Auth => stream_bench::auth(effort),
        Benchmark::Webhook => stream_bench::webhook(effort),
        #[cfg(feature = "http")]
        Benchmark::Http => stream_bench::http(effort),
        #[cfg(feature = "http")]
        Benchmark::Serve => stream_bench::serve(),
        #[cfg(feature = "http")]
        Benchmark::Call { backend, url, calls } => stream_bench::call(backend, &url, calls)
            .map(|each| println!("{}", each.as_nanos() as f64 / 1e3)),
        #[cfg(feature = "http")]
        Benchmark::Repeat { who, way, job, calls } => stream_bench::repeat(who, way, job, calls),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
