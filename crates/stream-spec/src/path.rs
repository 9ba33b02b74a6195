//! The path of an operation, as text.

use super::warning::Warnings;

/// Returns the names in braces in a path, including duplicates.
pub(crate) fn names_in(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Returns a path that can be sent, and adds a warning if it had to be changed.
pub(crate) fn balanced(path: &str, place: &str, warnings: &mut Warnings) -> String {
    if paired(path) != path {
        warnings.add(place, "a brace of the path stands alone; taken as a character");
    }
    let plain = balanced_path(path);
    if plain != paired(path) {
        warnings.add(place, format!("the path is not one of a URL; sent as {plain}"));
    }
    plain
}

/// Returns a path that can be sent: it begins with a slash, its braces are balanced, and characters
/// other than names in braces and valid path characters are percent-encoded.
#[must_use]
pub fn balanced_path(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "" } else { "/" });
    let mut is_name = false;
    for character in paired(path).chars() {
        is_name = character == '{' || (is_name && character != '}');
        let is_plain =
            character.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%{}".contains(character);
        if is_name || is_plain {
            out.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

/// Balances the braces of a path: an unpaired one is an ordinary character.
fn paired(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.find('}').filter(|end| *end > 1 && from.starts_with('{'));
        let is_pair = |end: &usize| !from.get(1..*end).unwrap_or_default().contains(['{', '/']);
        let taken = match end.filter(is_pair) {
            Some(end) => end + 1,
            None => 1,
        };
        let (taken, after) = from.split_at(taken);
        if taken.len() == 1 {
            out.push_str(if taken == "{" { "%7B" } else { "%7D" });
        } else {
            out.push_str(taken);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_come_in_pairs() {
        let mut warnings = Warnings::default();
        let mut of = |path| balanced(path, "place", &mut warnings);
        assert_eq!(of("/a/{id}/b"), "/a/{id}/b");
        assert_eq!(of("/a/{id/b}"), "/a/%7Bid/b%7D");
        assert_eq!(of("/a/}{id}{"), "/a/%7D{id}%7B");
        assert_eq!(of("/a/{}"), "/a/%7B%7D");
        assert_eq!(of("a/{id}?b=é#c d/{a b}"), "/a/{id}%3Fb=%C3%A9%23c%20d/{a b}");
        assert_eq!(names_in("/a/{id}/{x}/{id}"), ["id", "x", "id"]);
        assert_eq!(warnings.len(), 2);
    }
}
