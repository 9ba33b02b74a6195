//! The cargo features of domains. In `stream-models`, every module that is not listed here is
//! behind the feature of all chat backends.

/// The module of the events, which also has the enum of all of them.
pub(crate) const EVENTS: &str = "events";

/// The module of the types that events contain from domains with a feature. Programs that decode
/// events compile these types without the operations of their domains.
pub(crate) const EVENT_CONTENT: &str = "common/event_content";

/// The feature of each module, or of each folder of modules.
const FEATURES: [(&str, &str); 14] = [
    ("chat/campaigns", "campaigns"),
    ("chat/commands", "admin"),
    ("chat/predefined_filters", "admin"),
    ("chat/retention", "admin"),
    ("chat/segments", "campaigns"),
    ("chat/stats", "admin"),
    ("common/blocklists", "admin"),
    (EVENT_CONTENT, HELD_BY_EVENTS),
    ("common/exports", "admin"),
    ("common/external_storage", "admin"),
    ("common/imports", "admin"),
    ("common/permissions", "admin"),
    ("events", "events"),
    ("moderation/", "moderation"),
];

/// The feature of all other modules.
const CORE: &str = "chat";

/// Stands for any of the features whose modules use the content of events; it is not itself a
/// feature.
const HELD_BY_EVENTS: &str = "event content";

/// The features whose modules use the content of events.
const HOLDERS: [&str; 3] = ["campaigns", EVENTS, "moderation"];

/// The target of the code, which determines its features.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The code is for `stream-models`.
    #[default]
    Workspace,
    /// The code is for a separate crate, with a feature for each folder but the common one.
    Crate,
}

impl Layout {
    /// Returns the feature of a module; `None` if it is always compiled.
    pub(crate) fn feature_of(self, module: &str) -> Option<&str> {
        match self {
            Self::Workspace => feature_of(module),
            Self::Crate => module.split('/').next().filter(|folder| *folder != "common"),
        }
    }

    /// Returns whether a module behind a feature can use those behind another.
    pub(super) fn implies(self, feature: &str, other: &str) -> bool {
        feature == other
            || match self {
                Self::Workspace => other == HELD_BY_EVENTS && HOLDERS.contains(&feature),
                // Events refer to all domains.
                Self::Crate => feature == EVENTS,
            }
    }

    /// Returns the attribute for an item of a module with a line break; empty without a feature.
    pub(crate) fn attribute(self, module: &str, indent: &str) -> String {
        let core = (self == Self::Workspace).then_some(CORE);
        self.feature_of(module)
            .or(core)
            .map(|feature| match feature {
                HELD_BY_EVENTS => {
                    let holders = HOLDERS.map(|holder| format!("feature = {holder:?}"));
                    format!("{indent}#[cfg(any({}))]\n", holders.join(", "))
                }
                feature => format!("{indent}#[cfg(feature = {feature:?})]\n"),
            })
            .unwrap_or_default()
    }
}

/// Returns the feature of a module of `stream-models`, unless it is [`CORE`].
pub(crate) fn feature_of(module: &str) -> Option<&'static str> {
    FEATURES
        .iter()
        .find(|(path, _)| *path == module || (path.ends_with('/') && module.starts_with(path)))
        .map(|(_, feature)| *feature)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_entry_names_a_module_of_the_schema() {
        let document = stream_spec::own().unwrap();
        for (path, _) in FEATURES.into_iter().filter(|(path, _)| *path != EVENT_CONTENT) {
            let named = |module: &String| {
                Layout::Workspace.feature_of(module).is_some() && module.starts_with(path)
            };
            assert!(document.modules.values().any(named), "{path}");
        }
        assert_eq!(Layout::Workspace.feature_of("chat/messages"), None);
        assert_eq!(Layout::Workspace.feature_of("moderation/rules"), Some("moderation"));
    }

    #[test]
    fn the_manifest_has_every_feature() {
        let manifest = stream_spec::workspace_root().join("crates/stream-models/Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        let features = FEATURES.iter().map(|(_, feature)| *feature);
        for feature in features.filter(|feature| *feature != HELD_BY_EVENTS) {
            let line = format!("{feature} = [{CORE:?}]");
            assert!(manifest.lines().any(|other| other == line), "{line}");
        }
    }

    #[test]
    fn a_crate_has_a_feature_for_each_folder() {
        let attribute = |module| Layout::Crate.attribute(module, "");
        assert_eq!(attribute("common/shared"), "");
        assert_eq!(attribute("video/call"), "#[cfg(feature = \"video\")]\n");
        assert!(Layout::Crate.implies("events", "video"));
        assert!(!Layout::Crate.implies("feeds", "video"));
    }
}
