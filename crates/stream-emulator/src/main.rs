//! The emulator as a program.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use stream_emulator::{Emulator, Exchange, all_operations, emulated_operations};

/// A local server that speaks the Stream Chat API.
#[derive(Parser)]
#[command(name = "stream-emulator", version)]
struct Options {
    /// The port to listen on; 0 selects a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to listen on; 0.0.0.0 to be reached from outside, as in a container
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The API key that requests must carry
    #[arg(long)]
    key: Option<String>,
    /// The API secret that tokens must be signed with
    #[arg(long)]
    secret: Option<String>,
    /// A file to save the state in, which the next start loads
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// A JSON file with initial users and channels, unless the file of --data exists
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// A host other than this machine that webhooks may be sent to; can be repeated
    #[arg(long, value_name = "HOST")]
    allow_webhook_host: Vec<String>,
    /// A host name other than localhost to serve /emulator/... under; can be repeated
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Do not serve the inspector
    #[arg(long)]
    no_inspector: bool,
    /// Do not print the requests
    #[arg(long)]
    quiet: bool,
    /// Print the operations that are emulated, and exit
    #[arg(long)]
    operations: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    if options.operations {
        for operation in emulated_operations() {
            println!("{operation}");
        }
        return ExitCode::SUCCESS;
    }
    let is_kept = options.data.is_some();
    let has_inspector = !options.no_inspector;
    let builder = match builder(options) {
        Ok(builder) => builder,
        Err(problem) => {
            eprintln!("The emulator did not start: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let emulator = match builder.start().await {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("The emulator did not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    greet(&emulator, is_kept, has_inspector);
    if let Err(error) = asked_to_stop().await {
        eprintln!("Ctrl-C cannot be waited for: {error}");
        return ExitCode::FAILURE;
    }
    let _ = writeln!(io::stdout(), "\nStopped.");
    emulator.shutdown().await;
    ExitCode::SUCCESS
}

/// The maximum size of a seed, in bytes.
const MAX_SEED: u64 = 256 * 1024 * 1024;

/// Reads a file that need not be regular: a shell may pass a pipe.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SEED + 1).read_to_end(&mut bytes)?;
    match u64::try_from(bytes.len()) {
        Ok(..=MAX_SEED) => Ok(bytes),
        _ => Err(io::Error::other(format!("it has more than {MAX_SEED} bytes"))),
    }
}

fn builder(options: Options) -> Result<stream_emulator::EmulatorBuilder, String> {
    let mut builder =
        Emulator::builder().host(options.host).port(options.port).inspector(!options.no_inspector);
    if let Some(key) = options.key {
        builder = builder.api_key(key);
    }
    if let Some(secret) = options.secret {
        builder = builder.api_secret(secret);
    }
    if let Some(path) = options.data {
        builder = builder.data_file(path);
    }
    if let Some(path) = options.seed {
        let text = read(&path)
            .map_err(|error| format!("cannot read the seed {}: {error}", path.display()))?;
        let seed = serde_json::from_slice(&text)
            .map_err(|error| format!("the seed {} is not JSON: {error}", path.display()))?;
        builder = builder.seed(seed);
    }
    for host in options.allow_webhook_host {
        builder = builder.allow_webhook_host(host);
    }
    for host in options.allow_host {
        builder = builder.allow_host(host);
    }
    if !options.quiet {
        builder = builder.on_exchange(print);
    }
    Ok(builder)
}

fn greet(emulator: &Emulator, is_kept: bool, has_inspector: bool) {
    // A closed output is not a reason to stop.
    let _ = write_greeting(&mut io::stdout().lock(), emulator, is_kept, has_inspector);
}

fn write_greeting(
    output: &mut impl Write,
    emulator: &Emulator,
    is_kept: bool,
    has_inspector: bool,
) -> io::Result<()> {
    let (emulated, all) = (emulated_operations().count(), all_operations().count());
    writeln!(output, "The Stream Chat emulator listens on {}\n", emulator.base_url())?;
    writeln!(output, "    export STREAM_BASE_URL={}", emulator.base_url())?;
    writeln!(output, "    export STREAM_API_KEY={}", emulator.api_key())?;
    writeln!(output, "    export STREAM_API_SECRET={}\n", emulator.api_secret())?;
    writeln!(
        output,
        "{emulated} of the API's {all} operations are emulated (--operations lists them).\n\
         Webhooks go to this machine alone (--allow-webhook-host)."
    )?;
    if !is_kept {
        writeln!(
            output,
            "Everything is kept in memory and gone at the end (--data FILE keeps it)."
        )?;
    }
    if has_inspector {
        let port = emulator.address().port();
        writeln!(output, "Open http://localhost:{port} to see what goes on.")?;
    }
    writeln!(output, "Ctrl-C stops.\n")
}

fn print(exchange: &Exchange) {
    let line = format!(
        "{} {:<6} {}  {}  {:.1} ms",
        exchange.status.as_u16(),
        exchange.method,
        // Control characters would be interpreted by a terminal.
        exchange.path.escape_debug(),
        exchange.operation.unwrap_or("no operation"),
        exchange.duration.as_secs_f64() * 1000.0,
    );
    // A closed output is not a reason to stop.
    let _ = writeln!(io::stdout(), "{line}");
}

/// Waits for Ctrl-C, or for SIGTERM, with which containers are stopped.
#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
