//! The peers: their runtimes and journeys.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The runtime of a peer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runtime {
    /// Node, with packages that `npm` installs from `package-lock.json`.
    Node,
    /// Node as in [`Runtime::Node`], with Chromium, which the journeys control.
    Browser,
    /// Python, with packages that `pip` installs from `requirements.txt` if there is one.
    Python,
}

/// A published client with its journeys.
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) runtime: Runtime,
    /// The names of the journeys, sorted.
    pub(super) journeys: Vec<String>,
}

const PEERS: [(&str, Runtime); 7] = [
    ("rest", Runtime::Python),
    ("node-sdk", Runtime::Node),
    ("getstream-py", Runtime::Python),
    ("stream-chat-js", Runtime::Node),
    ("stream-chat-live", Runtime::Node),
    ("stream-chat-react", Runtime::Browser),
    ("stream-chat-py", Runtime::Python),
];

/// Returns all peers with all their journeys.
pub(super) fn all() -> Result<Vec<Peer>> {
    PEERS
        .iter()
        .map(|&(name, runtime)| {
            let journeys = journeys(&super::sources().join(name).join("journeys"))?;
            Ok(Peer { name: name.to_owned(), runtime, journeys })
        })
        .collect()
}

fn journeys(folder: &Path) -> Result<Vec<String>> {
    let files = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut names = Vec::new();
    for file in files {
        let path = file?.path();
        let is_journey = path.extension().is_some_and(|suffix| suffix == "mjs" || suffix == "py");
        if let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
            && is_journey
        {
            names.push(stem.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
