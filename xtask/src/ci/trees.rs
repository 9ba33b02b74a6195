//! Checks that crates do not depend on others that their users must not have to compile.

use anyhow::{Result, ensure};

use super::Outcome;
use super::shell::Shell;

/// Crates with flags of `cargo tree`, and the dependencies that they must not have.
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
    ("stream-auth --no-default-features --features webhooks", DERIVES),
    ("stream-models --features full", DERIVES),
    ("stream-chat --features full", DERIVES),
    // ring signs, which rustls needs anyway.
    ("stream-chat --features full", &["hmac", "sha2", "digest", "typenum"]),
    ("stream-http --no-default-features --features hyper,ring", OPTIONAL),
    ("stream-chat --no-default-features --features hyper,ring", OPTIONAL),
];

/// What the default features add to a client over HTTP/1.1: who turns them off compiles none of them.
const OPTIONAL: &[&str] = &[
    "flate2",
    "crc32fast",
    "miniz_oxide",
    "infer",
    "mime_guess",
    "mime",
    "unicase",
    "ipnet",
    "h2",
    "uuid",
];

/// Derives, which bring a parser of Rust along, what supports them, and the crate whose dependencies have three
/// of them. Who signs tokens, calls the API and receives webhooks compiles none of them.
const DERIVES: &[&str] =
    &["jsonwebtoken", "serde", "serde_derive", "syn", "thiserror", "zeroize_derive"];

/// Crates with flags that must not turn on features of reqwest. Cargo unifies features in a build,
/// so ours would change the client of an application. With `rustls-no-provider` and without a
/// provider, `reqwest::Client::new()` panics.
const REQWEST_UNTOUCHED: &[&str] = &[
    "stream-http",
    "stream-http --no-default-features --features reqwest,http2,ring",
    "stream-chat",
    "stream-chat --no-default-features --features reqwest,http2,ring,full,webhooks",
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
    for flags in REQWEST_UNTOUCHED {
        shell.announce(&format!("{flags} turns on no feature of reqwest"));
        let features = reqwest_features(shell, flags)?;
        ensure!(features.is_none_or(|on| on.is_empty()), "{flags} turns on features of reqwest");
    }
    let features = reqwest_features(shell, "stream-http --features reqwest-rustls")?;
    let features = features.unwrap_or_default();
    ensure!(
        features.contains("__rustls-aws-lc-rs") && !features.contains("no-provider"),
        "reqwest-rustls leaves reqwest without a crypto provider: {features}"
    );
    Ok(Outcome::Passed)
}

/// Returns the enabled features of reqwest; `None` if it is not a dependency.
fn reqwest_features(shell: &Shell, flags: &str) -> Result<Option<String>> {
    let arguments =
        format!("tree --locked --edges normal --prefix none --format {{p}};{{f}} -p {flags}");
    let tree = shell.cargo_output(&arguments)?;
    let line = tree.lines().find(|line| line.starts_with("reqwest v"));
    Ok(line
        .and_then(|line| line.split_once(';'))
        .map(|(_, on)| on.trim_end_matches(" (*)").to_owned()))
}
