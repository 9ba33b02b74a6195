//! The table of handles and methods.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::load::read_value;

/// The handle and the method of each operation in the chat layer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verbs {
    /// The chapters of the guide, each with the files of the schema that it covers.
    #[serde(default)]
    pub guide: BTreeMap<String, Vec<String>>,
    /// The handles by name.
    pub handles: BTreeMap<String, Handle>,
    /// The names and types of setters that differ from those of their field, by `field` or
    /// `Type.field`.
    pub setters: BTreeMap<String, Setter>,
}

/// A handle of the chat layer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    /// The documentation; `None` if the type is handwritten.
    pub about: Option<String>,
    /// The lines of its example, in which `client` is a client.
    pub example: Option<String>,
    /// The method that returns it, as `Handle.method`.
    pub from: Option<String>,
    /// The documentation of that method.
    pub says: Option<String>,
    /// Whether the type is handwritten although it has documentation.
    #[serde(rename = "by hand", default)]
    pub by_hand: bool,
    /// The fields of the handle, each with the names of parameters that it fills in.
    #[serde(default)]
    pub holds: BTreeMap<String, Vec<String>>,
    /// The fields in the order in which the method that returns the handle takes them; defaults to
    /// alphabetical order.
    #[serde(default)]
    pub take: Vec<String>,
    /// The methods by name.
    pub verbs: BTreeMap<String, Verb>,
}

/// One operation as a method.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// The ID of the operation.
    pub operation: String,
    /// The arguments in order, as `field` or `name=field.field`.
    #[serde(default)]
    pub take: Vec<String>,
    /// The field with the acting user.
    pub by: Option<String>,
    /// Values that the method always sends.
    #[serde(default)]
    pub fill: BTreeMap<String, String>,
    /// The list that is divided into batches.
    pub batch: Option<Batch>,
    /// The pagination of the list in the response.
    pub pages: Option<Pages>,
    /// Objects of the body whose fields are set as if they were those of the body.
    #[serde(default)]
    pub flat: Vec<String>,
    /// Fields without a setter.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Names of setters by field.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// The names in SDKs of other languages, where these differ from the ID and the name here.
    #[serde(default)]
    pub elsewhere: Vec<String>,
    /// Documentation in place of the schema's description.
    pub says: Option<String>,
    /// Documentation beyond the schema's text.
    pub more: Option<String>,
}

/// A list that is divided into batches.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The field with the list.
    pub of: String,
    /// The maximum number of entries in one request.
    pub size: usize,
    /// The field that identifies an entry, so that entries keep their order; also the key if the
    /// list is a map.
    pub key: Option<String>,
}

/// The pagination of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The parameters of the next page.
    pub by: Turn,
    /// The field of the response with the entries.
    pub items: String,
}

/// The parameters of the next page of a list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Turn {
    /// `next`, a cursor of that name, or `offset`.
    Known(String),
    /// Parameters by name: a field of the last entry, or with a leading dot, of the response.
    Fields(BTreeMap<String, String>),
}

/// The difference between a setter and its field.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setter {
    /// The name.
    pub name: Option<String>,
    /// Whether it takes no argument and sets `true`.
    #[serde(default)]
    pub switch: bool,
    /// Whether it adds one entry to the list.
    #[serde(default)]
    pub append: bool,
    /// The documentation, in place of the field's own, which tells of a value.
    pub says: Option<String>,
}

impl Verbs {
    /// Loads `verbs.yaml` of a schema folder.
    ///
    /// # Errors
    /// The file is missing or not valid, or names an operation twice.
    pub fn load(folder: &Path) -> Result<Self> {
        let path = folder.join("verbs.yaml");
        let verbs: Self = serde_json::from_value(read_value(&path)?)
            .with_context(|| path.display().to_string())?;
        let mut places: BTreeMap<&str, String> = BTreeMap::new();
        for (handle, method, verb) in verbs.iter() {
            let place = format!("{handle}.{method}");
            if let Some(other) = places.insert(&verb.operation, place.clone()) {
                let (file, id) = (path.display(), &verb.operation);
                bail!("{file}: the operation {id} is {other} and {place}");
            }
        }
        Ok(verbs)
    }

    /// Returns every verb with its handle and its method.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Verb)> {
        self.handles.iter().flat_map(|(name, handle)| {
            handle.verbs.iter().map(move |(method, verb)| (name.as_str(), method.as_str(), verb))
        })
    }

    /// Returns the chapter of the guide that covers the operations of a file such as
    /// `chat/channels`.
    #[must_use]
    pub fn chapter(&self, file: &str) -> Option<&str> {
        let name = file.rsplit('/').next().unwrap_or(file);
        let chapter = self.guide.iter().find(|(_, files)| files.iter().any(|other| other == name));
        chapter.map(|(chapter, _)| chapter.as_str())
    }

    /// Returns whether the operation has a verb.
    #[must_use]
    pub fn has(&self, operation: &str) -> bool {
        self.iter().any(|(_, _, verb)| verb.operation == operation)
    }
}
