//! What a crate must not depend on, so that its users compile only what they need.

use super::Outcome;
use super::shell::Shell;
use anyhow::{Result, ensure};

/// A crate with flags of `cargo tree`, and the crates that its dependencies must not name.
const LEAN: &[(&str, &[&str])] = &[
    (
        "stream-auth",
        &["reqwest", "hyper", "h2", "http", "http-body", "hyper-util", "tower", "axum", "tokio"],
    ),
    (
        "stream-models",
        &["reqwest", "hyper", "h2", "hyper-util", "tower", "axum", "jsonwebtoken", "tokio"],
    ),
    ("stream-http", &["jsonwebtoken", "stream-auth"]),
    ("stream-http --no-default-features", &["reqwest", "jsonwebtoken"]),
];

pub(super) fn run(shell: &Shell) -> Result<Outcome> {
    for (flags, forbidden) in LEAN {
        shell.announce(&format!("the tree of {flags} has none of {}", forbidden.join(", ")));
        let arguments = format!("tree --locked --edges normal --prefix none -p {flags}");
        let tree = shell.cargo_output(&arguments)?;
        for name in *forbidden {
            let found = tree.lines().any(|line| line.split(' ').next() == Some(name));
            ensure!(!found, "{name} is among the dependencies of {flags}");
        }
    }
    Ok(Outcome::Passed)
}
