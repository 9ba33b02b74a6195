//! Copies a peer into the target folder, and installs its packages there.

use super::peer::{Peer, Runtime};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Python that the pinned packages run on, as major and minor version.
const OLDEST_PYTHON: (u32, u32) = (3, 10);
/// The oldest Node, as major version.
const OLDEST_NODE: u32 = 20;

/// The interpreters of this machine.
pub(super) struct Tools {
    python: Option<&'static str>,
    chromium: Option<PathBuf>,
}

impl Tools {
    /// Looks for what the peers need.
    ///
    /// # Errors
    /// Something is missing or too old: the error names all of it.
    pub(super) fn find(peers: &[Peer]) -> Result<Self> {
        let needs = |runtime| peers.iter().any(|peer| peer.runtime == runtime);
        let mut missing = Vec::new();
        if needs(Runtime::Node) || needs(Runtime::Browser) {
            if version("node", &["--version"]).is_none_or(|(major, _)| major < OLDEST_NODE) {
                missing.push(format!("Node {OLDEST_NODE} or newer (`node`)"));
            }
            if version(npm(), &["--version"]).is_none() {
                missing.push("npm (`npm`)".to_owned());
            }
        }
        // `venv` is a package of its own on Debian, and `ensurepip` is what it lacks.
        let probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
        let python = ["python3", "python"]
            .into_iter()
            .find(|name| version(name, &["-c", probe]).is_some_and(|found| found >= OLDEST_PYTHON));
        if needs(Runtime::Python) && python.is_none() {
            let (major, minor) = OLDEST_PYTHON;
            missing.push(format!("Python {major}.{minor} or newer with venv (`python3`)"));
        }
        let chromium = match needs(Runtime::Browser).then(crate::chromium::find).transpose() {
            Ok(found) => found,
            Err(error) => {
                missing.push(error.to_string());
                None
            }
        };
        ensure!(missing.is_empty(), "these are not installed: {}", missing.join("; "));
        Ok(Self { python, chromium })
    }

    /// The browser, if a peer needs one.
    pub(super) fn chromium(&self) -> Option<&Path> {
        self.chromium.as_deref()
    }

    /// The command of Node.
    pub(super) fn node(&self) -> &'static Path {
        Path::new("node")
    }

    /// The Python with the packages of the peer in this folder.
    pub(super) fn python_of(&self, folder: &Path) -> PathBuf {
        let venv = folder.join("venv");
        if !venv.exists() {
            return PathBuf::from(self.python.unwrap_or("python3"));
        }
        if cfg!(windows) { venv.join("Scripts/python.exe") } else { venv.join("bin/python") }
    }
}

/// Installs a peer, and returns its folder.
pub(super) fn install(peer: &Peer, tools: &Tools) -> Result<PathBuf> {
    let workshop = super::workshop()?;
    copy(&super::sources().join("harness"), &workshop.join("harness"))?;
    let folder = workshop.join(&peer.name);
    // A journey that was removed or renamed must not run any more.
    remove(&folder.join("journeys"))?;
    copy(&super::sources().join(&peer.name), &folder)?;
    let lock = folder.join(match peer.runtime {
        Runtime::Node | Runtime::Browser => "package-lock.json",
        Runtime::Python => "requirements.txt",
    });
    if !lock.exists() {
        return Ok(folder);
    }
    let wanted = read(&lock)?;
    let stamp = folder.join("installed.txt");
    if stamp.exists() && read(&stamp)? == wanted {
        return Ok(folder);
    }
    eprintln!("installing the packages of {}", peer.name);
    match peer.runtime {
        Runtime::Node | Runtime::Browser => {
            let mut command = Command::new(npm());
            command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
            succeed(command.current_dir(&folder))?;
        }
        Runtime::Python => {
            let venv = folder.join("venv");
            remove(&venv)?;
            let python = tools.python.context("Python is not installed")?;
            succeed(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
            let mut command = Command::new(tools.python_of(&folder));
            command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
            command
                .args(["--require-hashes", "--only-binary", ":all:", "--requirement"])
                .arg(&lock);
            succeed(&mut command)?;
        }
    }
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(folder)
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// The major and minor version that a command prints, if it runs.
fn version(program: &str, arguments: &[&str]) -> Option<(u32, u32)> {
    let output = Command::new(program).args(arguments).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

/// Copies a folder over another one.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copying to {}", target.display()))?;
        }
    }
    Ok(())
}
