//! Emits enums.

use std::fmt::Write as _;

use super::docs;
use crate::codegen::ir::EnumModel;

/// Returns an open enum. It is a macro call, which rustfmt does not format.
pub(super) fn emit(item: &EnumModel) -> String {
    let mut text = String::from("open_enum! {\n");
    for line in docs::wrap(&item.doc) {
        let _ = writeln!(text, "    /// {line}");
    }
    let _ = writeln!(text, "    pub enum {} {{", item.name);
    for (variant, wire) in &item.variants {
        for line in docs::wrap(&format!("`{wire}`.")) {
            let _ = writeln!(text, "        /// {line}");
        }
        let _ = writeln!(text, "        {variant} = {wire:?},");
    }
    text.push_str("    }\n}\n");
    text
}
