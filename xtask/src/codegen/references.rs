//! The references between schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use stream_spec::{Document, references_in};

/// The references between schemas.
pub(crate) struct References(BTreeMap<String, BTreeSet<String>>);

impl References {
    pub(crate) fn of(document: &Document) -> Self {
        let of_schema = |(name, schema): (&String, &stream_spec::Located<Value>)| {
            (name.clone(), references_in(&schema.value))
        };
        Self(document.schemas.iter().map(of_schema).collect())
    }

    /// Returns the schemas that can be reached from `roots`, including them.
    pub(crate) fn reach<'a>(
        &'a self,
        roots: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = roots.into_iter().collect();
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                open.extend(self.0.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        seen
    }

    /// Returns the schemas that can be reached from `name` in one step or more, without itself.
    pub(crate) fn reach_beyond<'a>(&'a self, name: &str) -> BTreeSet<&'a str> {
        let next = self.0.get(name).into_iter().flatten().map(String::as_str);
        let mut reached = self.reach(next);
        reached.remove(name);
        reached
    }

    /// Returns whether a value of `from` can contain another value of `from` through `to`.
    pub(crate) fn is_cycle(&self, from: &str, to: &str) -> bool {
        self.reach([to]).contains(from)
    }
}
