use super::load::read_value;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What the published document has no place for: one description for all fields of a name, and
/// names for the enums that stand inline in properties.
#[derive(Debug, Default)]
pub struct Words {
    /// By the name of the field.
    pub fields: BTreeMap<String, String>,
    /// By the name of the parameter.
    pub parameters: BTreeMap<String, String>,
    /// By the name that the enum is given.
    pub enums: BTreeMap<String, EnumWords>,
}

/// What an enum without a name is called after.
#[derive(Debug, Deserialize)]
pub struct EnumWords {
    /// `Schema.property` at which the set of values stands.
    pub of: String,
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

impl Words {
    /// Reads `glossary.yaml` and `enums.yaml` of a schema folder.
    ///
    /// # Errors
    /// A file is missing or is not of its form.
    pub fn load(folder: &Path) -> Result<Self> {
        let glossary: Glossary = read(&folder.join("glossary.yaml"))?;
        let enums: Enums = read(&folder.join("enums.yaml"))?;
        Ok(Self {
            fields: glossary.fields,
            parameters: glossary.parameters,
            enums: enums.enums,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_value(read_value(path)?).with_context(|| path.display().to_string())
}
