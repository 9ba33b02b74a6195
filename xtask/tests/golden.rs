//! Compares the generated code of each construct of a schema with the expected code,
//! `golden/*.yaml`.
//!
//! With `UPDATE_GOLDEN=1`, the expected code is updated.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use similar::TextDiff;

/// Returns the modules of a crate that are generated from schemas.
fn modules(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(current) = open.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "both_directions" {
                open.push(path);
            } else if path.is_file() && !["lib.rs", "mod.rs", "event.rs"].contains(&name.as_str()) {
                let relative = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(relative, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// Returns the generated modules of a schema file, one after another.
fn generate(spec: &Path, out: &Path) -> String {
    let package = out.join(spec.file_stem().unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--spec"])
        .arg(spec)
        .arg("--crate")
        .arg(&package)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let modules = modules(&package.join("src"));
    modules.iter().map(|(path, module)| format!("// {}\n{module}\n", path.display())).collect()
}

#[test]
fn each_construct_becomes_what_is_expected() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).unwrap();
    // The code has the layout of this repository, wherever the target folder is.
    let style = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml");
    fs::copy(style, out.join("rustfmt.toml")).unwrap();
    let mut constructs = Vec::new();
    let mut differences = String::new();
    for entry in fs::read_dir(&golden).unwrap() {
        let spec = entry.unwrap().path();
        if spec.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        constructs.push(spec.file_stem().unwrap().to_str().unwrap().to_owned());
        let text = generate(&spec, &out);
        let expected = spec.with_extension("rs");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        let present = fs::read_to_string(&expected).unwrap_or_default();
        if text != present {
            let name = expected.file_name().unwrap().to_str().unwrap();
            let diff = TextDiff::from_lines(&present, &text);
            let diff = diff.unified_diff().header(name, "what is generated now").to_string();
            differences += &diff;
        }
    }
    assert!(
        differences.is_empty(),
        "{differences}\nif that is meant, run the test with UPDATE_GOLDEN=1"
    );
    constructs.sort_unstable();
    assert_eq!(constructs, ["enum", "event", "multipart", "query", "struct", "union"]);
}
