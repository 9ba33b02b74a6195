/// Where a crate of its own finds what the generated modules of `stream-models` find in theirs; the
/// first that fits.
const ROOTS: [(&str, &str); 6] = [
    ("use crate::generated::", "use crate::"),
    ("use crate::event::", "use crate::event::"),
    ("use crate::codec", "use stream_models::codec"),
    ("use crate::filter", "use stream_models::filter"),
    ("use crate::operation::", "use stream_models::"),
    ("use crate::value::", "use stream_models::"),
];

/// Changes the imports at the beginning of lines; nothing else names a path.
pub(super) fn retarget(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let known = ROOTS.iter().find_map(|(from, to)| Some((line.strip_prefix(from)?, to)));
        match known {
            Some((rest, to)) => out.extend([to, rest]),
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
        let text = "use crate::generated::chat::messages::A;\nuse crate::codec::decode::{\n    B,\n};\n/// crate::codec\nuse crate::value::Optional;\nuse serde::Serialize;\n";
        assert_eq!(
            retarget(text),
            "use crate::chat::messages::A;\nuse stream_models::codec::decode::{\n    B,\n};\n/// crate::codec\nuse stream_models::Optional;\nuse serde::Serialize;\n"
        );
    }
}
