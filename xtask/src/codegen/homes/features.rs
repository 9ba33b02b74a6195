//! Which domains of `stream-models` stand behind a cargo feature. Whatever is not named here is what
//! every chat backend uses, and is always there.

/// The feature of each module, or of each folder of modules.
const FEATURES: [(&str, &str); 13] = [
    ("chat/campaigns", "campaigns"),
    ("chat/commands", "admin"),
    ("chat/predefined_filters", "admin"),
    ("chat/retention", "admin"),
    ("chat/segments", "campaigns"),
    ("chat/stats", "admin"),
    ("common/blocklists", "admin"),
    ("common/exports", "admin"),
    ("common/external_storage", "admin"),
    ("common/imports", "admin"),
    ("common/permissions", "admin"),
    ("events", "events"),
    ("moderation/", "moderation"),
];

/// The feature without which a module is not compiled.
pub(crate) fn feature_of(module: &str) -> Option<&'static str> {
    FEATURES
        .iter()
        .find(|(path, _)| *path == module || (path.ends_with('/') && module.starts_with(path)))
        .map(|(_, feature)| *feature)
}

/// The attribute before what belongs to a module, with a line break, or nothing.
pub(crate) fn attribute(module: &str, indent: &str) -> String {
    feature_of(module)
        .map(|feature| format!("{indent}#[cfg(feature = {feature:?})]\n"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_names_a_module_of_the_schema() {
        let document = stream_spec::own().unwrap();
        for (path, _) in FEATURES {
            let named = |module: &String| feature_of(module).is_some() && module.starts_with(path);
            assert!(document.modules.values().any(named), "{path}");
        }
        assert_eq!(feature_of("chat/messages"), None);
        assert_eq!(feature_of("moderation/rules"), Some("moderation"));
    }
}
