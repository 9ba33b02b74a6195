//! Moves types out of features where they are needed without them.
//!
//! In a newer document, a type of a domain without a feature may get a field whose type belongs to
//! a domain with one. That type, and the types it consists of, then moves to the shared module.
//! Types of other domains that only events need move to a module that is compiled with events and
//! with these domains.

use std::collections::{BTreeMap, BTreeSet};

use crate::codegen::layout::{EVENT_CONTENT, EVENTS, Layout};
use crate::codegen::names::type_name;
use stream_spec::{Document, references_in};

const SHARED: &str = "common/shared";

/// Moves types that are needed where their feature may be off. `homes` has the module of every
/// type.
pub(crate) fn open(
    document: &Document,
    events: &BTreeMap<String, String>,
    homes: &mut BTreeMap<String, String>,
    layout: Layout,
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
    uses.push((EVENTS.to_owned(), events.values().map(|name| type_name(name)).collect()));
    for (user, used) in &references {
        if let Some(module) = homes.get(user) {
            uses.push((module.clone(), used.clone()));
        }
    }
    while let Some((module, used)) = uses.pop() {
        for name in used {
            let Some(home) = homes.get_mut(&name).filter(|home| !reaches(layout, &module, home))
            else {
                continue;
            };
            let is_of_events = module == EVENTS || module == EVENT_CONTENT;
            let shared = match layout {
                Layout::Workspace if is_of_events => EVENT_CONTENT,
                _ => SHARED,
            };
            shared.clone_into(home);
            let inner = references.get(&name).cloned().unwrap_or_default();
            uses.push((shared.to_owned(), inner));
        }
    }
}

/// Returns whether a module can always use the types of another.
fn reaches(layout: Layout, module: &str, other: &str) -> bool {
    let Some(needed) = layout.feature_of(other) else { return true };
    layout.feature_of(module).is_some_and(|feature| layout.implies(feature, needed))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        open(&document, &BTreeMap::new(), &mut homes, Layout::Workspace);
        for name in ["Attachment", "Action"] {
            assert_eq!(homes[name], SHARED, "{name}");
        }
        assert_eq!(homes["MessageResponse"], "chat/messages");

        // Events enable the types that they contain, but not their whole domains.
        let mut document = document;
        let union = document.event_union().unwrap().to_owned();
        document.schemas.remove(&union);
        document.operations.clear();
        let mut homes: BTreeMap<String, String> = document
            .schemas
            .keys()
            .map(|name| (type_name(name), "moderation/rules".to_owned()))
            .collect();
        let events = BTreeMap::from([("user.banned".to_owned(), "UserBannedEvent".to_owned())]);
        homes.insert("UserBannedEvent".to_owned(), EVENTS.to_owned());
        open(&document, &events, &mut homes, Layout::Workspace);
        assert_eq!(homes["UserBannedEvent"], EVENTS);
        assert_eq!(homes["UserResponseCommonFields"], EVENT_CONTENT);
        assert_eq!(homes["RuleBuilderRule"], "moderation/rules");
    }
}
