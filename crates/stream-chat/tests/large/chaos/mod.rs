//! Calls and batches through a proxy that breaks connections: what is reported is what the emulator
//! has.
//!
//! The runs here are short. `SOAK_SEEDS=1..200 cargo test -p stream-chat --all-features --test large
//! chaos -- --include-ignored --test-threads 1` runs longer ones, with a seed each.

mod batches;
mod calls;
mod proxy;
mod random;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use proxy::ChaosProxy;
use stream_chat::transport::{ExecutorBuilder, RetryBudget, RetryPolicy};
use stream_chat::{Client, Error};
use stream_emulator::Emulator;

/// The transports that are compiled in.
const TRANSPORTS: &[&str] = &[
    "hyper",
    #[cfg(feature = "reqwest-rustls")]
    "reqwest",
];

/// The deadline of a call.
const DEADLINE: Duration = Duration::from_secs(2);
/// The time after which a call or a wait hangs, on a machine that may be busy.
const HANGS: Duration = Duration::from_secs(60);

/// What a client says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Done,
    NotDone,
    Unknown,
}

impl Said {
    fn of<T>(result: &Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) if error.may_have_been_processed() => Self::Unknown,
            Err(_) => Self::NotDone,
        }
    }

    /// Returns whether it is true of what happened this number of times.
    fn is_true(self, times: usize) -> bool {
        match self {
            Self::Done => times == 1,
            Self::NotDone => times == 0,
            Self::Unknown => times <= 1,
        }
    }
}

/// Returns the seeds of a long run.
fn seeds() -> Range<u64> {
    let text = std::env::var("SOAK_SEEDS").unwrap_or_else(|_| "1..4".to_owned());
    let (first, end) = text.split_once("..").unwrap();
    first.parse().unwrap()..end.parse().unwrap()
}

/// Returns a client that connects through the proxy, with short timeouts.
fn client(emulator: &Emulator, proxy: &ChaosProxy, transport: &str) -> Client {
    let configure = |builder: ExecutorBuilder| {
        let builder = match transport {
            #[cfg(feature = "reqwest-rustls")]
            "reqwest" => {
                use stream_chat::transport::reqwest::ReqwestTransport;
                builder.transport(ReqwestTransport::new().unwrap())
            }
            _ => {
                use stream_chat::transport::hyper::HyperTransport;
                builder.transport(HyperTransport::new().unwrap())
            }
        };
        builder
            .attempt_timeout(Duration::from_millis(400))
            .idle_timeout(Duration::from_millis(400))
            .retry_budget(Arc::new(RetryBudget::new(1_000_000, 1)))
            .retry(
                RetryPolicy::default()
                    .max_attempts(4)
                    .backoff(Duration::from_millis(2), Duration::from_millis(20)),
            )
    };
    Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(proxy.url())
        .timeout(DEADLINE)
        .executor(configure)
        .build()
        .unwrap()
}

/// Waits until `is_so` returns whether it is.
async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = tokio::time::Instant::now();
    while !is_so() {
        assert!(started.elapsed() < HANGS, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Returns the number of file descriptors of this process, where it can be read.
fn files() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count())
}
