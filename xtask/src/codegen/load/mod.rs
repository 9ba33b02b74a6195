//! The document that is generated from.

use anyhow::Result;
use std::path::Path;
use stream_spec::{self as spec, Document};

/// Reads a document; what is in one file goes to the modules that the own schema has for it.
pub(super) fn load(path: &Path) -> Result<Document> {
    let mut document = spec::load(path)?;
    if !path.is_dir() {
        crate::spec::place(&mut document, &spec::own()?);
    }
    Ok(document)
}
