//! Runs every command on reconstructions of the vendor's published documents with all their quirks.

#![recursion_limit = "512"]
#![cfg(test)]

mod chain;
mod chain_large;
mod codegen;
mod compile;
mod diff;
mod document;
mod habits;
mod import;
mod odd;
mod package;
mod synthetic;
mod unusual;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Returns a new empty folder in the target directory.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendor").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write_json(path: &Path, document: &Value) {
    fs::write(path, serde_json::to_string_pretty(document).unwrap()).unwrap();
}

fn write_yaml(path: &Path, document: &Value) {
    fs::write(path, stream_spec::to_yaml(document)).unwrap();
}

/// Runs a command of xtask.
fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

/// Returns the output of a successful command of xtask.
fn printed(arguments: &[&str]) -> String {
    let output = xtask(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
