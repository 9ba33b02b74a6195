//! Installs the packages of the front end, and bundles it into one script.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// The sources of the bundle, in this crate.
const SOURCES: &[(&str, &str)] = &[
    ("package.json", include_str!("../web/package.json")),
    ("package-lock.json", include_str!("../web/package-lock.json")),
    ("app.js", include_str!("../web/app.js")),
];

/// Installs the packages into a folder unless they are there, and returns the script.
pub(crate) async fn bundle(folder: &Path) -> Result<String> {
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let stamp = folder.join("installed.json");
    for (name, content) in SOURCES {
        fs::write(folder.join(name), content)?;
    }
    let lock = SOURCES.iter().find(|(name, _)| *name == "package-lock.json").map(|entry| entry.1);
    if fs::read_to_string(&stamp).ok().as_deref() != lock {
        println!("Installing the packages of the front end");
        run(folder, npm(), &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            .await?;
        fs::copy(folder.join("package-lock.json"), &stamp)?;
    }
    let esbuild = "node_modules/esbuild/bin/esbuild";
    let flags = [
        esbuild,
        "app.js",
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--outfile=bundle.js",
        "--log-level=warning",
    ];
    run(folder, "node", &flags).await?;
    Ok(fs::read_to_string(folder.join("bundle.js"))?)
}

async fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .status()
        .await
        .with_context(|| format!("starting {program}: Node 20 or newer with npm is needed"))?;
    ensure!(status.success(), "{program} {} failed: {status}", arguments.join(" "));
    Ok(())
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
