//! Compares schemas, and imports newer ones.

mod diff;
mod import;
mod placement;
mod python;
mod structure;

pub(crate) use placement::{place, product_of};

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use structure::Structure;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Tells what changed from one schema to another; fails if it breaks callers
    Diff(DiffOptions),
    /// Takes the structure of a newer document over into the schema folder
    Import(ImportOptions),
    /// Writes the files of the schema folder in the form that an import writes
    Format(FormatOptions),
    /// Tells what the models of the official Python package have that the schema has not
    ComparePython(PythonOptions),
}

#[derive(clap::Args)]
pub(crate) struct FormatOptions {
    /// The schema folder [default: spec]
    #[arg(long)]
    spec: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct PythonOptions {
    /// The folder `getstream` of the unpacked package
    package: PathBuf,
    /// The schema to compare with [default: spec]
    #[arg(long)]
    spec: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct DiffOptions {
    /// The earlier schema: a file, or a folder of fragments, JSON or YAML
    old: PathBuf,
    /// The later one
    new: PathBuf,
    /// Write JSON instead of text; every change stands by itself
    #[arg(long)]
    json: bool,
    /// List every place of a change that is at many places
    #[arg(long)]
    all: bool,
}

#[derive(clap::Args)]
pub(crate) struct ImportOptions {
    /// The newer document: a file, or a folder of fragments, JSON or YAML
    new: PathBuf,
    /// The schema folder to change [default: spec]
    #[arg(long)]
    spec: Option<PathBuf>,
    /// Tell what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take the document over even if it is older than the schema folder
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Diff(options) => diff(options),
        Command::Import(options) => import(options),
        Command::Format(options) => format(options),
        Command::ComparePython(options) => compare_python(options),
    }
}

fn diff(options: &DiffOptions) -> Result<ExitCode> {
    let read = |path: &PathBuf| {
        let structure = Structure::of(&stream_spec::parts(path)?);
        let is_empty = structure.operations.is_empty() && structure.schemas.is_empty();
        ensure!(!is_empty, "{}: neither paths nor components.schemas", path.display());
        Ok(structure)
    };
    let report = diff::compare(&read(&options.old)?, &read(&options.new)?);
    if options.json {
        say(&(serde_json::to_string_pretty(&report).context("writing JSON")? + "\n"))?;
    } else {
        let text = if options.all { report.in_full().to_string() } else { report.to_string() };
        say(&text)?;
    }
    Ok(if report.breaking.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn import(options: &ImportOptions) -> Result<ExitCode> {
    let own = stream_spec::workspace_root().join("spec");
    let folder = options.spec.as_ref().unwrap_or(&own);
    let mode = import::Mode { rehearsal: options.dry_run, force: options.force };
    let outcome = import::import(&options.new, folder, mode)?;
    let mut text = outcome.report.to_string();
    for (title, lines) in [
        ("files", &outcome.files),
        ("names", &outcome.notes),
        ("products that spec/ does not have, left out", &outcome.left_out),
        (
            "no longer required, but kept so for callers: remove it from `required` to make it optional",
            &outcome.kept,
        ),
        (
            "in both directions now, which changes the type: to keep it, give one direction a schema with another name",
            &outcome.widened,
        ),
        ("names what is gone: change or remove it", &outcome.mentions),
        ("wants a description", &outcome.wanting),
    ] {
        if !lines.is_empty() {
            text += &format!("\n{title} ({})\n  {}\n", lines.len(), lines.join("\n  "));
        }
    }
    say(&text)?;
    crate::codegen::print(&outcome.warnings, false);
    Ok(ExitCode::SUCCESS)
}

fn format(options: &FormatOptions) -> Result<ExitCode> {
    let own = stream_spec::workspace_root().join("spec");
    let files = import::format(options.spec.as_ref().unwrap_or(&own))?;
    say(&files.iter().map(|file| format!("{file}\n")).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

fn compare_python(options: &PythonOptions) -> Result<ExitCode> {
    let own = stream_spec::workspace_root().join("spec");
    let document = stream_spec::load(options.spec.as_ref().unwrap_or(&own))?;
    say(&python::compare(&options.package, &document)?.to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes to the standard output, whose reader may stop early.
fn say(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("writing to the standard output")
        }
        _ => Ok(()),
    }
}
