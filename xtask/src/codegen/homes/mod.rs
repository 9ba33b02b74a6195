//! Determines the module of each type, and its feature.

mod gates;

pub(crate) use super::layout::{EVENT_CONTENT, EVENTS, Layout, feature_of};

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::directions::Directions;
use super::names::type_name;
use super::normalize::HoistedEnums;
use stream_spec::Document;

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
    let users = users(document, directions);
    for (name, schema) in &document.schemas {
        let users = users.get(name.as_str());
        let home = match (document.modules.get(name), enums.modules.get(name)) {
            (Some(module), _) => module.clone(),
            (None, Some(module)) if !module.is_empty() => module.clone(),
            _ => match users {
                Some(User::One(module)) => (*module).to_owned(),
                Some(User::Several) => "shared".to_owned(),
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

/// Which modules have operations that use a schema.
#[derive(Clone, Copy, PartialEq)]
enum User<'a> {
    One(&'a str),
    Several,
}

/// Returns who uses each schema that is used, directly or through others. Each schema is looked at twice at most.
fn users<'a>(document: &'a Document, directions: &'a Directions) -> BTreeMap<&'a str, User<'a>> {
    let mut users: BTreeMap<&str, User<'_>> = BTreeMap::new();
    let mut open = Vec::new();
    for operation in document.operations.values() {
        let operation = &operation.value;
        for name in operation.schemas() {
            if let Some((name, _)) = document.schemas.get_key_value(&name) {
                open.push((name.as_str(), User::One(&operation.module)));
            }
        }
    }
    while let Some((name, user)) = open.pop() {
        let user = match users.get(name) {
            None => user,
            Some(known) if *known == User::Several || *known == user => continue,
            Some(_) => User::Several,
        };
        users.insert(name, user);
        open.extend(directions.references.next(name).map(|name| (name, user)));
    }
    users
}
