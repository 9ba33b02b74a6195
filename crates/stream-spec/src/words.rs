//! The descriptions in the glossary and in the query table.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::load::read_value;
use super::refinements::Refinements;

/// Descriptions that the published document has no place for: one for all fields of a name, names
/// for inline enums, and the meaning of fields that queries filter by.
#[derive(Debug, Default)]
pub struct Words {
    /// The descriptions of fields, by name.
    pub fields: BTreeMap<String, String>,
    /// The descriptions of parameters, by name.
    pub parameters: BTreeMap<String, String>,
    /// The enums, by their new names.
    pub enums: BTreeMap<String, EnumWords>,
    /// The fields that queries filter and sort by: by the name of the query's type
    /// (`ChannelFilter`), or `any` for all of them, and by the name of the field.
    pub queries: BTreeMap<String, BTreeMap<String, String>>,
    /// Additions and corrections to the document.
    pub refinements: Refinements,
}

/// The place and the description of an inline enum.
#[derive(Debug, Deserialize)]
pub struct EnumWords {
    /// A place of the enum, as `Schema.property`.
    pub of: String,
    /// Other places of the enum, which have other values: those that a newer document adds in some
    /// places only do not make two types of one.
    #[serde(default)]
    pub also: Vec<String>,
    /// The module, if it differs from that of `of`.
    #[serde(default)]
    pub module: Option<String>,
    /// The description.
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
    /// Loads `glossary.yaml`, `enums.yaml`, `queries.yaml` and `refinements.yaml` of a schema
    /// folder.
    ///
    /// # Errors
    /// A file is missing or not valid.
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
