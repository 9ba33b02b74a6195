//! The table of handles and methods.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::load::read_value;

/// Where each operation lives in the chat layer: its handle and its method there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verbs {
    /// The chapters of the guide, each with the files of the schema whose operations it leads
    /// through.
    #[serde(default)]
    pub guide: BTreeMap<String, Vec<String>>,
    /// By the name of the handle.
    pub handles: BTreeMap<String, Handle>,
    /// What setters are called and take where that is not what their field says, by `field` or
    /// `Type.field`.
    pub setters: BTreeMap<String, Setter>,
}

/// What the chat layer does things with.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handle {
    /// What the handle is; missing if it is written by hand.
    pub about: Option<String>,
    /// The method that gives it, as `Handle.method`.
    pub from: Option<String>,
    /// What that method says about itself.
    pub says: Option<String>,
    /// Whether the type is written by hand although it has a text.
    #[serde(rename = "by hand", default)]
    pub by_hand: bool,
    /// The fields of the handle, each with the names under which parameters want it.
    #[serde(default)]
    pub holds: BTreeMap<String, Vec<String>>,
    /// The fields in the order in which the method that gives the handle takes them; alphabetical
    /// if it is left out.
    #[serde(default)]
    pub take: Vec<String>,
    /// By the name of the method.
    pub verbs: BTreeMap<String, Verb>,
}

/// One operation as a method.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// The ID of the operation.
    pub operation: String,
    /// What must be given, in this order, as `field` or `name=field.field`.
    #[serde(default)]
    pub take: Vec<String>,
    /// The field with the user who does it.
    pub by: Option<String>,
    /// What else is sent.
    #[serde(default)]
    pub fill: BTreeMap<String, String>,
    /// The list of which the server takes only so many entries.
    pub batch: Option<Batch>,
    /// How the list in the response goes on.
    pub pages: Option<Pages>,
    /// Objects of the body whose fields are set as if they were its own.
    #[serde(default)]
    pub flat: Vec<String>,
    /// Fields without a setter.
    #[serde(default)]
    pub skip: Vec<String>,
    /// Names of setters by field.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// What the SDKs of other languages call it, where that is neither the ID nor a name here.
    #[serde(default)]
    pub elsewhere: Vec<String>,
    /// What the documentation says beyond the schema's text.
    pub more: Option<String>,
}

/// A list of which the server takes only so many entries in one request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The field with the list.
    pub of: String,
    /// How many entries the server takes.
    pub size: usize,
    /// The field of an entry by which entries keep their order, and under which it is sent where
    /// the list is a map.
    pub key: Option<String>,
}

/// How a list goes on after its first page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// What the next page is asked for by.
    pub by: Turn,
    /// The field of the response with the entries.
    pub items: String,
}

/// What the next page of a list is asked for by.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Turn {
    /// `next`, a cursor of that name, or `offset`.
    Known(String),
    /// Parameters by name: the field of the last entry, or with a dot before it of the response.
    Fields(BTreeMap<String, String>),
}

/// How a setter differs from its field.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setter {
    /// Its name.
    pub name: Option<String>,
    /// Whether it takes no value and sets `true`.
    #[serde(default)]
    pub switch: bool,
    /// Whether it adds one entry to the list.
    #[serde(default)]
    pub append: bool,
}

impl Verbs {
    /// Reads `verbs.yaml` of a schema folder.
    ///
    /// # Errors
    /// The file is missing, is not of its form, or names an operation twice.
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

    /// Every verb with its handle and its method.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Verb)> {
        self.handles.iter().flat_map(|(name, handle)| {
            handle.verbs.iter().map(move |(method, verb)| (name.as_str(), method.as_str(), verb))
        })
    }

    /// Returns the chapter of the guide that leads through the operations of a file such as
    /// `chat/channels`.
    #[must_use]
    pub fn chapter(&self, file: &str) -> Option<&str> {
        let name = file.rsplit('/').next().unwrap_or(file);
        let chapter = self.guide.iter().find(|(_, files)| files.iter().any(|other| other == name));
        chapter.map(|(chapter, _)| chapter.as_str())
    }

    /// Whether the operation has a verb.
    #[must_use]
    pub fn has(&self, operation: &str) -> bool {
        self.iter().any(|(_, _, verb)| verb.operation == operation)
    }
}
