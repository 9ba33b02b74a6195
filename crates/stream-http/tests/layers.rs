//! The modules of the crate form layers, and imports point down.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the top down. A module may import only modules below it, and nothing from the
/// root of the crate, whose names come from the modules.
const FLOORS: [&str; 13] = [
    "executor",
    "call",
    "transport",
    "tls",
    "response",
    "request",
    "policy",
    "auth",
    "body",
    "error",
    "redact",
    "rate_limit",
    "runtime",
];

/// The modules of `call` from the top down.
const STAGES: [&str; 8] =
    ["mod", "retry_loop", "exchange", "attempt", "prepare", "trace", "stall", "state"];

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns the words that follow `prefix` in the code of a file, without comments and tests.
fn named_after(text: &str, prefix: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap());
    lines
        .flat_map(|line| line.split(prefix).skip(1))
        .flat_map(|rest| {
            let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
            match group {
                Some(group) => group.split(',').map(str::to_owned).collect(),
                None => vec![rest.to_owned()],
            }
        })
        .map(|rest| rest.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

fn floor(floors: &[&str], name: &str) -> Option<usize> {
    floors.iter().position(|floor| *floor == name)
}

#[test]
fn no_import_points_upward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports = 0;
    for path in sources(&root) {
        let inside = path.strip_prefix(&root).unwrap();
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = floor(&FLOORS, module)
            .unwrap_or_else(|| panic!("give the module `{module}` a floor in this test"));
        for name in named_after(&fs::read_to_string(&path).unwrap(), "crate::") {
            let target = floor(&FLOORS, &name)
                .unwrap_or_else(|| panic!("{}: import `{name}` from its module", inside.display()));
            assert!(target >= own, "{}: `{name}` stands above `{module}`", inside.display());
            imports += 1;
        }
    }
    assert!(imports > 100, "{imports} imports are too few to believe");
}

#[test]
fn the_stages_of_a_call_do_not_look_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/call");
    let mut imports = 0;
    for path in sources(&root) {
        let stage = path.file_stem().unwrap().to_str().unwrap();
        let own = floor(&STAGES, stage)
            .unwrap_or_else(|| panic!("give the stage `{stage}` a place in this test"));
        for name in named_after(&fs::read_to_string(&path).unwrap(), "super::") {
            let target = floor(&STAGES, &name)
                .unwrap_or_else(|| panic!("{stage}: import `{name}` from its stage"));
            assert!(target > own, "`{stage}` imports `{name}`, which comes before it");
            imports += 1;
        }
    }
    assert!(imports > 5, "{imports} imports are too few to believe");
}
