//! Twins of the models with derived `Deserialize`, written by the build script.

/// With the same types in their fields.
#[allow(dead_code)]
pub(crate) mod same {
    include!(concat!(env!("OUT_DIR"), "/same.rs"));
}

/// With types in their fields that serde reads by itself.
#[allow(dead_code)]
pub(crate) mod plain {
    include!(concat!(env!("OUT_DIR"), "/plain.rs"));
}
