//! Keeps types from behind features where they are needed without them.
//!
//! In a newer document, a type of a domain that is always there may come to have a field of a type
//! that belongs to one behind a feature. That type, and what it is made of, is then always there
//! too: it goes to the shared module.

use super::features::feature_of;
use crate::codegen::names::type_name;
use std::collections::{BTreeMap, BTreeSet};
use stream_spec::{Document, references_in};

const SHARED: &str = "common/shared";

/// The features that a feature brings along.
const IMPLIED: [(&str, &[&str]); 1] = [("events", &["campaigns", "moderation"])];

/// Moves what is needed where its feature may be off. `homes` has the module of every type.
pub(crate) fn open(
    document: &Document,
    events: &BTreeMap<String, String>,
    homes: &mut BTreeMap<String, String>,
) {
    let types = |names: BTreeSet<String>| names.iter().map(|name| type_name(name)).collect();
    let references: BTreeMap<String, Vec<String>> = document
        .schemas
        .iter()
        .map(|(name, schema)| (type_name(name), types(references_in(&schema.value))))
        .collect();
    let mut uses: Vec<(String, Vec<String>)> = document
        .operations
        .values()
        .map(|operation| (operation.value.module.clone(), types(operation.value.schemas())))
        .collect();
    uses.push(("events".to_owned(), events.values().map(|name| type_name(name)).collect()));
    for (user, used) in &references {
        if let Some(module) = homes.get(user) {
            uses.push((module.clone(), used.clone()));
        }
    }
    while let Some((module, used)) = uses.pop() {
        for name in used {
            let Some(home) = homes.get_mut(&name).filter(|home| !reaches(&module, home)) else {
                continue;
            };
            SHARED.clone_into(home);
            let inner = references.get(&name).cloned().unwrap_or_default();
            uses.push((SHARED.to_owned(), inner));
        }
    }
}

/// Whether a module can use the types of another whatever features are on.
fn reaches(module: &str, other: &str) -> bool {
    let Some(needed) = feature_of(other) else { return true };
    feature_of(module).is_some_and(|feature| {
        let implied = IMPLIED.iter().find(|(name, _)| *name == feature);
        feature == needed || implied.is_some_and(|(_, implied)| implied.contains(&needed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn features_imply_what_the_manifest_says() {
        let manifest = stream_spec::workspace_root().join("crates/stream-models/Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        for (feature, implied) in IMPLIED {
            let line = format!("{feature} = {implied:?}");
            assert!(manifest.lines().any(|other| other == line), "{line}");
        }
    }

    #[test]
    fn what_is_needed_without_a_feature_is_moved() {
        let document = stream_spec::own().unwrap();
        let mut homes: BTreeMap<String, String> = document
            .schemas
            .keys()
            .map(|name| (type_name(name), "chat/messages".to_owned()))
            .collect();
        for name in ["Attachment", "Action"] {
            homes.insert(name.to_owned(), "moderation/rules".to_owned());
        }
        open(&document, &BTreeMap::new(), &mut homes);
        for name in ["Attachment", "Action"] {
            assert_eq!(homes[name], SHARED, "{name}");
        }
        assert_eq!(homes["MessageResponse"], "chat/messages");
    }
}
