//! The descriptions in the glossary and in the query table.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::load::read_value;
use super::refinements::Refinements;

/// What the published document has no place for: one description for all fields of a name, names
/// for the enums that stand inline in properties, and what the fields mean that queries filter by.
#[derive(Debug, Default)]
pub struct Words {
    /// By the name of the field.
    pub fields: BTreeMap<String, String>,
    /// By the name of the parameter.
    pub parameters: BTreeMap<String, String>,
    /// By the name that the enum is given.
    pub enums: BTreeMap<String, EnumWords>,
    /// Fields that queries filter and sort by: by the name of the query's type (`ChannelFilter`),
    /// or `any` for all of them, and by the name of the field.
    pub queries: BTreeMap<String, BTreeMap<String, String>>,
    /// What the document leaves out about its parts, or says wrongly.
    pub refinements: Refinements,
}

/// What an enum without a name is called after.
#[derive(Debug, Deserialize)]
pub struct EnumWords {
    /// `Schema.property` at which the set of values stands.
    pub of: String,
    /// The module it belongs to, if that is not the one of `of`.
    #[serde(default)]
    pub module: Option<String>,
    /// What the choice decides.
    pub description: String,
}

#[derive(Deserialize)]
struct Glossary {
    fields: BTreeMap<String, String>,
    parameters: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Enums {
    enums: BTreeMap<String, EnumWords>,
}

#[derive(Deserialize)]
struct Queries {
    queries: BTreeMap<String, BTreeMap<String, String>>,
}

impl Words {
    /// Reads `glossary.yaml`, `enums.yaml`, `queries.yaml` and `refinements.yaml` of a schema
    /// folder.
    ///
    /// # Errors
    /// A file is missing or is not of its form.
    pub fn load(folder: &Path) -> Result<Self> {
        let glossary: Glossary = read(&folder.join("glossary.yaml"))?;
        let enums: Enums = read(&folder.join("enums.yaml"))?;
        let queries: Queries = read(&folder.join("queries.yaml"))?;
        Ok(Self {
            fields: glossary.fields,
            parameters: glossary.parameters,
            enums: enums.enums,
            queries: queries.queries,
            refinements: read(&folder.join("refinements.yaml"))?,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_value(read_value(path)?).with_context(|| path.display().to_string())
}
