//! Measures contestants that take turns.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::clock::cpu_time;

/// The amount of measurement.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    pub(crate) rounds: usize,
    /// The CPU time of one contestant in one round.
    pub(crate) turn: Duration,
}

impl Effort {
    /// Returns the effort for reliable figures, or a small one for a quick check.
    #[must_use]
    pub const fn quick_if(quick: bool) -> Self {
        if quick {
            Self { rounds: 3, turn: Duration::from_millis(4) }
        } else {
            Self { rounds: 31, turn: Duration::from_millis(50) }
        }
    }
}

/// A function that is measured.
pub(crate) struct Contestant<'a> {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnMut(u64) -> Result<()> + 'a>,
}

impl<'a> Contestant<'a> {
    /// Creates a contestant that repeats `once`.
    pub(crate) fn new<T>(name: &'static str, mut once: impl FnMut() -> Result<T> + 'a) -> Self {
        let run = move |times| {
            for _ in 0..times {
                std::hint::black_box(once()?);
            }
            Ok(())
        };
        Self { name, run: Box::new(run) }
    }
}

/// A ratio to print.
pub(crate) struct Ratio {
    pub(crate) ours: &'static str,
    pub(crate) baseline: &'static str,
    /// The maximum that the ratio should have.
    pub(crate) target: Option<f64>,
}

/// The CPU seconds per repetition of one contestant, one per round.
struct Times {
    name: &'static str,
    rounds: Vec<f64>,
}

/// Measures the contestants in turns of equal time, and prints medians and ratios.
pub(crate) fn compare(
    title: &str,
    effort: Effort,
    contestants: Vec<Contestant<'_>>,
    ratios: &[Ratio],
) -> Result<()> {
    let mut entries = Vec::new();
    for mut contestant in contestants {
        let repetitions = warm_up(&mut contestant, effort.turn)?;
        let times = Times { name: contestant.name, rounds: Vec::with_capacity(effort.rounds) };
        entries.push((contestant, repetitions, times));
    }
    for round in 0..effort.rounds {
        // The order rotates, because the position in a round affects the state of the caches.
        let begins = round % entries.len().max(1);
        entries.rotate_left(begins);
        for (contestant, repetitions, times) in &mut entries {
            times.rounds.push(turn(contestant, *repetitions)?);
        }
        entries.rotate_right(begins);
    }
    println!("\n{title}");
    let width = entries.iter().map(|(_, _, times)| times.name.len()).max().unwrap_or_default();
    for (_, repetitions, times) in &entries {
        let [low, middle, high] = quartiles(&times.rounds);
        println!(
            "  {:<width$}  {:>10}  ({} .. {}, {repetitions} a round)",
            times.name,
            seconds(middle),
            seconds(low),
            seconds(high),
        );
    }
    for ratio in ratios {
        let times = |name: &str| {
            let mut all = entries.iter().map(|(_, _, times)| times);
            all.find(|times| times.name == name).with_context(|| format!("nobody is {name}"))
        };
        print_ratio(ratio, times(ratio.ours)?, times(ratio.baseline)?);
    }
    Ok(())
}

fn print_ratio(ratio: &Ratio, ours: &Times, baseline: &Times) {
    // Ratios are per round, so that a slow round affects both.
    let pairs = ours.rounds.iter().zip(&baseline.rounds);
    let by_round: Vec<f64> = pairs.map(|(ours, baseline)| ours / baseline).collect();
    let [low, middle, high] = quartiles(&by_round);
    let target = match ratio.target {
        Some(target) if middle <= target => format!("  target <= {target:.2}"),
        Some(target) => format!("  target <= {target:.2} missed"),
        None => String::new(),
    };
    println!(
        "  {} : {} = {middle:.3}  ({low:.3} .. {high:.3}){target}",
        ratio.ours, ratio.baseline
    );
}

/// Returns the number of repetitions that fill a turn.
fn warm_up(contestant: &mut Contestant<'_>, length: Duration) -> Result<u64> {
    let mut repetitions = 1;
    loop {
        let each = turn(contestant, repetitions)?;
        let took = each * repetitions as f64;
        if took * 4.0 >= length.as_secs_f64() {
            // Measures again, now with warm caches.
            let each = turn(contestant, repetitions)?.max(1e-9);
            return Ok(((length.as_secs_f64() / each) as u64).max(1));
        }
        repetitions *= 2;
    }
}

/// Returns the seconds per repetition.
fn turn(contestant: &mut Contestant<'_>, repetitions: u64) -> Result<f64> {
    let before = cpu_time()?;
    (contestant.run)(repetitions).context(contestant.name)?;
    let took = cpu_time()?.saturating_sub(before);
    Ok(took.as_secs_f64() / repetitions as f64)
}

/// Returns the lower quartile, the median and the upper quartile.
fn quartiles(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    [1, 2, 3].map(|quarter| sorted.get(last * quarter / 4).copied().unwrap_or_default())
}

fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} us", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}
