//! The document that is generated from.

mod products;

use std::path::Path;

use anyhow::Result;

use super::layout::Layout;
use stream_spec::{self as spec, Document};

/// Reads a document, all of it or that of some products.
///
/// Into `stream-models`, what is in one file goes to the modules that the own schema has for it; a
/// crate has modules by product and path.
pub(super) fn load(path: &Path, layout: Layout, products: &[String]) -> Result<Document> {
    let mut document = spec::load(path)?;
    if !products.is_empty() {
        products::select(&mut document, products)?;
    }
    match layout {
        Layout::Crate => crate::spec::place(&mut document, &Document::default()),
        Layout::Workspace if path.is_dir() => {}
        Layout::Workspace => crate::spec::place(&mut document, &spec::own()?),
    }
    Ok(document)
}
