//! Formats all files in one rustfmt process, since starting it costs more than formatting a file.

use std::ffi::OsString;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::Files;

/// The line between two files.
const SEPARATOR: &str = "// xtask: the next file";

/// The advice if rustfmt is missing.
const HINT: &str = "install it with `rustup component add rustfmt`, or name its path in `RUSTFMT`";

/// Formats every Rust file as `cargo fmt` does in that folder. Other files are not changed.
pub(super) fn format(folder: &Path, files: &mut Files) -> Result<()> {
    let is_rust = |path: &Path| path.extension().is_some_and(|extension| extension == "rs");
    let mut all = String::new();
    let mut heads = Vec::new();
    for (_, text) in files.iter().filter(|(path, _)| is_rust(path)) {
        let (head, body) = split(text);
        all.extend([SEPARATOR, "\n\n", body, "\n"]);
        heads.push(head.trim_end().to_owned());
    }
    let formatted = rustfmt(folder, all)?;
    let bodies: Vec<&str> = formatted.split(SEPARATOR).skip(1).map(str::trim).collect();
    ensure!(bodies.len() == heads.len(), "rustfmt dropped a comment between two files");
    let texts = files.iter_mut().filter(|(path, _)| is_rust(path)).map(|(_, text)| text);
    for ((text, head), body) in texts.zip(heads).zip(bodies) {
        let parts = [head.as_str(), body].into_iter().filter(|part| !part.is_empty());
        *text = parts.collect::<Vec<_>>().join("\n\n") + "\n";
    }
    Ok(())
}

/// Splits off the header of a file, its mark, documentation and attributes, which is not formatted.
fn split(text: &str) -> (&str, &str) {
    let is_head = |line: &&str| {
        let line = line.trim_end();
        let is_comment = line.starts_with("//") && !line.starts_with("///");
        line.is_empty() || is_comment || line.starts_with("#![")
    };
    let length = text.split_inclusive('\n').take_while(is_head).map(str::len).sum();
    text.split_at_checked(length).unwrap_or((text, ""))
}

fn rustfmt(folder: &Path, text: String) -> Result<String> {
    let program = std::env::var_os("RUSTFMT").unwrap_or_else(|| OsString::from("rustfmt"));
    let started = Command::new(&program)
        .args(["--edition", "2024"])
        // rustfmt looks for its configuration in this folder and its parents.
        .current_dir(existing(folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut process = match started {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{} is missing, which formats the code: {HINT}", program.display())
        }
        started => started.with_context(|| format!("starting {}", program.display()))?,
    };
    let input = process.stdin.take();
    // rustfmt writes while it reads if it has many errors to report.
    let writer = std::thread::spawn(move || {
        input.map_or(Ok(()), |mut input| input.write_all(text.as_bytes()))
    });
    let output = process.wait_with_output().context("waiting for rustfmt")?;
    let written = writer.join();
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        let told = told.trim();
        if told.contains("not installed") {
            bail!("rustfmt, which formats the code, is missing: {HINT}: {told}");
        }
        bail!("rustfmt does not take what was generated: {told}");
    }
    if !matches!(written, Ok(Ok(()))) {
        bail!("rustfmt did not read what was generated");
    }
    String::from_utf8(output.stdout).context("what rustfmt writes is not UTF-8")
}

/// Returns the folder, or its nearest existing parent.
fn existing(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute.ancestors().find(|folder| folder.is_dir());
    found.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_formatted_by_itself() {
        let text = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
        let mut files = Files::from([
            text("Cargo.toml", "a=1"),
            text(
                "a.rs",
                "// mark\n\n//! Docs.\n\n#![allow(dead_code)]\n\nuse b::C;\nuse a::{B};\npub struct A{pub a:u8}\n",
            ),
            text("b.rs", "// mark\nmod elsewhere;\n"),
            text("c.rs", "// mark\n"),
        ]);
        format(Path::new("nowhere/at/all"), &mut files).unwrap();
        let of = |path: &str| files[Path::new(path)].as_str();
        assert_eq!(of("Cargo.toml"), "a=1");
        assert_eq!(
            of("a.rs"),
            "// mark\n\n//! Docs.\n\n#![allow(dead_code)]\n\nuse a::B;\nuse b::C;\npub struct A {\n    pub a: u8,\n}\n"
        );
        assert_eq!(of("b.rs"), "// mark\n\nmod elsewhere;\n");
        assert_eq!(of("c.rs"), "// mark\n");
    }

    #[test]
    fn invalid_rust_is_refused() {
        let mut files = Files::from([(PathBuf::from("a.rs"), "pub struct {".to_owned())]);
        let error = format(Path::new("."), &mut files).unwrap_err().to_string();
        assert!(error.contains("does not take what was generated"), "{error}");
    }
}
