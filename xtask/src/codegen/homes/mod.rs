//! Determines the module of each type, and its feature.

mod gates;

pub(crate) use super::layout::{EVENT_CONTENT, EVENTS, Layout, feature_of};

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use super::directions::Directions;
use super::names::type_name;
use super::normalize::HoistedEnums;
use stream_spec::{Document, references_in};

/// The module of each Rust type.
pub(crate) type Homes = BTreeMap<String, String>;

/// Determines the module of each schema. In a document of one file, it is the product of the
/// operations that use the schema.
pub(crate) fn find(
    document: &Document,
    events: &BTreeMap<String, String>,
    enums: &HoistedEnums,
    directions: &Directions,
    layout: Layout,
) -> Result<Homes> {
    let mut homes = Homes::new();
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for operation in document.operations.values() {
        let operation = &operation.value;
        let mut roots: BTreeSet<String> = operation
            .parameters
            .iter()
            .flat_map(|parameter| references_in(&parameter.schema))
            .collect();
        roots.extend(operation.body.iter().map(|body| body.schema.clone()));
        roots.insert(operation.response.clone());
        for name in directions.references.reach(roots.iter().map(String::as_str)) {
            if let Some((name, _)) = document.schemas.get_key_value(name) {
                users.entry(name).or_default().insert(&operation.module);
            }
        }
    }
    for (name, schema) in &document.schemas {
        let users = users.get(name.as_str());
        let home = match (document.modules.get(name), enums.modules.get(name)) {
            (Some(module), _) => module.clone(),
            (None, Some(module)) if !module.is_empty() => module.clone(),
            _ => match users {
                Some(users) if users.len() == 1 => users.iter().copied().collect(),
                Some(_) => "shared".to_owned(),
                None if events.values().any(|event| event == name) => "events".to_owned(),
                None => "shared".to_owned(),
            },
        };
        let name = type_name(name);
        let place = schema.place.clone();
        if let Some(other) = homes.insert(name.clone(), home) {
            bail!("{place}: another schema is called {name} too (in {other})");
        }
    }
    gates::open(document, events, &mut homes, layout);
    Ok(homes)
}
