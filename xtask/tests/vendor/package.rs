//! `cargo xtask codegen --crate` writes a crate that compiles by itself.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::compile::warnings;
use crate::{codegen, document, folder, odd, printed, synthetic, text, write_json, xtask};

/// Generates a crate from our schema with everything odd, and returns its folder.
fn generate(name: &str, products: &str) -> PathBuf {
    let folder = folder(name);
    let mut document = document::own();
    odd::add(&mut document);
    let spec = folder.join("vendor.json");
    write_json(&spec, &document);
    let package = folder.join("Stream Extra");
    let mut arguments = vec!["codegen", "--spec", text(&spec), "--crate", text(&package)];
    if !products.is_empty() {
        arguments.extend(["--products", products]);
    }
    printed(&arguments);
    lock(&package);
    package
}

/// Pins the workspace's versions, which are already downloaded.
pub(crate) fn lock(package: &Path) {
    let lock = stream_spec::workspace_root().join("Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).unwrap();
}

#[test]
fn a_crate_of_other_products_compiles_by_itself() {
    let package = generate("crate-products", "video,feeds");
    let files = codegen::files(&package);
    let manifest = &files[Path::new("Cargo.toml")];
    assert!(manifest.contains("name = \"stream-extra\""), "{manifest}");
    assert!(manifest.contains("default = [\"feeds\", \"video\"]"), "{manifest}");
    let readme = &files[Path::new("README.md")];
    assert!(readme.contains("--products video,feeds"), "{readme}");
    // Items that only chat has are missing, and so are our descriptions.
    let all: String = files
        .iter()
        .filter(|(path, _)| path.starts_with("src"))
        .map(|(_, text)| text.as_str())
        .collect();
    assert!(!all.contains("pub struct SendMessage"));
    assert!(all.contains("pub struct OddUpload"));
    let glossary = stream_spec::Words::load(&stream_spec::workspace_root().join("spec")).unwrap();
    let ours = glossary.fields.values().find(|words| all.contains(words.as_str()));
    assert_eq!(ours, None);
    warnings(&package, "both-directions");
}

#[test]
fn a_crate_of_all_products_compiles_by_itself() {
    let folder = folder("crate-all");
    let (spec, package) = (folder.join("vendor.json"), folder.join("all"));
    write_json(&spec, &synthetic::build(7));
    printed(&["codegen", "--spec", text(&spec), "--crate", text(&package)]);
    lock(&package);
    let files = codegen::files(&package);
    let manifest = &files[Path::new("Cargo.toml")];
    for feature in ["chat", "feeds", "moderation", "video", "events"] {
        assert!(manifest.contains(&format!("\n{feature} = [")), "{feature}: {manifest}");
    }
    assert!(files[Path::new("src/events.rs")].contains("Vendor's schema"));
    let operations = files[Path::new("src/lib.rs")].lines();
    let operations = operations.filter(|line| line.ends_with("::INFO,")).count();
    assert_eq!(operations, synthetic::OPERATIONS);
    // `events` enables every product.
    warnings(&package, "events");
}

#[test]
fn files_of_others_are_kept() {
    let package = generate("crate-again", "feeds");
    let (manifest, own) = (package.join("Cargo.toml"), package.join("src/own.rs"));
    fs::write(&manifest, "[package]\nname = \"mine\"\n").unwrap();
    fs::write(&own, "//! Mine.\n").unwrap();
    let stray = package.join("src/feeds/gone.rs");
    let header = fs::read_to_string(package.join("src/lib.rs")).unwrap();
    fs::write(&stray, header).unwrap();
    let spec = package.parent().unwrap().join("vendor.json");
    let arguments =
        ["codegen", "--spec", text(&spec), "--crate", text(&package), "--products", "feeds"];
    printed(&arguments);
    assert!(fs::read_to_string(&manifest).unwrap().contains("mine"));
    assert!(own.exists());
    assert!(!stray.exists());
    let checked = [&arguments[..], &["--check"]].concat();
    printed(&checked);
    fs::write(package.join("README.md"), "").unwrap();
    assert!(!xtask(&checked).status.success());
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let folder = folder("crate-refused");
    let spec = folder.join("vendor.json");
    write_json(&spec, &document::own());
    let package = folder.join("out");
    for (arguments, told) in [
        (vec!["codegen", "--spec", text(&spec)], "--spec needs --crate or --out"),
        (vec!["codegen", "--crate", text(&package)], "--spec"),
        (
            vec!["codegen", "--spec", text(&spec), "--out", text(&package), "--products", "chat"],
            "--crate",
        ),
        (
            vec![
                "codegen",
                "--spec",
                text(&spec),
                "--crate",
                text(&package),
                "--products",
                "chat,vidoe",
            ],
            "no product vidoe: it has chat, common, moderation",
        ),
    ] {
        let output = xtask(&arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(told), "{arguments:?}: {error}");
    }
    assert!(!package.exists());
    let document: Value = serde_json::from_str(&fs::read_to_string(&spec).unwrap()).unwrap();
    assert!(document["paths"].is_object());
}
