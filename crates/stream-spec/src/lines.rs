//! Finds the line of a place in a file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::load::read_located;

/// The lines of the files that places are in. Each file is read once.
#[derive(Debug, Default)]
pub struct Lines(BTreeMap<String, Option<Spanned<Node>>>);

impl Lines {
    /// Returns the line and the column of a place, or of the nearest place around it that is in the
    /// file. Both begin with 1.
    pub fn find(&mut self, place: &str) -> Option<(u64, u64)> {
        let (file, pointer) = place.split_once("#/")?;
        let root = self.0.entry(file.to_owned()).or_insert_with(|| read_located(Path::new(file)));
        let mut node = root.as_ref()?;
        for segment in pointer.split('/') {
            let segment = segment.replace("~1", "/").replace("~0", "~");
            let inner = match &node.value {
                Node::Scalar => None,
                Node::Map(members) => members.get(&segment),
                Node::List(elements) => {
                    segment.parse::<usize>().ok().and_then(|index| elements.get(index))
                }
            };
            let Some(inner) = inner else { break };
            node = inner;
        }
        Some((node.referenced.line(), node.referenced.column()))
    }
}

/// A value without its content.
#[derive(Debug)]
pub(crate) enum Node {
    Scalar,
    Map(BTreeMap<String, Spanned<Self>>),
    List(Vec<Spanned<Self>>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Node::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, member)) = map.next_entry()? {
            members.insert(name, member);
        }
        Ok(Node::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_line_of_its_value() {
        let file = std::env::temp_dir().join(format!("stream-spec-lines-{}", std::process::id()));
        let (yaml, json) = (file.with_extension("yaml"), file.with_extension("json"));
        std::fs::write(&yaml, "a: 1\npaths:\n  /b/c:\n    get: [x, { 200: y }]\n").unwrap();
        std::fs::write(&json, "{\n  \"paths\": {\n    \"/b/c\": { \"get\": [1, null] }\n  }\n}")
            .unwrap();
        let mut lines = Lines::default();
        let mut find =
            |file: &Path, pointer: &str| lines.find(&format!("{}#/{pointer}", file.display()));
        assert_eq!(find(&yaml, "paths/~1b~1c/get/0"), Some((4, 11)));
        assert_eq!(find(&yaml, "paths/~1b~1c/get/1/200"), Some((4, 21)));
        assert_eq!(find(&yaml, "paths/~1b~1c/gone/x"), Some((4, 5)));
        assert_eq!(find(&json, "paths/~1b~1c/get/1"), Some((3, 26)));
        assert_eq!(find(&file, "paths"), None);
        assert_eq!(lines.find("nowhere"), None);
        for file in [yaml, json] {
            std::fs::remove_file(file).unwrap();
        }
    }
}
