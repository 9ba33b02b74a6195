//! The published crates in the order of their dependencies.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    version: String,
    /// The allowed registries: an empty list if it is not published.
    publish: Option<Vec<String>>,
    dependencies: Vec<Dependency>,
}

#[derive(Clone, Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None` for a dependency that users compile.
    kind: Option<String>,
}

impl Package {
    /// Returns the name of its archive without the extension, which is also the folder in the
    /// archive.
    pub(crate) fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// Returns the names of the packages that must be published before it. Its tests may use later
    /// ones.
    fn needs(&self) -> impl Iterator<Item = &str> {
        self.dependencies
            .iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
            .map(|dependency| dependency.name.as_str())
    }
}

/// Returns what `cargo metadata` says about the packages of the workspace.
pub(super) fn metadata(root: &Path) -> Result<String> {
    super::output(root, "cargo", &["metadata", "--no-deps", "--format-version", "1"])
}

/// Returns the published packages, each after its dependencies.
pub(crate) fn published(metadata: &str) -> Result<Vec<Package>> {
    let Metadata { packages } =
        serde_json::from_str(metadata).context("reading the output of cargo metadata")?;
    let (mut waiting, private): (Vec<_>, Vec<_>) = packages.into_iter().partition(|package| {
        package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
    });
    for package in &waiting {
        let hidden = private.iter().find(|other| package.needs().any(|name| name == other.name));
        ensure!(
            hidden.is_none(),
            "{} is published and depends on {}, which is not",
            package.name,
            hidden.map_or("", |other| &other.name)
        );
    }
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let names: Vec<_> = waiting.iter().map(|package| package.name.clone()).collect();
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|package| {
            !package.needs().any(|name| names.iter().any(|other| other == name))
        });
        ensure!(!ready.is_empty(), "these packages depend on each other: {}", names.join(", "));
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn package(name: &str, publish: Value, dependencies: &[(&str, Option<&str>)]) -> Value {
        let dependencies: Vec<_> =
            dependencies.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
        json!({ "name": name, "version": "1.0.0", "publish": publish, "dependencies": dependencies })
    }

    fn order(packages: &[Value]) -> Result<Vec<String>> {
        let packages = published(&json!({ "packages": packages }).to_string())?;
        Ok(packages.into_iter().map(|package| package.name).collect())
    }

    #[test]
    fn a_crate_follows_what_it_depends_on() {
        let packages = [
            package("top", Value::Null, &[("middle", None), ("serde", None)]),
            package("middle", Value::Null, &[("bottom", Some("build"))]),
            // Tests may depend on packages that are published later.
            package("bottom", Value::Null, &[("top", Some("dev"))]),
            package("tool", json!([]), &[("top", None)]),
        ];
        assert_eq!(order(&packages).unwrap(), ["bottom", "middle", "top"]);
    }

    #[test]
    fn a_circular_dependency_is_refused() {
        let packages =
            [package("a", Value::Null, &[("b", None)]), package("b", Value::Null, &[("a", None)])];
        let error = order(&packages).unwrap_err().to_string();
        assert_eq!(error, "these packages depend on each other: a, b");
    }

    #[test]
    fn a_published_crate_cannot_depend_on_one_that_is_not() {
        let packages = [package("a", Value::Null, &[("b", None)]), package("b", json!([]), &[])];
        let error = order(&packages).unwrap_err().to_string();
        assert_eq!(error, "a is published and depends on b, which is not");
    }

    #[test]
    fn the_crates_of_the_workspace_have_an_order() {
        let metadata = metadata(&stream_spec::workspace_root()).unwrap();
        let names: Vec<_> =
            published(&metadata).unwrap().into_iter().map(|package| package.name).collect();
        let place = |name: &str| names.iter().position(|other| other == name).unwrap();
        assert!(place("stream-models") < place("stream-http"), "{names:?}");
        assert!(place("stream-http") < place("stream-chat"), "{names:?}");
        assert!(!names.iter().any(|name| name == "xtask"), "{names:?}");
    }
}
