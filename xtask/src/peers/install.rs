//! Copies a peer into the target folder, and installs its packages there.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::peer::{Peer, Runtime};
use crate::workshop::{
    self, copy, install_node_packages, missing_of_node, once_for, remove, succeed, version,
};

/// The oldest supported Python, as major and minor version.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// The interpreters on this machine.
pub(super) struct Tools {
    python: Option<&'static str>,
    chromium: Option<PathBuf>,
}

impl Tools {
    /// Finds the interpreters that the peers need.
    ///
    /// # Errors
    /// One of them is missing or too old; the error names all of these.
    pub(super) fn find(peers: &[Peer]) -> Result<Self> {
        let needs = |runtime| peers.iter().any(|peer| peer.runtime == runtime);
        let mut missing = Vec::new();
        if needs(Runtime::Node) || needs(Runtime::Browser) {
            missing.extend(missing_of_node());
        }
        // `venv` is a separate package on Debian, and lacks `ensurepip` without it.
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

    /// Returns the browser, if a peer needs one.
    pub(super) fn chromium(&self) -> Option<&Path> {
        self.chromium.as_deref()
    }

    /// Returns the command of Node.
    pub(super) fn node(&self) -> &'static Path {
        Path::new("node")
    }

    /// Returns the Python with the packages of the peer in this folder.
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
    let peers = workshop::folder("peers")?;
    copy(&super::sources().join("harness"), &peers.join("harness"))?;
    let folder = peers.join(&peer.name);
    // Removed and renamed journeys must not remain.
    remove(&folder.join("journeys"))?;
    copy(&super::sources().join(&peer.name), &folder)?;
    let lock = folder.join(match peer.runtime {
        Runtime::Node | Runtime::Browser => "package-lock.json",
        Runtime::Python => "requirements.txt",
    });
    if !lock.exists() {
        return Ok(folder);
    }
    once_for(&lock, || {
        eprintln!("installing the packages of {}", peer.name);
        match peer.runtime {
            Runtime::Node | Runtime::Browser => install_node_packages(&folder),
            Runtime::Python => install_python_packages(&folder, &lock, tools),
        }
    })?;
    Ok(folder)
}

fn install_python_packages(folder: &Path, lock: &Path, tools: &Tools) -> Result<()> {
    let venv = folder.join("venv");
    remove(&venv)?;
    let python = tools.python.context("Python is not installed")?;
    succeed(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    let mut command = Command::new(tools.python_of(folder));
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]).arg(lock);
    succeed(&mut command)
}
