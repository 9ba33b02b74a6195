//! The API schema of the workspace: one OpenAPI 3.0 document, in one file or divided into several.
//!
//! The code generator reads it, and tests check requests and responses against it.

mod anchors;
mod document;
mod downgrade;
mod endpoint;
mod events;
mod files;
mod ids;
mod lines;
mod load;
mod media;
mod parse;
mod path;
mod place;
mod references;
mod refinements;
mod unique;
mod validate;
mod verbs;
mod warning;
mod words;
mod yaml;

pub use document::{
    Document, Located, Operation, Parameter, ParameterPlace, QueryStyle, RequestBody,
    reference_name, references_in,
};
pub use downgrade::downgrade;
pub use events::{Events, event_union, narrow};
pub use lines::Lines;
pub use load::{Part, load, parts};
pub use media::RAW_FORMAT;
pub use path::balanced_path;
pub use place::{at, root};
pub use refinements::{Envelope, Refinements, Retyped, SortsBy, SpanOfTime, Unit};
pub use verbs::{Batch, Handle, Pages, Setter, Turn, Verb, Verbs};
pub use warning::{Warning, Warnings};
pub use words::{EnumWords, Words};
pub use yaml::{WANTS_DESCRIPTION, WANTS_VERB, leading_comment, to_yaml};

use std::path::PathBuf;

/// Returns the root folder of the workspace.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).map_or_else(|| manifest.clone(), PathBuf::from)
}

/// Loads the workspace's own schema.
///
/// # Errors
/// A file cannot be read, or the schema has a warning; the error names the place.
pub fn own() -> anyhow::Result<Document> {
    let document = load(&workspace_root().join("spec"))?;
    if let Some(warning) = document.warnings.first() {
        anyhow::bail!("{warning}");
    }
    Ok(document)
}
