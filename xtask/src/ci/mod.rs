//! The checks that every change must pass, step by step; `.ci/run` runs all of them.

mod book;
mod compilers;
mod imports;
mod minimal;
mod module_docs;
mod outside;
mod packages;
mod redis;
mod shell;
mod sources;
mod sqs;
mod steps;
mod tools;
mod trees;

use std::time::Instant;

use anyhow::{Context, Result, bail};

use shell::Shell;
use steps::STEPS;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The steps to run, in the order of the list; all of them by default
    steps: Vec<String>,
    /// Lists the steps
    #[arg(long)]
    list: bool,
}

/// Runs the tests that need a Redis server.
pub(crate) fn test_redis() -> Result<()> {
    redis::test(&Shell::new(Instant::now()))
}

/// Runs the tests of the SQS worker example.
pub(crate) fn test_sqs() -> Result<()> {
    sqs::test(&Shell::new(Instant::now()))
}

/// One check.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Shell) -> Result<Outcome>,
}

enum Outcome {
    Passed,
    /// The step needs a tool that is missing; the text names it and says how to install it.
    NotRun(String),
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        for step in STEPS {
            println!("{:<12}{}", step.name, step.what);
        }
        return Ok(());
    }
    for name in &options.steps {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("there is no step `{name}`; `cargo xtask ci --list` lists them");
        }
    }
    let chosen = STEPS.iter().filter(|step| {
        options.steps.is_empty() || options.steps.iter().any(|name| name == step.name)
    });

    let shell = Shell::new(Instant::now());
    let mut passed = 0;
    let mut not_run = Vec::new();
    for step in chosen {
        let outcome = (step.run)(&shell).with_context(|| {
            format!("the step `{0}` failed; alone: cargo xtask ci {0}", step.name)
        })?;
        match outcome {
            Outcome::Passed => passed += 1,
            Outcome::NotRun(reason) => {
                shell.announce(&format!("NOT RUN: {}: {reason}", step.name));
                not_run.push(step.name);
            }
        }
    }
    shell.announce("done");
    if !not_run.is_empty() {
        println!("not run: {}", not_run.join(", "));
    }
    println!("steps: {passed} passed, 0 failed, {} skipped", not_run.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::steps::STEPS;

    #[test]
    fn the_workflow_runs_every_step() {
        let path = stream_spec::workspace_root().join(".github/workflows/ci.yml");
        let workflow = std::fs::read_to_string(path).unwrap();
        for step in STEPS {
            let found = workflow.lines().any(|line| line.trim() == format!("- {}", step.name));
            assert!(
                found,
                "add the step `{}` to the matrix of .github/workflows/ci.yml",
                step.name
            );
        }
    }
}
