//! Rewrites the paths of imports for a separate crate.

/// The paths of a separate crate that replace those of `stream-models`; the first match applies.
const ROOTS: [(&str, &str); 6] = [
    ("crate::generated", "crate"),
    ("crate::event", "crate::event"),
    ("crate::codec", "stream_models::codec"),
    ("crate::filter", "stream_models::filter"),
    ("crate::operation", "stream_models"),
    ("crate::value", "stream_models"),
];

/// Returns the path in a separate crate for a path in `stream-models`.
pub(super) fn retarget(path: &str) -> String {
    let known = ROOTS.iter().find_map(|(from, to)| {
        let rest = path.strip_prefix(from)?;
        (rest.is_empty() || rest.starts_with("::")).then(|| format!("{to}{rest}"))
    });
    known.unwrap_or_else(|| path.to_owned())
}

/// Changes the paths of imports at the beginning of lines; no other lines contain paths.
pub(super) fn retarget_all(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("use crate::").and_then(|rest| rest.rsplit_once("::")) {
            Some((root, names)) => {
                out.push_str(&format!("use {}::{names}", retarget(&format!("crate::{root}"))));
            }
            None => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_imports_are_changed() {
        let text = "use crate::generated::chat::messages::A;\nuse crate::codec::decode::{B, C};\n/// crate::codec\nuse crate::value::Optional;\nuse crate::values::D;\nuse serde::Serialize;\n";
        assert_eq!(
            retarget_all(text),
            "use crate::chat::messages::A;\nuse stream_models::codec::decode::{B, C};\n/// crate::codec\nuse stream_models::Optional;\nuse crate::values::D;\nuse serde::Serialize;\n"
        );
    }
}
