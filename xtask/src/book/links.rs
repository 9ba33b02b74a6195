//! Links between the Markdown files of the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The links and anchors of a Markdown file.
struct Page {
    targets: Vec<String>,
    anchors: Vec<String>,
}

/// Returns the broken links, each with its file. Links to other hosts are not checked.
pub(super) fn broken(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.md"])
        .output()
        .context("starting git")?;
    ensure!(output.status.success(), "git cannot list the Markdown files");
    let mut pages = BTreeMap::new();
    for path in String::from_utf8(output.stdout)?.lines() {
        // A file that was deleted and not committed is still listed.
        if let Ok(text) = fs::read_to_string(root.join(path)) {
            pages.insert(PathBuf::from(path), read(&text));
        }
    }
    let mut broken = Vec::new();
    for (path, page) in &pages {
        for target in &page.targets {
            if !leads_somewhere(root, &pages, path, target) {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    Ok(broken)
}

fn leads_somewhere(
    root: &Path,
    pages: &BTreeMap<PathBuf, Page>,
    from: &Path,
    target: &str,
) -> bool {
    // rustdoc resolves links to items; links to other hosts are not checked.
    if target.starts_with("crate::") || target.contains("://") || target.starts_with("mailto:") {
        return true;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { Some(from.to_owned()) } else { resolve(from, file) };
    let Some(path) = path else { return false };
    if !root.join(&path).exists() {
        return false;
    }
    let anchors = pages.get(&path).map(|page| &page.anchors);
    anchor.is_empty() || anchors.is_none_or(|anchors| anchors.iter().any(|other| other == anchor))
}

/// Returns the path that a link in a file refers to; `None` if it leaves the repository.
fn resolve(from: &Path, target: &str) -> Option<PathBuf> {
    let mut path = from.parent()?.to_owned();
    for component in Path::new(target).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

fn read(markdown: &str) -> Page {
    let mut page = Page { targets: Vec::new(), anchors: Vec::new() };
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.targets.push(dest_url.into_string());
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(text) = heading.take() {
                    page.anchors.push(anchor(&text));
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    page
}

/// Returns the anchor of a heading on GitHub and in mdBook.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_anchors_are_found() {
        let page = read("# What `it` is, in short\n[a](b.md#c) ![d](e.png)\n\n[f]\n\n[f]: g.md\n");
        assert_eq!(page.targets, ["b.md#c", "e.png", "g.md"]);
        assert_eq!(page.anchors, ["what-it-is-in-short"]);
    }

    #[test]
    fn a_link_is_resolved_from_its_file() {
        let from = Path::new("docs/a.md");
        assert_eq!(resolve(from, "../b/./c.md"), Some("b/c.md".into()));
        assert_eq!(resolve(from, "../../c.md"), None);
        assert_eq!(resolve(from, "/c.md"), None);
    }

    #[test]
    fn a_link_into_nothing_is_told_from_one_that_holds() {
        let root = stream_spec::workspace_root();
        let pages = BTreeMap::from([("README.md".into(), read("# Here"))]);
        let holds = |target| leads_somewhere(&root, &pages, Path::new("README.md"), target);
        for target in
            ["Cargo.toml", "#here", "README.md#here", "crate::Client", "https://a.example/"]
        {
            assert!(holds(target), "{target}");
        }
        for target in ["Cargo.tom", "#there", "README.md#there", "../README.md"] {
            assert!(!holds(target), "{target}");
        }
    }
}
