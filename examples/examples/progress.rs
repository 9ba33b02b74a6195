//! Shows a progress bar for a batch of 20,000 users: `cargo run -p stream-examples --example
//! progress`.
//!
//! It runs against an emulator with slow responses.

use std::time::Duration;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

use stream_chat::{BulkProgress, Client, UserRequest};
use stream_emulator::{Emulator, Fault};

#[tokio::main]
async fn main() -> Result<()> {
    let emulator = Emulator::start().await?;
    emulator.fail_next(Fault::delay(Duration::from_millis(100)).times(u32::MAX));
    let client = Client::builder(emulator.api_key(), emulator.api_secret())
        .base_url(emulator.base_url())
        .build()?;

    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "{bar:40} {pos} of {len} users, {per_sec}, {eta} left {msg}",
    )?);
    let users = (0..20_000).map(|number| UserRequest::new(format!("user-{number}")));
    let report = client
        .upsert_users(users)
        .in_flight(8)
        .keep_going()
        .progress(|progress| show(&bar, progress))
        .report()
        .await;
    bar.finish();
    println!("{} users exist, {} batches failed", report.entries_done(), report.failed.len());
    Ok(())
}

fn show(bar: &ProgressBar, progress: BulkProgress) {
    if let Some(total) = progress.total {
        bar.set_length(total);
    }
    bar.set_position(progress.settled());
    match progress.failed + progress.unknown {
        0 => {}
        failed => bar.set_message(format!("({failed} failed)")),
    }
}
