//! Emits the module tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;

use super::both_directions::{self, FEATURE};
use super::docs::wrap;
use super::{HEADER, custom_data, last, queries};
use crate::codegen::ir::{Ir, Module};
use crate::codegen::output::Files;

/// The documentation of the root; a generated crate has its own.
pub(super) const ROOT_DOCS: &str = "//! The operations and types of the API, by domain.\n\n";

/// Returns the documentation of a module, with its operations.
pub(super) fn docs(path: &str, module: &Module) -> String {
    let name = last(path).replace('_', " ");
    let mut title = name.clone();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let types = module.structs.len() + module.enums.len() + module.unions.len();
    let operations = module.operations.len();
    let kinds = match (operations, types) {
        (0, _) => "types",
        (_, 0) => "operations",
        _ => "operations and types",
    };
    let mut text = format!("//! {title}: {kinds} of the API.\n");
    // Rustdoc lists operations and types together, since all of them are structs.
    if !module.operations.is_empty() {
        text.push_str("//!\n//! # Operations\n");
    }
    for operation in &module.operations {
        let about = operation.docs.first().map_or("", String::as_str);
        let lines = wrap(&format!("`{}`: {about}", operation.name));
        let entry = lines.join("\n//!   ").replacen('`', "[`", 1).replacen("`:", "`]:", 1);
        let _ = writeln!(text, "//! - {entry}");
    }
    text
}

/// Adds the `mod.rs` files, and the table of all operations.
pub(super) fn add(ir: &Ir, files: &mut Files) -> Result<()> {
    let attribute = |module: &str, indent: &str| ir.layout.attribute(module, indent);
    let feature_of = |module: &str| ir.layout.feature_of(module).map(str::to_owned);
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut roots = BTreeSet::new();
    for path in ir.modules.keys() {
        match path.split_once('/') {
            Some((folder, name)) => drop(folders.entry(folder).or_default().insert(name)),
            None => drop(roots.insert(path.as_str())),
        }
    }
    for (folder, names) in &folders {
        let mut text =
            format!("{HEADER}//! The modules of the folder `{folder}` of the schema.\n\n");
        for name in names {
            // The feature of a folder is declared on the folder itself.
            let module = format!("{folder}/{name}");
            let own = feature_of(&module).filter(|_| feature_of(&format!("{folder}/")).is_none());
            let attribute = own.map(|_| attribute(&module, "")).unwrap_or_default();
            let _ = writeln!(text, "{attribute}pub mod {name};");
        }
        files.insert(PathBuf::from(format!("{folder}/mod.rs")), text);
    }
    let mut text = format!("{HEADER}{ROOT_DOCS}");
    for folder in folders.keys() {
        let _ = writeln!(text, "{}mod {folder};", attribute(&format!("{folder}/"), ""));
    }
    for root in &roots {
        let _ = writeln!(text, "{}pub mod {root};", attribute(root, ""));
    }
    if files.contains_key(&PathBuf::from(format!("{}.rs", custom_data::MODULE))) {
        let _ = writeln!(
            text,
            "{}pub(crate) mod {};",
            attribute(super::EVENTS, ""),
            custom_data::MODULE
        );
    }
    let _ = writeln!(text, "pub(crate) mod {};", queries::SETS);
    let _ = writeln!(
        text,
        "#[cfg(feature = {FEATURE:?})]\nmod {both_directions};",
        both_directions = both_directions::MODULE
    );
    text.push('\n');
    for folder in folders.keys() {
        let _ = writeln!(text, "{}pub use {folder}::*;", attribute(&format!("{folder}/"), ""));
    }
    text.push_str(
        "\n#[allow(unused_imports, reason = \"without a domain, there is no operation\")]\n\
         use crate::operation::Operation;\nuse crate::operation::OperationInfo;\n\n\
         /// The operations of the API, ordered by id; with all features, all of them.\n\
         pub const OPERATIONS: &[OperationInfo] = &[\n",
    );
    let mut operations: Vec<(&str, String)> = Vec::new();
    for (path, module) in &ir.modules {
        let module_name = last(path);
        for operation in &module.operations {
            let name = format!("    {module_name}::{}::INFO,", operation.name);
            operations.push((&operation.id, attribute(path, "    ") + &name));
        }
    }
    operations.sort_unstable();
    for (_, entry) in operations {
        text.push_str(&entry);
        text.push('\n');
    }
    text.push_str("];\n");
    files.insert(PathBuf::from("mod.rs"), text);
    Ok(())
}
