//! A separate package outside the workspace, whose compilation is measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::cpu;

/// The content of a package.
pub(super) struct Recipe<'a> {
    pub(super) name: &'a str,
    /// The lines below `[dependencies]`.
    pub(super) dependencies: String,
    /// `lib.rs` or `main.rs`.
    pub(super) file: &'a str,
    pub(super) code: &'a str,
}

/// A package with its own target folder. Dropping it deletes both.
pub(super) struct Package {
    name: String,
    folder: PathBuf,
}

impl Package {
    /// Writes the package and fetches its dependencies, so that builds need no network.
    pub(super) fn write(root: &Path, recipe: &Recipe<'_>) -> Result<Self> {
        let package = Self {
            name: recipe.name.to_owned(),
            folder: root.join("target/bench").join(recipe.name),
        };
        package.remove()?;
        let sources = package.folder.join("src");
        fs::create_dir_all(&sources).with_context(|| sources.display().to_string())?;
        // It is its own workspace, so that the profiles of the surrounding one do not apply.
        let manifest = format!(
            "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{}\n",
            recipe.name, recipe.dependencies
        );
        write(&package.folder.join("Cargo.toml"), &manifest)?;
        write(&sources.join(recipe.file), recipe.code)?;
        // The versions are those of the workspace; cargo drops unused ones.
        let lock = root.join("Cargo.lock");
        if lock.exists() {
            fs::copy(&lock, package.folder.join("Cargo.lock")).context("copying Cargo.lock")?;
        }
        package.cargo(&["fetch"], "0")?;
        Ok(package)
    }

    /// Compiles everything that is not compiled yet, and returns the seconds of CPU time.
    pub(super) fn build(&self) -> Result<f64> {
        self.timed(&["build", "--offline", "--quiet"], "0")
    }

    /// Compiles again after a change to the program, and returns the seconds of CPU time.
    pub(super) fn rebuild_changed(&self) -> Result<f64> {
        let build = ["build", "--offline", "--quiet"];
        // This creates the incremental files that the next compilation uses.
        self.timed(&build, "1")?;
        let mut times = Vec::new();
        for _ in 0..3 {
            let program = self.folder.join("src/main.rs");
            let mut code = fs::read_to_string(&program)?;
            code.push_str("// A change.\n");
            write(&program, &code.replacen("Hello, ", "Hello, hello, ", 1))?;
            times.push(self.timed(&build, "1")?);
        }
        times.sort_by(f64::total_cmp);
        times.get(1).copied().context("nothing was measured")
    }

    /// Builds the program with optimizations and without symbols, and returns its size in bytes.
    pub(super) fn release_size(&self) -> Result<u64> {
        self.timed(&["build", "--offline", "--quiet", "--release"], "0")?;
        let program = self.folder.join("target/release").join(&self.name);
        let program = program.with_extension(std::env::consts::EXE_EXTENSION);
        Ok(fs::metadata(&program).with_context(|| program.display().to_string())?.len())
    }

    fn timed(&self, arguments: &[&str], incremental: &str) -> Result<f64> {
        let before = cpu::children()?;
        self.cargo(arguments, incremental)?;
        Ok(cpu::children()?.saturating_sub(before).as_secs_f64())
    }

    /// Compiles one package again, and returns the seconds of CPU time.
    pub(super) fn rebuild(&self, package: &str) -> Result<f64> {
        self.cargo(&["clean", "--offline", "--package", package], "0")?;
        self.build()
    }

    fn cargo(&self, arguments: &[&str], incremental: &str) -> Result<()> {
        let output = Command::new(crate::cargo())
            .current_dir(&self.folder)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", incremental)
            // A compiler cache would be measured in place of the compiler.
            .env("RUSTC_WRAPPER", "")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .output()
            .context("starting cargo")?;
        ensure!(
            output.status.success(),
            "{}: cargo {} failed:\n{}",
            self.name,
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| self.folder.display().to_string())
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            eprintln!("warning: {error:#}");
        }
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| path.display().to_string())
}
