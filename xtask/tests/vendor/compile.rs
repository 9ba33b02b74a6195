//! Compiles the code that is generated from the vendor's documents without a warning.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{document, folder, odd, printed, text, write_json};

/// Copies a folder without its generated files and tests.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_file() {
            fs::copy(&path, to.join(name)).unwrap();
        } else if !["generated", "tests", "target", "benches", "examples"]
            .iter()
            .any(|skipped| name == *skipped)
        {
            copy(&path, &to.join(name));
        }
    }
}

/// Returns a workspace manifest for this one crate, which refers to the others by path.
fn manifest(root: &Path, member: &str) -> String {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let crates = format!("path = \"{}/crates/", root.display());
    let lines = text.lines().map(|line| {
        if line.starts_with("members") {
            format!("members = [{member:?}]")
        } else {
            line.replace("path = \"crates/", &crates)
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Generates the code for a document in a copy of `stream-models`, and checks it with some
/// features.
fn check(name: &str, document: &Value, features: &[&str]) {
    let folder = folder(&format!("check-{name}"));
    let root = stream_spec::workspace_root();
    let package = folder.join("stream-models");
    copy(&root.join("crates/stream-models"), &package);
    fs::write(folder.join("Cargo.toml"), manifest(&root, "stream-models")).unwrap();
    // The same versions are already downloaded.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let own = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    let (before, after) = own.split_once("[dev-dependencies]").unwrap();
    let (_, after) = after.split_once("\n[").unwrap();
    fs::write(package.join("Cargo.toml"), format!("{before}[{after}")).unwrap();

    let spec = folder.join("vendor.json");
    write_json(&spec, document);
    let out = package.join("src/generated");
    printed(&["codegen", "--spec", text(&spec), "--out", text(&out)]);

    for features in features {
        warnings(&package, features);
    }
}

/// Checks a package, which must compile without warnings.
pub(crate) fn warnings(package: &Path, features: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--message-format=json", "--target-dir"])
        .arg(target)
        .args(["--features", features])
        .current_dir(package)
        .output()
        .unwrap();
    let messages = String::from_utf8(output.stdout).unwrap();
    let told: Vec<String> = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|message| Some(message.pointer("/message/rendered")?.as_str()?.to_owned()))
        .collect();
    let first: String = told.iter().take(20).map(String::as_str).collect();
    assert!(told.is_empty(), "{features:?}: {} messages, the first of them:\n{first}", told.len());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{features:?}: {error}");
}

#[test]
fn what_is_odd_compiles() {
    let mut document = document::own();
    odd::add(&mut document);
    check("odd", &document, &["", "full,both-directions"]);
}
