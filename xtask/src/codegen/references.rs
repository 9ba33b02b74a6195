//! The references between schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cycles::{Cycles, Links};
use stream_spec::{Document, references_in};

/// The references between schemas.
pub(crate) struct References {
    links: Links,
    cycles: Cycles,
}

impl References {
    pub(crate) fn of(document: &Document) -> Self {
        let of_schema = |(name, schema): (&String, &stream_spec::Located<Value>)| {
            (name.clone(), references_in(&schema.value))
        };
        let links = document.schemas.iter().map(of_schema).collect();
        Self { cycles: Cycles::of(&links), links }
    }

    /// Returns the schemas that can be reached from `roots`, including them.
    pub(crate) fn reach<'a>(
        &'a self,
        roots: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        for root in roots {
            self.reach_further(&mut seen, root);
        }
        seen
    }

    /// Adds to `reached` the schemas that can be reached from `root`, with itself. What can be reached from those
    /// that are there must be there too.
    pub(crate) fn reach_further<'a>(&'a self, reached: &mut BTreeSet<&'a str>, root: &'a str) {
        let mut open = vec![root];
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(self.next(name));
            }
        }
    }

    /// Returns the schemas to which `name` refers.
    pub(crate) fn next<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.links.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Returns whether a value of `from` can contain another value of `from` through `to`, which it refers to.
    pub(crate) fn is_cycle(&self, from: &str, to: &str) -> bool {
        self.cycles.join(from, to)
    }
}
