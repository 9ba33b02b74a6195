//! Runs the tests of `browser/` in Chromium: the emulator's inspector, and the marketplace example.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::{chromium, workshop};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Tests to run, by the beginnings of their files' names, such as `inspector/live`; all by
    /// default
    tests: Vec<String>,
    /// Takes the screenshots of the README again
    #[arg(long)]
    update_images: bool,
}

/// The folders of `browser/` that are copied for each run.
const SOURCES: &[&str] = &["inspector", "marketplace", "support"];
/// The packages of the programs that tests run, with the variables for their paths.
const PROGRAMS: &[(&str, &str)] =
    &[("stream-emulator", "EMULATOR"), ("marketplace-app", "MARKETPLACE")];
/// The folder of the README's screenshots.
const IMAGES: &str = "docs/images";
/// The timeout of one test, in milliseconds: far longer than it takes on a busy machine.
const DEADLINE: u32 = 180_000;

/// Runs the tests.
///
/// # Errors
/// A program that they need is not installed; the error says how to install it.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let browser = chromium::find()?;
    let missing = workshop::missing_of_node();
    ensure!(missing.is_empty(), "these are not installed: {}", missing.join("; "));
    let folder = install()?;
    let tests = select(&folder, &options.tests)?;
    let images = folder.join("images");
    workshop::remove(&images)?;
    fs::create_dir_all(&images)?;
    let failures = folder.join("failures");
    workshop::remove(&failures)?;
    fs::create_dir_all(&failures)?;

    let mut command = Command::new("node");
    command
        .current_dir(&folder)
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .arg(format!("--test-timeout={DEADLINE}"))
        .args(&tests)
        .env("CHROMIUM", browser)
        .env("IMAGES", &images)
        .env("FAILURES", &failures)
        .env("MARKETPLACE_DATA", folder.join("marketplace-data"));
    for (package, variable) in PROGRAMS {
        command.env(variable, workshop::build(package)?);
    }
    let status = command.status().context("starting node")?;
    if !status.success() {
        eprintln!("pictures of what failed are in {}", failures.display());
        return Ok(ExitCode::FAILURE);
    }
    if options.update_images {
        let target = stream_spec::workspace_root().join(IMAGES);
        workshop::copy(&images, &target)?;
        println!("the pictures of {} are new", target.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies the tests into the target folder, and installs their packages there.
fn install() -> Result<PathBuf> {
    let folder = workshop::folder("browser")?;
    for name in SOURCES {
        // Removed and renamed tests must not remain.
        workshop::remove(&folder.join(name))?;
    }
    workshop::copy(&stream_spec::workspace_root().join("browser"), &folder)?;
    workshop::once_for(&folder.join("package-lock.json"), || {
        workshop::install_node_packages(&folder)
    })?;
    Ok(folder)
}

/// Returns the files of the selected tests, sorted by name.
fn select(folder: &Path, wanted: &[String]) -> Result<Vec<String>> {
    let mut tests = Vec::new();
    for name in SOURCES {
        let Ok(entries) = fs::read_dir(folder.join(name)) else { continue };
        for entry in entries {
            let file = format!("{name}/{}", entry?.file_name().to_string_lossy());
            if file.ends_with(".test.mjs") {
                tests.push(file);
            }
        }
    }
    tests.sort();
    for beginning in wanted {
        ensure!(
            tests.iter().any(|file| file.starts_with(beginning.as_str())),
            "no test begins with {beginning}: there are {}",
            tests.join(", ")
        );
    }
    tests.retain(|file| {
        wanted.is_empty() || wanted.iter().any(|name| file.starts_with(name.as_str()))
    });
    if tests.is_empty() {
        bail!("there are no tests in {}", folder.display());
    }
    Ok(tests)
}
