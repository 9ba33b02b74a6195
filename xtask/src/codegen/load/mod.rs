//! Loads the document.

mod products;

use std::path::Path;

use anyhow::Result;

use super::layout::Layout;
use stream_spec::{self as spec, Document};

/// Loads a document, or the parts of it for some products.
///
/// For `stream-models`, the parts of a single file get the modules of the own schema; a separate
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
