//! The allocations of calls.

use anyhow::Result;

use super::job::{Job, TOGETHER};
use super::{Field, HYPER, HYPER_BY_HAND, REQWEST, REQWEST_BY_HAND};
use crate::measure::Effort;

/// A function that counts the allocations of a closure on this thread: their number, their total
/// bytes, and the maximum number of bytes held at a time.
pub type Count = fn(&mut dyn FnMut()) -> (u64, u64, u64);

/// Prints the allocations of the calls.
///
/// # Errors
/// The server could not be started, or a call failed.
pub fn allocations(effort: Effort, count: Count) -> Result<()> {
    let field = Field::new()?;
    println!(
        "What a call allocates, and the most that all calls under way hold at a time; a buffer that\n\
         grows counts as another allocation"
    );
    let rounds = effort.rounds as u64;
    for callers in [&field.plain, &field.secure] {
        for (job, calls) in [
            (Job::Messages, rounds * 8),
            (Job::MessagesTogether, rounds * TOGETHER),
            (Job::Pages, rounds),
            (Job::PagesTogether, 2 * TOGETHER),
        ] {
            println!("\n{}, {}", job.name(), callers.way);
            println!("  {:<22}  {:>11}  {:>12}  {:>12}", "", "allocations", "bytes", "most held");
            let measure = |name, run: &dyn Fn(u64) -> Result<()>| row(name, calls, count, run);
            measure(REQWEST, &|calls| field.run(&callers.reqwest, job, calls))?;
            measure(REQWEST_BY_HAND, &|calls| field.run(&callers.reqwest_by_hand, job, calls))?;
            measure(HYPER, &|calls| field.run(&callers.hyper, job, calls))?;
            measure(HYPER_BY_HAND, &|calls| field.run(&callers.hyper_by_hand, job, calls))?;
        }
    }
    Ok(())
}

fn row(name: &str, calls: u64, count: Count, run: &dyn Fn(u64) -> Result<()>) -> Result<()> {
    // Opens connections and allocates buffers before counting.
    run(calls)?;
    let mut result = Ok(());
    let (allocations, bytes, most) = count(&mut || result = run(calls));
    result?;
    println!("  {name:<22}  {:>11}  {:>12}  {most:>12}", allocations / calls, bytes / calls);
    Ok(())
}
